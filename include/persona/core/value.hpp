//! One value of one attribute of one person.
#pragma once

#include <persona/core/config.hpp>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace persona {

//! A calendar day, counted from 1970-01-01.
struct Date {
  std::int32_t days = 0;
  auto operator<=>(const Date&) const = default;
};

//! Missing, or a bool, whole number, number, text (also a category's label), day, or list of labels.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, Date, std::vector<std::string>>;

//! Text as a person would read it; missing is "".
PERSONA_EXPORT std::string to_string(const Value& value);

//! ISO 8601, "2019-07-04".
PERSONA_EXPORT std::string to_string(Date date);

}  // namespace persona
