//! Two good programs put together.
#include "gepa_merge.hpp"

#include "pareto.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace persona::prompt {
namespace {

std::set<std::size_t> ancestors_of(const Pool& pool, std::size_t candidate) {
  std::set<std::size_t> all;
  std::vector<std::size_t> open = pool.parents(candidate);
  while (!open.empty()) {
    const std::size_t next = open.back();
    open.pop_back();
    if (!all.insert(next).second) continue;
    const auto more = pool.parents(next);
    open.insert(open.end(), more.begin(), more.end());
  }
  return all;
}

// Parts that exactly one of the two changed make a merge worth while.
std::optional<std::vector<Predictor>> put_together(const Pool& pool, std::size_t first, std::size_t second,
                                                   std::size_t ancestor) {
  const auto& a = pool.program(first).predictors();
  const auto& b = pool.program(second).predictors();
  const auto& old = pool.program(ancestor).predictors();
  std::vector<Predictor> merged = pool.mean(first) >= pool.mean(second) ? a : b;
  bool from_first = false;
  bool from_second = false;
  for (std::size_t i = 0; i < old.size(); ++i) {
    const bool changed_a = !(a[i] == old[i]);
    const bool changed_b = !(b[i] == old[i]);
    if (changed_a == changed_b) continue;
    merged[i] = changed_a ? a[i] : b[i];
    (changed_a ? from_first : from_second) = true;
  }
  if (!from_first && !from_second) return {};
  if (merged == a || merged == b) return {};
  return merged;
}

}  // namespace

std::optional<MergePlan> plan_merge(const Pool& pool, std::span<const std::size_t> members,
                                    const std::vector<MergedPair>& done, Dice& dice) {
  std::set<std::size_t> front;
  for (const std::size_t candidate : pareto_multiset(pool, members)) front.insert(candidate);
  const std::vector<std::size_t> choices(front.begin(), front.end());
  if (choices.size() < 2) return {};
  for (int draw = 0; draw < 10; ++draw) {
    const auto pair = dice.sample(2, choices.size());
    const std::size_t first = choices[std::min(pair[0], pair[1])];
    const std::size_t second = choices[std::max(pair[0], pair[1])];
    const auto of_first = ancestors_of(pool, first);
    const auto of_second = ancestors_of(pool, second);
    if (of_first.contains(second) || of_second.contains(first)) continue;
    for (auto old = of_first.rbegin(); old != of_first.rend(); ++old) {  // the youngest first
      const MergedPair tried{first, second, *old};
      const bool fits = of_second.contains(*old) && pool.mean(*old) <= std::min(pool.mean(first), pool.mean(second)) &&
                        std::find(done.begin(), done.end(), tried) == done.end();
      if (!fits) continue;
      if (auto merged = put_together(pool, first, second, *old))
        return MergePlan{first, second, *old, *std::move(merged)};
    }
  }
  return {};
}

std::vector<std::size_t> merge_examples(const Pool& pool, std::size_t first, std::size_t second, std::size_t count,
                                        Dice& dice) {
  std::array<std::vector<std::size_t>, 3> kinds;
  for (const std::size_t e : dice.sample(pool.examples().size(), pool.examples().size())) {
    const double lead = pool.score_of(first, e) - pool.score_of(second, e);
    kinds[lead > 0 ? 0 : lead < 0 ? 1 : 2].push_back(e);
  }
  std::vector<std::size_t> chosen;
  const std::size_t each = (count + 2) / 3;
  for (auto& kind : kinds) {
    for (std::size_t i = 0; i < each && !kind.empty() && chosen.size() < count; ++i) {
      chosen.push_back(kind.back());
      kind.pop_back();
    }
  }
  for (auto& kind : kinds) {
    for (; !kind.empty() && chosen.size() < count; kind.pop_back()) chosen.push_back(kind.back());
  }
  return chosen;
}

}  // namespace persona::prompt
