//! Text that is UTF-8, and text that should have been.
#pragma once

#include <persona/core/config.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace persona {

//! U+FFFD, in place of what is not text.
inline constexpr std::string_view replacement_character = "\xef\xbf\xbd";

//! Bytes of the well-formed sequence at the beginning of `text`; 0 where there is none.
//! @source{Unicode 15, table 3-7}
PERSONA_EXPORT std::size_t utf8_sequence(std::string_view text);

bool is_utf8(std::string_view text);

//! Each byte that belongs to no well-formed sequence becomes U+FFFD.
std::string replace_invalid_utf8(std::string_view text);

}  // namespace persona
