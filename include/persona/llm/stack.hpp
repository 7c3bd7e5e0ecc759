//! Everything a call should have around it, in the right order.
#pragma once

#include <persona/llm/breaker.hpp>
#include <persona/llm/budget.hpp>
#include <persona/llm/cache.hpp>
#include <persona/llm/fallback.hpp>
#include <persona/llm/hedge.hpp>
#include <persona/llm/limits.hpp>
#include <persona/llm/provider.hpp>
#include <persona/llm/redact.hpp>
#include <persona/llm/retry.hpp>
#include <persona/llm/semantic_cache.hpp>
#include <persona/llm/structured.hpp>
#include <persona/llm/telemetry.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace persona::llm {

struct StackOptions {
  std::shared_ptr<EventSink> events = {};
  RedactText redact = {};  //!< what is in no cache, and never sent
  StructuredOptions structured = {};
  std::shared_ptr<ResponseCache> memory = memory_cache();
  std::shared_ptr<ResponseCache> stored = {};  //!< `sqlite::open_cache`, say
  std::optional<SemanticCacheOptions> semantic = {};
  std::vector<Target> fallback = {};  //!< who is asked, in this order, when the provider cannot answer
  RetryOptions retry = {};
  BreakerOptions breaker = {};
  RateLimits rate = {};
  ConcurrencyLimits concurrency = {};
  std::optional<HedgeOptions> hedge = {};
  MeterOptions meter = {};                        //!< a budget is kept where it has a ledger
  std::shared_ptr<Clock> clock = system_clock();  //!< of all of them
};

//! From outside in: traced, validated, redacted, memory cache, stored cache, semantic cache, single flight, structured,
//! fallback, and for each target: retry, breaker, rate limits, concurrency, hedge, metered, provider. What is not set
//! is left out. The first cache is asked once more inside the shared call, so that no question is paid twice.
PERSONA_EXPORT Provider standard_stack(Provider provider, StackOptions options = {});

}  // namespace persona::llm
