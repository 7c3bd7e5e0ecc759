//! Equality, order and multiples of JSON values.
#include "schema_value.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace persona::llm {
namespace {

//! digits * 10^exponent, without zeros at the end.
struct Decimal {
  std::uint64_t digits = 0;
  int exponent = 0;
};

Decimal decimal_of(const Json& number) {
  Decimal decimal;
  if (number.is_number_unsigned()) {
    decimal.digits = number.get<std::uint64_t>();
  } else if (number.is_number_integer()) {
    const auto value = number.get<std::int64_t>();
    decimal.digits = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  } else {
    std::array<char, 40> text{};
    const double value = std::abs(number.get<double>());
    const char* end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific).ptr;
    bool after_point = false;
    const char* at = text.data();
    for (; at < end && *at != 'e'; ++at) {
      if (*at == '.') {
        after_point = true;
        continue;
      }
      decimal.digits = decimal.digits * 10 + static_cast<std::uint64_t>(*at - '0');
      if (after_point) --decimal.exponent;
    }
    int exponent = 0;
    if (at < end) std::from_chars(at + (at[1] == '+' ? 2 : 1), end, exponent);
    decimal.exponent += exponent;
  }
  while (decimal.digits != 0 && decimal.digits % 10 == 0) decimal.digits /= 10, ++decimal.exponent;
  return decimal;
}

//! digits * 10 mod modulus, where the product may not fit.
std::uint64_t ten_times(std::uint64_t digits, std::uint64_t modulus) {
  const auto sum = [&](std::uint64_t a, std::uint64_t b) { return a >= modulus - b ? a - (modulus - b) : a + b; };
  const std::uint64_t twice = sum(digits, digits), four = sum(twice, twice);
  return sum(sum(four, four), twice);
}

}  // namespace

std::string value_key(const Json& json) {
  if (json.is_number_float()) {
    const double value = json.get<double>();
    constexpr double least = -9.3e18, most = 1.9e19;
    if (std::trunc(value) == value && value > least && value < most) return fmt::format("{:.0f}", value + 0.0);
  }
  if (!json.is_structured()) return print_json_compact(json);
  std::string key = json.is_object() ? "{" : "[";
  if (json.is_array()) {
    for (const Json& item : json) key += value_key(item) + ',';
    return key + ']';
  }
  std::vector<std::pair<std::string, std::string>> members;
  for (const auto& [name, value] : json.items()) members.emplace_back(print_json_compact(name), value_key(value));
  std::sort(members.begin(), members.end());
  for (const auto& [name, value] : members) key.append(name).append(1, ':').append(value).append(1, ',');
  return key + '}';
}

bool is_whole(const Json& json) {
  if (!json.is_number_float()) return json.is_number_integer();
  const double value = json.get<double>();
  return std::trunc(value) == value && std::isfinite(value);
}

int compare_numbers(const Json& a, const Json& b) {
  const auto order = [](auto x, auto y) { return x < y ? -1 : x > y ? 1 : 0; };
  if (a.is_number_float() || b.is_number_float()) return order(a.get<double>(), b.get<double>());
  const bool a_below = !a.is_number_unsigned() && a.get<std::int64_t>() < 0;
  const bool b_below = !b.is_number_unsigned() && b.get<std::int64_t>() < 0;
  if (a_below != b_below) return a_below ? -1 : 1;
  if (a_below) return order(a.get<std::int64_t>(), b.get<std::int64_t>());
  return order(a.get<std::uint64_t>(), b.get<std::uint64_t>());
}

bool is_multiple(const Json& number, const Json& of) {
  const Decimal a = decimal_of(number), b = decimal_of(of);
  if (a.digits == 0) return true;
  if (a.exponent < b.exponent) return false;  // a would end with a zero
  std::uint64_t rest = a.digits % b.digits;
  for (int i = a.exponent; i > b.exponent && rest != 0; --i) rest = ten_times(rest, b.digits);
  return rest == 0;
}

std::size_t text_length(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string shown(const Json& json) {
  if (json.is_array()) return fmt::format("a list of {}", json.size());
  if (json.is_object()) return "an object";
  if (json.is_string()) return print_json_compact(shortened(json.get_ref<const std::string&>(), 60));
  return print_json_compact(json);
}

}  // namespace persona::llm
