//! Digits by pairs, doubles by Dragonbox, text in its quotation marks.
#include "text_write.hpp"

#include "core/utf8.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>

#include <fmt/compile.h>
#include <fmt/format.h>

namespace persona {
namespace {

constexpr double decimal_powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
constexpr int most_decimals = 9;
constexpr double exact_digits = 1e15;  // every decimal of 15 digits is the shortest text of its double

struct DigitPairs {
  char text[200];
  constexpr DigitPairs() : text() {
    for (int i = 0; i < 100; ++i) {
      text[2 * i] = static_cast<char>('0' + i / 10);
      text[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
  }
};
constexpr DigitPairs digit_pairs;

void write_pair(char* to, std::uint64_t below_100) {
  std::memcpy(to, digit_pairs.text + 2 * below_100, 2);
}

int digit_count(std::uint64_t value) {
  int digits = 1;
  for (; value >= 10000; value /= 10000) digits += 4;
  return digits + (value >= 10) + (value >= 100) + (value >= 1000);
}

char* write_unsigned(char* to, std::uint64_t value) {
  char* const end = to + digit_count(value);
  char* at = end;
  for (; value >= 100; value /= 100) write_pair(at -= 2, value % 100);
  if (value >= 10) {
    write_pair(at - 2, value);
  } else {
    at[-1] = static_cast<char>('0' + value);
  }
  return end;
}

// `digits` digits with leading zeros, then without trailing ones; at least one digit stays.
char* write_fraction(char* to, std::uint64_t fraction, int digits) {
  if (fraction == 0) return *to = '0', to + 1;
  char* at = to + digits;
  for (; at - to >= 2; fraction /= 100) write_pair(at -= 2, fraction % 100);
  if (at != to) *to = static_cast<char>('0' + fraction);
  char* end = to + digits;
  while (end[-1] == '0') --end;
  return end;
}

// Writes a value that is a decimal of so many digits; nullptr where it is not, or is too large or small.
char* write_decimals(char* to, double value, int decimals) {
  const double size = std::fabs(value), power = decimal_powers[decimals], scaled = size * power;
  if (!(size >= 1e-4 && scaled < exact_digits) && (size != 0 || std::signbit(value))) return nullptr;
  const auto digits = static_cast<std::uint64_t>(scaled + 0.5);     // NOLINT(bugprone-incorrect-roundings): seen next
  if (static_cast<double>(digits) / power != size) return nullptr;  // correctly rounded, so exact: both are exact
  const auto whole = static_cast<std::uint64_t>(size);
  if (value < 0) *to++ = '-';
  to = write_unsigned(to, whole);
  *to++ = '.';
  return write_fraction(to, digits - whole * static_cast<std::uint64_t>(power), decimals);
}

bool is_json_plain(unsigned char c) {
  return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

void append_json_escape(std::string& to, char c) {
  switch (c) {
    case '"': to.append("\\\""); break;
    case '\\': to.append("\\\\"); break;
    case '\n': to.append("\\n"); break;
    case '\r': to.append("\\r"); break;
    case '\t': to.append("\\t"); break;
    default: fmt::format_to(std::back_inserter(to), "\\u{:04x}", static_cast<unsigned>(c));
  }
}

}  // namespace

char* write_integer(char* to, std::int64_t value) {
  auto size = static_cast<std::uint64_t>(value);
  if (value < 0) {
    *to++ = '-';
    size = 0 - size;
  }
  return write_unsigned(to, size);
}

char* write_double(char* to, double value, int decimals) {
  if (decimals >= 0 && decimals <= most_decimals)
    if (char* end = write_decimals(to, value, decimals)) return end;
  char* end = fmt::format_to(to, FMT_COMPILE("{}"), value);
  const bool looks_whole = std::all_of(to, end, [](char c) { return c == '-' || (c >= '0' && c <= '9'); });
  if (looks_whole) {
    *end++ = '.';
    *end++ = '0';
  }
  return end;
}

char* write_date(char* to, Date date) {
  const std::chrono::year_month_day day{std::chrono::sys_days{std::chrono::days{date.days}}};
  const int year = static_cast<int>(day.year());
  if (date.days < -719528 || date.days > 2932896) {  // not of four digits
    const std::string text = to_string(date);
    return std::copy(text.begin(), text.end(), to);
  }
  write_pair(to, static_cast<std::uint64_t>(year / 100));
  write_pair(to + 2, static_cast<std::uint64_t>(year % 100));
  to[4] = to[7] = '-';
  write_pair(to + 5, static_cast<unsigned>(day.month()));
  write_pair(to + 8, static_cast<unsigned>(day.day()));
  return to + 10;
}

std::string json_text(std::string_view text) {
  std::string json = "\"";
  while (!text.empty()) {
    const auto plain =
        static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(),
                                                  [](char c) { return is_json_plain(static_cast<unsigned char>(c)); }) -
                                 text.begin());
    json.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    const std::size_t length = utf8_sequence(text);
    if (length > 1) json.append(text.substr(0, length));
    if (length == 1) append_json_escape(json, text.front());
    if (length == 0) json.append(replacement_character);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return json.append("\"");
}

std::string csv_text(std::string_view text) {
  const bool quoted = text.empty() || text.find_first_of(",\"\r\n") != std::string_view::npos;
  const std::string clean = replace_invalid_utf8(text);
  if (!quoted) return clean;
  std::string csv = "\"";
  for (const char c : clean) csv.append(c == '"' ? 2 : 1, c);
  return csv.append("\"");
}

}  // namespace persona
