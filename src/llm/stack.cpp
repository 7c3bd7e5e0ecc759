//! Everything a call should have around it, in the right order.
#include <persona/llm/single_flight.hpp>
#include <persona/llm/stack.hpp>
#include <persona/llm/validate.hpp>

#include <utility>

namespace persona::llm {
namespace {

void use_one_clock(StackOptions& options) {
  options.retry.clock = options.clock;
  options.breaker.clock = options.clock;
  options.rate.clock = options.clock;
  options.concurrency.clock = options.clock;
  options.meter.clock = options.clock;
  if (options.hedge) options.hedge->clock = options.clock;
  if (options.semantic) options.semantic->clock = options.clock;
}

bool is_limited(const RateLimits& rate) {
  return rate.requests_per_minute || rate.input_tokens_per_minute || rate.output_tokens_per_minute;
}

// Every request that goes out is metered, the second one of a hedge as well.
Provider metered_and_hedged(Provider provider, const StackOptions& options) {
  provider = metered(std::move(provider), options.meter);
  if (!options.hedge) return provider;
  HedgeOptions hedge = *options.hedge;
  if (hedge.other) hedge.other = metered(std::move(hedge.other), options.meter);
  return hedged(std::move(provider), std::move(hedge));
}

Provider resilient(Provider provider, const StackOptions& options) {
  provider = metered_and_hedged(std::move(provider), options);
  provider = concurrency_limited(std::move(provider), options.concurrency);
  if (is_limited(options.rate)) provider = rate_limited(std::move(provider), options.rate);
  provider = breaker(std::move(provider), options.breaker);
  return retry(std::move(provider), options.retry);
}

Provider with_fallback(Provider provider, const StackOptions& options) {
  std::vector<Target> targets{{resilient(std::move(provider), options)}};
  if (options.fallback.empty()) return targets[0].provider;
  for (const Target& target : options.fallback) targets.push_back({resilient(target.provider, options), target.model});
  return fallback(std::move(targets), {.clock = options.clock});
}

Provider in_memory(Provider provider, const StackOptions& options) {
  return cached(std::move(provider), options.memory, {.source = Source::memory_cache, .clock = options.clock});
}

Provider stored(Provider provider, const StackOptions& options) {
  return cached(std::move(provider), options.stored, {.source = Source::stored_cache, .clock = options.clock});
}

// Who finds nothing in the cache may come to the shared call just after it landed, and would begin another: inside it
// the cache is asked again, and told before it lands.
Provider remembering(Provider provider, const StackOptions& options) {
  if (options.memory) return in_memory(std::move(provider), options);
  return options.stored ? stored(std::move(provider), options) : provider;
}

}  // namespace

Provider standard_stack(Provider provider, StackOptions options) {
  use_one_clock(options);
  provider = structured(with_fallback(std::move(provider), options), options.structured);
  provider = single_flight(remembering(std::move(provider), options), options.clock);
  if (options.semantic) provider = semantically_cached(std::move(provider), *options.semantic);
  if (options.stored) provider = stored(std::move(provider), options);
  if (options.memory) provider = in_memory(std::move(provider), options);
  provider = validated(redacted(std::move(provider), options.redact));
  return options.events ? traced(std::move(provider), options.events, options.clock) : provider;
}

}  // namespace persona::llm
