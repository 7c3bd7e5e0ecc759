//! Times that come again and again.
#include <persona/storage/cron.hpp>

#include <charconv>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace persona {
namespace {

struct CronField {
  std::string_view name;
  int least, greatest;
};

constexpr std::array<CronField, 5> cron_fields = {
    {{"minute", 0, 59}, {"hour", 0, 23}, {"day of the month", 1, 31}, {"month", 1, 12}, {"day of the week", 0, 7}}};

std::vector<std::string_view> cron_parts(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
    if (text.empty()) parts.emplace_back();
  }
  return parts;
}

std::optional<int> number_in(std::string_view text, int least, int greatest) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
  if (number < least || number > greatest) return {};
  return number;
}

// "*", "5", "1-5", each perhaps with "/2".
bool add_range(std::string_view text, const CronField& field, std::bitset<60>& set) {
  int step = 1;
  bool stepped = false;
  if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    const std::optional<int> number = number_in(text.substr(slash + 1), 1, 60);
    if (!number) return false;
    step = *number;
    stepped = true;
    text = text.substr(0, slash);
  }
  std::optional<int> first = field.least, last = field.greatest;
  if (text != "*") {
    const std::size_t dash = text.find('-');
    first = number_in(text.substr(0, dash), field.least, field.greatest);
    if (dash != std::string_view::npos)
      last = number_in(text.substr(dash + 1), field.least, field.greatest);
    else if (!stepped)
      last = first;
  }
  if (!first || !last || *first > *last) return false;
  for (int i = *first; i <= *last; i += step) set.set(static_cast<std::size_t>(i));
  return true;
}

}  // namespace

Result<CronTimes> CronTimes::parse(std::string_view expression) {
  std::vector<std::string_view> words;
  for (const std::string_view word : cron_parts(expression, ' '))
    if (!word.empty()) words.push_back(word);
  if (words.size() != cron_fields.size())
    return fail(Errc::invalid_argument,
                fmt::format("'{}' has {} fields; minute, hour, day, month and day of the week are five", expression,
                            words.size()));
  CronTimes times;
  for (std::size_t i = 0; i < words.size(); ++i)
    for (const std::string_view part : cron_parts(words[i], ','))
      if (!add_range(part, cron_fields[i], times.fields_[i]))
        return fail(Errc::invalid_argument,
                    fmt::format("'{}' of '{}' is no {}: {} to {}", words[i], expression, cron_fields[i].name,
                                cron_fields[i].least, cron_fields[i].greatest));
  if (times.fields_[4][7]) times.fields_[4].set(0);
  times.any_day_ = words[2].starts_with('*');
  times.any_weekday_ = words[4].starts_with('*');
  return times;
}

bool CronTimes::is_day(std::chrono::sys_days day) const {
  const std::chrono::year_month_day date(day);
  if (!fields_[3][static_cast<unsigned>(date.month())]) return false;
  const bool by_day = fields_[2][static_cast<unsigned>(date.day())];
  const bool by_weekday = fields_[4][std::chrono::weekday(day).c_encoding()];
  return any_day_ || any_weekday_ ? by_day && by_weekday : by_day || by_weekday;
}

std::optional<std::chrono::sys_time<std::chrono::minutes>> CronTimes::next(
    std::chrono::sys_time<std::chrono::milliseconds> time) const {
  using std::chrono::days;
  const auto first = std::chrono::floor<std::chrono::minutes>(time) + std::chrono::minutes(1);
  const auto start = std::chrono::floor<days>(first);
  for (auto day = start; day <= start + days(5 * 366); day += days(1)) {
    if (!is_day(day)) continue;
    const int from = day == start ? static_cast<int>((first - day).count()) : 0;
    for (int minute = from; minute < 24 * 60; ++minute)
      if (fields_[1][static_cast<std::size_t>(minute / 60)] && fields_[0][static_cast<std::size_t>(minute % 60)])
        return day + std::chrono::minutes(minute);
  }
  return {};
}

}  // namespace persona
