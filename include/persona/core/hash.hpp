//! The name of a content: SHA-256 in hex.
#pragma once

#include <persona/core/config.hpp>

#include <string>
#include <string_view>

namespace persona {

//! 64 hex digits.
//! @source{FIPS 180-4}
PERSONA_EXPORT std::string content_hash(std::string_view bytes);

}  // namespace persona
