//! Sums of charges against caps.
#pragma once

#include <persona/llm/budget.hpp>
#include <persona/prompt/session.hpp>

#include "llm/charges.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace persona::prompt {

//! Bytes that so many tokens are at most, for all that models write in practice.
inline std::size_t longest_text(std::int64_t tokens) {
  return static_cast<std::size_t>(tokens) * 8;
}

inline bool fits(const llm::Charge& charge, const llm::Charge& left) {
  return charge.money <= left.money && charge.tokens <= left.tokens && charge.calls <= left.calls;
}

inline llm::Charge operator-(const llm::Charge& a, const llm::Charge& b) {
  return {a.money - b.money, a.tokens - b.tokens, a.calls - b.calls};
}

//! How many equal charges a rest bears.
inline std::int64_t times_in(const llm::Charge& charge, const llm::Charge& left) {
  const auto times = [](std::int64_t each, std::int64_t all) {
    if (all < 0) return std::int64_t{0};
    return each <= 0 ? std::numeric_limits<std::int64_t>::max() : all / each;
  };
  return std::min({times(charge.money.picodollars, left.money.picodollars), times(charge.tokens, left.tokens),
                   times(charge.calls, left.calls)});
}

//! A share of a budget as a charge; what has no cap is without end.
inline llm::Charge cap_of(const Budget& budget, double share) {
  constexpr auto endless = std::numeric_limits<std::int64_t>::max();
  const auto part = [share](std::int64_t all) {
    return static_cast<std::int64_t>(std::floor(static_cast<long double>(all) * static_cast<long double>(share)));
  };
  return {Money{budget.money ? part(budget.money->picodollars) : endless},
          budget.tokens ? part(*budget.tokens) : endless, budget.calls ? part(*budget.calls) : endless};
}

}  // namespace persona::prompt
