//! Money that adds up exactly.
#pragma once

#include <persona/core/config.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace persona {

//! US dollars as a whole number of picodollars (1e-12): the price of one token is one, and sums are
//! exact up to nine million dollars.
struct Money {
  std::int64_t picodollars = 0;

  auto operator<=>(const Money&) const = default;
  //! Arithmetic stays at the ends of the range instead of wrapping.
  PERSONA_EXPORT Money& operator+=(Money other);
  PERSONA_EXPORT Money& operator-=(Money other);
  friend Money operator+(Money a, Money b) { return a += b; }
  friend Money operator-(Money a, Money b) { return a -= b; }
  //! A price times a count.
  PERSONA_EXPORT friend Money operator*(Money price, std::int64_t count);
};

//! Rounded to the nearest picodollar.
PERSONA_EXPORT Money dollars(double amount);

//! "0.25", "$1e-3"; none where it is not an amount or more than the type holds.
PERSONA_EXPORT std::optional<Money> parse_money(std::string_view text);

//! "$0.16625": as many digits as it has, two at least.
PERSONA_EXPORT std::string to_string(Money money);

}  // namespace persona
