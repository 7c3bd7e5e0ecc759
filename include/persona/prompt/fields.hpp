//! Named values: what goes into a prompt and what comes out.
#pragma once

#include <persona/core/json.hpp>
#include <persona/core/result.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>

namespace persona::prompt {

//! Missing, or yes/no, a whole number, a number, text, or a JSON list or object.
using FieldValue = std::variant<std::monostate, bool, std::int64_t, double, std::string, JsonText>;

//! By name.
using Fields = std::map<std::string, FieldValue, std::less<>>;

//! As it stands in a prompt: text as it is, "true", "12", JSON on one line; missing is "".
PERSONA_EXPORT std::string to_text(const FieldValue& value);

PERSONA_EXPORT std::string to_json(const Fields& fields);

//! @errors invalid_argument: not a JSON object; `path` points to what is wrong
[[nodiscard]] PERSONA_EXPORT Result<Fields> parse_fields(std::string_view json);

}  // namespace persona::prompt
