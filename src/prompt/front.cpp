//! Who is best for the money, and for the time.
#include "front.hpp"

#include <algorithm>

namespace persona::prompt {
namespace {

bool beats(const Candidate& a, const Candidate& b) {
  const bool as_good = a.score.value >= b.score.value && a.cost_per_run.value <= b.cost_per_run.value &&
                       a.latency_ms.value <= b.latency_ms.value;
  const bool better = a.score.value > b.score.value || a.cost_per_run.value < b.cost_per_run.value ||
                      a.latency_ms.value < b.latency_ms.value;
  return as_good && better;
}

Interval thousandfold(Interval interval) {
  interval.value *= 1000;
  interval.lower *= 1000;
  interval.upper *= 1000;
  return interval;
}

}  // namespace

bool is_well_known(const Candidate& candidate, const std::vector<Candidate>& candidates) {
  std::size_t most = 1;
  for (const Candidate& each : candidates) most = std::max(most, each.evaluations);
  return 2 * candidate.evaluations >= most;
}

std::vector<FrontPoint> front_of(const std::vector<Candidate>& candidates) {
  std::vector<FrontPoint> front;
  for (const Candidate& candidate : candidates) {
    if (!is_well_known(candidate, candidates)) continue;
    const bool beaten = std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& other) {
      return is_well_known(other, candidates) && beats(other, candidate);
    });
    if (!beaten)
      front.push_back({candidate.id, candidate.score, thousandfold(candidate.cost_per_run), candidate.latency_ms});
  }
  std::stable_sort(front.begin(), front.end(),
                   [](const FrontPoint& a, const FrontPoint& b) { return a.score.value > b.score.value; });
  return front;
}

}  // namespace persona::prompt
