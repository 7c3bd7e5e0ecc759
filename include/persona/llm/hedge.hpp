//! Asking twice where an answer is late.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/llm/provider.hpp>

#include <chrono>
#include <memory>
#include <optional>

namespace persona::llm {

struct HedgeOptions {
  double quantile = 0.95;                               //!< of the time to the first token of the last 200 calls
  double share = 0.02;                                  //!< of calls, at most
  std::optional<std::chrono::milliseconds> delay = {};  //!< instead of the quantile
  Provider other = {};                                  //!< who is asked the second time; the same where there is none
  std::shared_ptr<Clock> clock = system_clock();
};

//! Sends a second request when the first is late, takes the answer that begins first and cancels the
//! other. Both are paid for: the bill of a late call can double.
//! @source{Dean and Barroso 2013, The Tail at Scale}
PERSONA_EXPORT Provider hedged(Provider provider, HedgeOptions options = {});

}  // namespace persona::llm
