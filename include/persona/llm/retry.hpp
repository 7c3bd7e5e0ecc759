//! Trying again, as long as that helps.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/llm/provider.hpp>

#include <chrono>
#include <cstdint>
#include <memory>

namespace persona::llm {

//! How many retries a provider bears: a share of its calls, so that an outage is not made worse.
struct RetryBudget {
  double share = 0.2;
  double per_second = 1;
  double burst = 10;
};

struct RetryOptions {
  int attempts = 3;  //!< the first one too
  std::chrono::milliseconds base{500}, most{8'000};
  std::chrono::milliseconds longest_hint{120'000};  //!< a longer Retry-After fails at once
  RetryBudget budget = {};
  std::uint64_t seed = 0;  //!< of the jitter; 0 takes one
  std::shared_ptr<Clock> clock = system_clock();
};

//! Repeats what failed with `service->retryable` and nothing shown yet. Waits what the server asks,
//! plus up to a tenth, else a random time up to `base` doubled each time, at most `most`. A wait that
//! would pass the deadline fails at once, with the hint in the error. What a policy inside it refused
//! (an open breaker, a full rate limit) was no request: it is waited for as often again, on no budget.
//! @source{AWS Architecture Blog 2015, full jitter; Finagle RetryBudget}
PERSONA_EXPORT Provider retry(Provider provider, RetryOptions options = {});

}  // namespace persona::llm
