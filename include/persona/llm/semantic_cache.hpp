//! Answers to questions that mean the same. Off unless you build it, and wrong now and then: measure first.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/llm/provider.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace persona::llm {

struct SemanticCacheOptions {
  Provider embedder = {};
  std::string embedding_model = {};
  double similarity = 0.97;  //!< cosine, at least
  std::size_t most_entries = 10'000;
  std::chrono::seconds time_to_live{86'400};
  bool shadow = true;  //!< look, count, but never answer from it
  std::shared_ptr<Clock> clock = system_clock();
};

//! What it did, or in shadow would have done.
struct SemanticCacheCounts {
  std::int64_t lookups = 0, hits = 0;
  std::int64_t guarded = 0;  //!< near enough, but numbers, negation, names or language differ
};

class SemanticCache;  // a Provider with counts

//! Compares the last user message alone; all else of the request (system prompt, model, schema,
//! tools, tenant) must be equal. Numbers, negations, names and the script must agree too.
//! Only for requests whose `CallOptions::cache` says so.
PERSONA_EXPORT std::shared_ptr<SemanticCache> semantically_cached(Provider provider, SemanticCacheOptions options);

class SemanticCache : public LLMProvider {
 public:
  virtual SemanticCacheCounts counts() const = 0;
};

//! Two questions, and whether one answer serves both.
struct LabelledPair {
  std::string first = {}, second = {};
  bool same = false;
};

struct FalseHitRate {
  std::int64_t hits = 0, false_hits = 0;
  double upper = 1;  //!< 95 % bound; a cache is fit for use at 0.01 or below
};

//! What share of hits would be wrong. @source{Clopper and Pearson 1934}
[[nodiscard]] PERSONA_EXPORT Result<FalseHitRate> false_hit_rate(std::span<const LabelledPair> pairs,
                                                                 const SemanticCacheOptions& options,
                                                                 const Context& context = {});

}  // namespace persona::llm
