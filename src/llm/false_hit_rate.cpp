//! How often a semantic cache would be wrong.
#include <persona/llm/semantic_cache.hpp>

#include "embed_texts.hpp"
#include "similar_texts.hpp"
#include "text_guard.hpp"

#include <algorithm>
#include <cmath>

namespace persona::llm {
namespace {

constexpr std::size_t pairs_at_once = 64;

// P(at most `most` of `count`) at a rate strictly between 0 and 1.
double binomial_tail(std::int64_t most, std::int64_t count, double rate) {
  double sum = 0;
  for (std::int64_t k = 0; k <= most; ++k) {
    const auto hits = static_cast<double>(k);
    const auto others = static_cast<double>(count - k);
    sum += std::exp(std::lgamma(hits + others + 1) - std::lgamma(hits + 1) - std::lgamma(others + 1) +
                    hits * std::log(rate) + others * std::log1p(-rate));
  }
  return sum;
}

// One-sided: the rate above which so few false hits would be seen in one of twenty such samples.
double clopper_pearson_upper(std::int64_t false_hits, std::int64_t hits) {
  if (false_hits >= hits) return 1;
  double low = 0;
  double high = 1;
  for (int halving = 0; halving < 60; ++halving) {
    const double rate = (low + high) / 2;
    (binomial_tail(false_hits, hits, rate) > 0.05 ? low : high) = rate;
  }
  return high;
}

}  // namespace

Result<FalseHitRate> false_hit_rate(std::span<const LabelledPair> pairs, const SemanticCacheOptions& options,
                                    const Context& context) {
  if (!options.embedder) return fail(Errc::invalid_argument, "a semantic cache needs an embedder");
  FalseHitRate rate;
  for (std::size_t begin = 0; begin < pairs.size(); begin += pairs_at_once) {
    const auto some = pairs.subspan(begin, std::min(pairs_at_once, pairs.size() - begin));
    std::vector<std::string> texts;
    for (const LabelledPair& pair : some) texts.insert(texts.end(), {pair.first, pair.second});
    const auto vectors = embed_texts(options, std::move(texts), {}, context);
    if (!vectors) return tl::unexpected(vectors.error());
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (cosine_of_normalized((*vectors)[2 * i], (*vectors)[2 * i + 1]) < options.similarity) continue;
      if (!agree(marks_of(some[i].first), marks_of(some[i].second))) continue;
      ++rate.hits;
      rate.false_hits += some[i].same ? 0 : 1;
    }
  }
  rate.upper = clopper_pearson_upper(rate.false_hits, rate.hits);
  return rate;
}

}  // namespace persona::llm
