//! How often a semantic cache would be wrong.
#include <persona/llm/semantic_cache.hpp>

#include "embed_texts.hpp"
#include "similar_texts.hpp"
#include "text_guard.hpp"

#include <boost/math/distributions/beta.hpp>

#include <algorithm>

namespace persona::llm {
namespace {

constexpr std::size_t pairs_at_once = 64;

// One-sided: the rate above which so few false hits would be seen in one of twenty such samples.
double clopper_pearson_upper(std::int64_t false_hits, std::int64_t hits) {
  if (false_hits >= hits) return 1;
  const boost::math::beta_distribution<double> rate(static_cast<double>(false_hits + 1),
                                                    static_cast<double>(hits - false_hits));
  return boost::math::quantile(rate, 0.95);
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
