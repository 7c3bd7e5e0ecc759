//! TF-IDF and cosine over hashed features, in two passes and without an index.
#include "nearest.hpp"

#include "text_features.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace persona::llm {
namespace {

//! The texts as rows of distinct buckets, and in how many rows each bucket is.
class FeatureTable {
 public:
  FeatureTable(std::span<const std::string_view> texts, std::string_view query) {
    std::size_t bytes = query.size();
    for (const std::string_view text : texts) bytes += text.size();
    mask_ = std::bit_ceil(std::clamp<std::size_t>(bytes, 1u << 10, 1u << 18)) - 1;
    frequency_.resize(mask_ + 1);
    seen_.resize(mask_ + 1);
    buckets_.reserve(bytes);
    ends_.reserve(texts.size());
    for (const std::string_view text : texts) {
      for_distinct(text, [&](std::uint32_t bucket) {
        buckets_.push_back(bucket);
        ++frequency_[bucket];
      });
      ends_.push_back(buckets_.size());
    }
    for_distinct(query, [&](std::uint32_t bucket) { query_.push_back(bucket); });
  }

  std::vector<double> similarities() const {
    const auto rows = static_cast<double>(ends_.size());
    std::vector<float> weight(frequency_.size());
    for (const std::uint32_t bucket : buckets_) {
      if (weight[bucket] == 0) weight[bucket] = square(std::log((1 + rows) / (1 + frequency_[bucket])));
    }
    double query_norm = 0;
    std::vector<bool> asked(frequency_.size());
    for (const std::uint32_t bucket : query_) {
      asked[bucket] = true;
      query_norm += frequency_[bucket] > 0 ? weight[bucket] : square(std::log(1 + rows));
    }
    std::vector<double> similarities;
    for (std::size_t row = 0, at = 0; row < ends_.size(); ++row) {
      double shared = 0, norm = 0;
      for (; at < ends_[row]; ++at) {
        const double w = weight[buckets_[at]];
        norm += w;
        if (asked[buckets_[at]]) shared += w;
      }
      similarities.push_back(shared > 0 ? shared / std::sqrt(norm * query_norm) : 0);
    }
    return similarities;
  }

 private:
  static float square(double x) { return static_cast<float>(x * x); }

  template <class Visit>
  void for_distinct(std::string_view text, Visit visit) {
    ++stamp_;
    for (const std::uint64_t hash : features_.of(text)) {
      const auto bucket = static_cast<std::uint32_t>(hash & mask_);
      if (seen_[bucket] == stamp_) continue;
      seen_[bucket] = stamp_;
      visit(bucket);
    }
  }

  TextFeatures features_;
  std::size_t mask_ = 0;
  std::uint32_t stamp_ = 0;
  std::vector<std::uint32_t> frequency_, seen_;
  std::vector<std::uint32_t> buckets_, query_;
  std::vector<std::size_t> ends_;
};

}  // namespace

std::vector<Neighbour> nearest(std::span<const std::string_view> texts, std::string_view query, std::size_t count) {
  const std::vector<double> similarity = FeatureTable(texts, query).similarities();
  std::vector<Neighbour> neighbours;
  for (std::size_t i = 0; i < similarity.size(); ++i) neighbours.push_back({i, similarity[i]});
  const bool any = std::any_of(similarity.begin(), similarity.end(), [](double each) { return each > 0; });
  if (!any) {
    for (Neighbour& each : neighbours) each.weight = 1;
    return neighbours;
  }
  const auto nearer = [](const Neighbour& a, const Neighbour& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.index < b.index;
  };
  const auto kept = static_cast<std::ptrdiff_t>(std::min(std::max<std::size_t>(count, 1), neighbours.size()));
  std::partial_sort(neighbours.begin(), neighbours.begin() + kept, neighbours.end(), nearer);
  neighbours.resize(static_cast<std::size_t>(kept));
  for (Neighbour& each : neighbours) each.weight = 1 / (1.001 - std::min(each.weight, 1.0));
  return neighbours;
}

}  // namespace persona::llm
