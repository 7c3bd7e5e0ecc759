//! Who is best where.
#include "pareto.hpp"

#include <algorithm>

namespace persona::prompt {

std::vector<std::vector<std::size_t>> fronts_of(const Pool& pool, std::span<const std::size_t> candidates) {
  std::vector<std::vector<std::size_t>> fronts(pool.examples().size());
  for (std::size_t e = 0; e < fronts.size(); ++e) {
    double best = -1;
    for (const std::size_t candidate : candidates) {
      if (!pool.is_known(candidate, e)) continue;
      const double score = pool.score_of(candidate, e);
      if (score > best) {
        best = score;
        fronts[e].clear();
      }
      if (score == best) fronts[e].push_back(candidate);
    }
  }
  return fronts;
}

std::vector<std::size_t> pareto_multiset(const Pool& pool, std::span<const std::size_t> candidates) {
  auto fronts = fronts_of(pool, candidates);
  std::vector<std::size_t> weakest_first(candidates.begin(), candidates.end());
  std::stable_sort(weakest_first.begin(), weakest_first.end(),
                   [&](std::size_t a, std::size_t b) { return pool.mean(a) < pool.mean(b); });
  for (const std::size_t candidate : weakest_first) {
    const auto stands_in = [candidate](const std::vector<std::size_t>& front) {
      return std::find(front.begin(), front.end(), candidate) != front.end();
    };
    const bool needed = std::any_of(fronts.begin(), fronts.end(),
                                    [&](const auto& front) { return stands_in(front) && front.size() == 1; });
    if (needed) continue;
    for (auto& front : fronts) std::erase(front, candidate);
  }
  std::vector<std::size_t> multiset;
  for (const auto& front : fronts) multiset.insert(multiset.end(), front.begin(), front.end());
  return multiset;
}

}  // namespace persona::prompt
