//! Reads JSON that is as it should be, several times faster than the careful reader.
#pragma once

#include "core/json_document.hpp"

#include <optional>
#include <string_view>

namespace persona {

//! None: not JSON, or beyond what is read quickly (many keys in one object, numbers out of range, a byte order
//! mark). Then `parse_json_document` reads it again with care, and says what is wrong if anything is.
std::optional<Json> parse_json_quickly(std::string_view text, std::size_t most_levels);

}  // namespace persona
