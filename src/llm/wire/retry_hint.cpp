//! Reads times to wait.
#include "llm/wire/retry_hint.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace persona::llm::wire {
namespace {

using std::chrono::milliseconds;

constexpr double longest_hint_ms = 1000.0 * 60 * 60 * 24 * 365;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::optional<double> parse_amount(std::string_view text) {
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size() || !std::isfinite(number) || number < 0) return {};
  return number;
}

std::optional<milliseconds> as_hint(std::optional<double> amount, double unit_ms) {
  if (!amount) return {};
  return milliseconds(static_cast<std::int64_t>(std::ceil(std::min(*amount * unit_ms, longest_hint_ms))));
}

//! Reads a text from its left, field by field.
class Fields {
 public:
  explicit Fields(std::string_view text) : rest_(text) {}

  bool skip(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  std::optional<int> number(std::size_t digits) {
    int value = 0;
    if (rest_.size() < digits) return {};
    const auto [end, problem] = std::from_chars(rest_.data(), rest_.data() + digits, value);
    if (problem != std::errc() || end != rest_.data() + digits || value < 0) return {};
    rest_.remove_prefix(digits);
    return value;
  }
  std::string_view until(std::string_view mark) {
    const std::string_view found = rest_.substr(0, rest_.find(mark));
    rest_.remove_prefix(std::min(rest_.size(), found.size() + mark.size()));
    return found;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

std::optional<unsigned> month_of(std::string_view name) {
  constexpr std::array<std::string_view, 12> names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return {};
  return static_cast<unsigned>(found - names.begin()) + 1;
}

struct Moment {
  std::optional<int> year, day, hour, minute, second;
  std::optional<unsigned> month;

  std::optional<std::chrono::system_clock::time_point> time() const {
    using namespace std::chrono;
    if (!year || !month || !day || !hour || !minute || !second) return {};
    const year_month_day date(std::chrono::year(*year), std::chrono::month(*month),
                              std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return {};
    return sys_days(date) + hours(*hour) + minutes(*minute) + seconds(*second);
  }
  bool clock(Fields& fields) {
    hour = fields.number(2);
    if (!fields.skip(":")) return false;
    minute = fields.number(2);
    if (!fields.skip(":")) return false;
    second = fields.number(2);
    return true;
  }
};

// "06 Nov 1994 08:49:37 GMT", or with hyphens and two digits of year.
std::optional<std::chrono::system_clock::time_point> after_weekday(Fields fields) {
  Moment moment;
  moment.day = fields.number(2);
  const bool old = fields.skip("-");
  if (!old && !fields.skip(" ")) return {};
  moment.month = month_of(fields.until(old ? "-" : " "));
  moment.year = fields.number(old ? 2 : 4);
  if (old && moment.year) *moment.year += *moment.year < 70 ? 2000 : 1900;
  if (!fields.skip(" ") || !moment.clock(fields) || !fields.skip(" GMT")) return {};
  return moment.time();
}

// "Nov  6 08:49:37 1994"
std::optional<std::chrono::system_clock::time_point> as_asctime(Fields fields) {
  Moment moment;
  moment.month = month_of(fields.until(" "));
  moment.day = fields.skip(" ") ? fields.number(1) : fields.number(2);
  if (!fields.skip(" ") || !moment.clock(fields) || !fields.skip(" ")) return {};
  moment.year = fields.number(4);
  return moment.time();
}

}  // namespace

std::optional<milliseconds> parse_seconds(std::string_view text) {
  if (!text.ends_with('s')) return {};
  return as_hint(parse_amount(text.substr(0, text.size() - 1)), 1000);
}

std::optional<milliseconds> parse_go_duration(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, double>, 7> units{
      {{"ms", 1}, {"us", 1e-3}, {"µs", 1e-3}, {"ns", 1e-6}, {"h", 3.6e6}, {"m", 6e4}, {"s", 1e3}}};
  double total = 0;
  if (text.empty()) return {};
  while (!text.empty()) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto amount = parse_amount(text.substr(0, digits));
    text.remove_prefix(digits);
    const auto unit =
        std::find_if(units.begin(), units.end(), [&](const auto& u) { return text.starts_with(u.first); });
    if (!amount || unit == units.end()) return {};
    total += *amount * unit->second;
    text.remove_prefix(unit->first.size());
  }
  return as_hint(total, 1);
}

std::optional<std::chrono::system_clock::time_point> parse_http_date(std::string_view text) {
  Fields fields(text);
  if (const auto comma = text.find(", "); comma != std::string_view::npos) {
    fields.until(", ");
    return after_weekday(fields);
  }
  fields.until(" ");
  return as_asctime(fields);
}

std::optional<std::chrono::system_clock::time_point> parse_timestamp(std::string_view text) {
  Fields fields(text);
  Moment moment;
  moment.year = fields.number(4);
  if (!fields.skip("-")) return {};
  if (const auto month = fields.number(2)) moment.month = static_cast<unsigned>(*month);
  if (!fields.skip("-")) return {};
  moment.day = fields.number(2);
  if (!(fields.skip("T") || fields.skip("t") || fields.skip(" ")) || !moment.clock(fields)) return {};
  if (fields.skip(".")) {
    while (fields.number(1)) {
    }
  }
  auto time = moment.time();
  if (!time || fields.rest() == "Z" || fields.rest() == "z") return time;
  const int sign = fields.skip("+") ? -1 : fields.skip("-") ? 1 : 0;
  const auto hours = fields.number(2);
  if (sign == 0 || !hours || !fields.skip(":")) return {};
  const auto minutes = fields.number(2);
  if (!minutes || !fields.rest().empty()) return {};
  return *time + sign * (std::chrono::hours(*hours) + std::chrono::minutes(*minutes));
}

std::optional<milliseconds> retry_hint(const std::vector<http::Header>& headers,
                                       std::chrono::system_clock::time_point today) {
  for (const std::string_view name : {"retry-after-ms", "x-ms-retry-after-ms"}) {
    if (const auto hint = as_hint(parse_amount(trimmed(http::header(headers, name))), 1)) return hint;
  }
  const std::string_view value = trimmed(http::header(headers, "retry-after"));
  if (const auto hint = as_hint(parse_amount(value), 1000)) return hint;
  const auto date = parse_http_date(value);
  if (!date) return {};
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(*date - today));
}

}  // namespace persona::llm::wire
