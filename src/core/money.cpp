//! Sums and texts of money.
#include <persona/core/money.hpp>

#include <charconv>
#include <cmath>
#include <limits>

namespace persona {
namespace {

constexpr std::int64_t picodollars_a_dollar = 1'000'000'000'000;
constexpr std::int64_t most_money = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least_money = -most_money;  // so that negation cannot overflow

std::int64_t within_money(__int128 amount) {
  if (amount > most_money) return most_money;
  if (amount < least_money) return least_money;
  return static_cast<std::int64_t>(amount);
}

}  // namespace

Money& Money::operator+=(Money other) {
  picodollars = within_money(static_cast<__int128>(picodollars) + other.picodollars);
  return *this;
}

Money& Money::operator-=(Money other) {
  picodollars = within_money(static_cast<__int128>(picodollars) - other.picodollars);
  return *this;
}

Money operator*(Money price, std::int64_t count) {
  return {within_money(static_cast<__int128>(price.picodollars) * count)};
}

Money dollars(double amount) {
  const double pico = std::round(amount * static_cast<double>(picodollars_a_dollar));
  if (std::isnan(pico)) return {};
  if (std::abs(pico) >= static_cast<double>(most_money)) return {pico > 0 ? most_money : least_money};
  return {static_cast<std::int64_t>(pico)};
}

std::optional<Money> parse_money(std::string_view text) {
  if (text.starts_with('$')) text.remove_prefix(1);
  double amount = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  if (error != std::errc() || end != text.data() + text.size() || text.empty() || !std::isfinite(amount)) return {};
  if (std::abs(amount) * static_cast<double>(picodollars_a_dollar) >= static_cast<double>(most_money)) return {};
  return dollars(amount);
}

std::string to_string(Money money) {
  const bool negative = money.picodollars < 0;
  const auto whole = static_cast<std::uint64_t>(negative ? -money.picodollars : money.picodollars);
  std::string fraction = std::to_string(whole % picodollars_a_dollar);
  fraction.insert(0, 12 - fraction.size(), '0');
  while (fraction.size() > 2 && fraction.back() == '0') fraction.pop_back();
  return (negative ? "-$" : "$") + std::to_string(whole / picodollars_a_dollar) + "." + fraction;
}

}  // namespace persona
