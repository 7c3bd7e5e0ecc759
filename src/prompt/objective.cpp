//! One number out of an evaluation.
#include <persona/prompt/objective.hpp>

#include "prompt/wilson.hpp"

#include <algorithm>
#include <cmath>

namespace persona::prompt {
namespace {

constexpr double point = 0.01;
constexpr double one_sided_z = 1.6448536269514722;  // 5 %: a guard that cries wolf in one of twenty segments

double standard_error_of(const Interval& interval) {
  return (interval.upper - interval.lower) / (2 * two_sided_normal(interval.confidence));
}

double score_of(Aim aim, const Evaluation& evaluation) {
  if (aim == Aim::mean || evaluation.segments.empty()) return evaluation.score.value;
  double least = evaluation.segments.front().pooled.value;
  for (const SegmentScore& segment : evaluation.segments) least = std::min(least, segment.pooled.value);
  return least;
}

}  // namespace

double value_of(const Objective& objective, const Evaluation& evaluation) {
  const double runs = std::max<double>(1, static_cast<double>(evaluation.outcomes.size()));
  double value = score_of(objective.aim, evaluation);
  if (evaluation.cost) {
    const double dollars_a_thousand = 1e-12 * static_cast<double>(evaluation.cost->picodollars) / runs * 1000;
    value -= point * objective.per_dollar * dollars_a_thousand;
  }
  const double seconds = std::chrono::duration<double>(evaluation.latency_p50).count();
  return value - point * objective.per_second * seconds;
}

std::vector<std::string> broken_segments(const Objective& objective, const Evaluation& baseline,
                                         const Evaluation& candidate) {
  std::vector<std::string> broken;
  if (objective.segment_tolerance < 0) return broken;
  for (const SegmentScore& before : baseline.segments) {
    const auto after = std::find_if(candidate.segments.begin(), candidate.segments.end(),
                                    [&](const SegmentScore& other) { return other.segment == before.segment; });
    if (after == candidate.segments.end()) continue;
    const double fall = before.score.value - after->score.value - objective.segment_tolerance;
    const double error = std::hypot(standard_error_of(before.score), standard_error_of(after->score));
    if (fall > one_sided_z * error) broken.push_back(before.segment);
  }
  return broken;
}

}  // namespace persona::prompt
