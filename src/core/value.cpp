//! Values as text.
#include <persona/core/value.hpp>

#include <chrono>

#include <fmt/format.h>

namespace persona {

std::string to_string(Date date) {
  const std::chrono::year_month_day day{std::chrono::sys_days{std::chrono::days{date.days}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

std::string to_string(const Value& value) {
  struct Text {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const { return std::to_string(v); }
    std::string operator()(double v) const { return fmt::format("{}", v); }
    std::string operator()(const std::string& v) const { return v; }
    std::string operator()(Date v) const { return to_string(v); }
    std::string operator()(const std::vector<std::string>& v) const { return fmt::format("{}", fmt::join(v, "; ")); }
  };
  return std::visit(Text{}, value);
}

}  // namespace persona
