//! Times that come again and again.
#pragma once

#include <persona/core/result.hpp>

#include <array>
#include <bitset>
#include <chrono>
#include <optional>
#include <string_view>

namespace persona {

//! "30 3 * * 1-5": minute, hour, day of the month, month, day of the week (0 and 7 are Sunday), in UTC. A field is
//! `*`, a number, a range `1-5`, any of them with a step `*/15`, or several joined by commas. Where both days are
//! restricted, either will do.
//! @source{POSIX.1-2017, crontab}
class CronTimes {
 public:
  //! @errors invalid_argument: names the field
  [[nodiscard]] PERSONA_EXPORT static Result<CronTimes> parse(std::string_view expression);

  //! The first time after `time`; none within five years: "0 0 30 2 *".
  PERSONA_EXPORT std::optional<std::chrono::sys_time<std::chrono::minutes>> next(
      std::chrono::sys_time<std::chrono::milliseconds> time) const;

 private:
  CronTimes() = default;
  bool is_day(std::chrono::sys_days day) const;

  std::array<std::bitset<60>, 5> fields_;
  bool any_day_ = false, any_weekday_ = false;  // "*"
};

}  // namespace persona
