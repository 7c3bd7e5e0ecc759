//! Leaving a broken provider alone for a while.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/llm/provider.hpp>

#include <chrono>
#include <cstdint>
#include <memory>

namespace persona::llm {

struct BreakerOptions {
  double failure_share = 0.5;
  int least_calls = 10;
  std::chrono::milliseconds window{60'000};
  std::chrono::milliseconds open{5'000}, open_most{60'000};  //!< doubles while probes fail, give or take a fifth
  int probes = 2;                                            //!< successes that close it again
  std::uint64_t seed = 0;                                    //!< of the jitter
  std::shared_ptr<Clock> clock = system_clock();
};

//! For each model: refuses calls (`unavailable`, with `retry_after`) once too many failed: network,
//! time-outs, 5xx. A 429 closes the door until its Retry-After (`rate_limited`) and is no failure; what
//! is wrong with a request or an account tells nothing.
//! @source{Nygard, Release It!; resilience4j CircuitBreaker}
PERSONA_EXPORT Provider breaker(Provider provider, BreakerOptions options = {});

}  // namespace persona::llm
