//! Sums of charges, and whether one fits an account.
#include "charges.hpp"

#include <fmt/format.h>

namespace persona::llm {
namespace {

Status over(std::string_view account, const std::string& left, const std::string& cap, const std::string& asked) {
  return fail(Errc::quota_exceeded,
              fmt::format("the account '{}' has {} left of {}; the call may take up to {}", account, left, cap, asked));
}

Status check_count(std::string_view account, std::string_view unit, const std::optional<std::int64_t>& cap,
                   std::int64_t taken, std::int64_t asked) {
  if (!cap || saturated_sum(taken, asked) <= *cap) return {};
  const auto text = [&](std::int64_t count) { return fmt::format("{} {}", count, unit); };
  return over(account, text(saturated_sum(*cap, -taken)), text(*cap), text(asked));
}

}  // namespace

Status check_fits(std::string_view account, const Balance& balance, const Charge& most) {
  Charge taken = balance.spent;
  taken += balance.reserved;
  const Cap& cap = balance.cap;
  if (cap.money && taken.money + most.money > *cap.money)
    return over(account, to_string(*cap.money - taken.money), to_string(*cap.money), to_string(most.money));
  if (Status fits = check_count(account, "tokens", cap.tokens, taken.tokens, most.tokens); !fits) return fits;
  return check_count(account, "calls", cap.calls, taken.calls, most.calls);
}

Status check_charge(const Charge& charge) {
  if (charge.money >= Money{} && charge.tokens >= 0 && charge.calls >= 0) return {};
  return fail(Errc::invalid_argument, "a charge cannot be less than nothing");
}

}  // namespace persona::llm
