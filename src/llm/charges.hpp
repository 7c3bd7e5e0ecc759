//! Sums of charges, and whether one fits an account.
#pragma once

#include <persona/llm/budget.hpp>

#include <limits>
#include <string>
#include <string_view>

namespace persona::llm {

//! Stays at the end of the range instead of wrapping.
inline std::int64_t saturated_sum(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return a > 0 ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
}

inline Charge& operator+=(Charge& a, const Charge& b) {
  a.money += b.money;
  a.tokens = saturated_sum(a.tokens, b.tokens);
  a.calls = saturated_sum(a.calls, b.calls);
  return a;
}

inline Charge operator-(const Charge& a) {
  return {Money{-a.money.picodollars}, -a.tokens, -a.calls};
}

//! @errors quota_exceeded
[[nodiscard]] PERSONA_EXPORT Status check_fits(std::string_view account, const Balance& balance, const Charge& most);

//! Of an amount that is asked for or booked. @errors invalid_argument: less than nothing
[[nodiscard]] PERSONA_EXPORT Status check_charge(const Charge& charge);

}  // namespace persona::llm
