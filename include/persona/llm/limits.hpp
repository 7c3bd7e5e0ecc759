//! Staying below what a provider allows.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/llm/provider.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace persona::llm {

struct RateLimits {
  std::optional<std::int64_t> requests_per_minute = {};
  std::optional<std::int64_t> input_tokens_per_minute = {}, output_tokens_per_minute = {};
  std::shared_ptr<Clock> clock = system_clock();
};

//! Token buckets for each model. A call waits its turn, first come first served within its priority;
//! input is taken as a third of its bytes, output as its most, and both are corrected by the usage. The
//! provider's own allowance (`Reply::allowance`) overrules the count where it leaves less.
//! @errors rate_limited: it could not go before the deadline, or never fits
PERSONA_EXPORT Provider rate_limited(Provider provider, RateLimits limits);

//! Additive increase, multiplicative decrease.
struct ConcurrencyLimits {
  int start = 8, least = 1, most = 64;
  double decrease = 0.9;  //!< on 429, 529 and time-outs
  std::shared_ptr<Clock> clock = system_clock();
};

//! Finds how many calls at once a provider bears, for each model; the others wait, by priority.
//! @errors rate_limited: no place before the deadline
//! @source{Netflix concurrency-limits, AIMD}
PERSONA_EXPORT Provider concurrency_limited(Provider provider, ConcurrencyLimits limits = {});

}  // namespace persona::llm
