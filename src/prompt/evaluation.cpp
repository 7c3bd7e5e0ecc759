//! A program, run on a data set and judged.
#include <persona/prompt/evaluation.hpp>

#include "evaluate_items.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace persona::prompt {
namespace {

struct SegmentSums {
  std::vector<double> scores, weights;
};

double pooling_error_of(const Interval& interval) {
  return std::max((interval.upper - interval.lower) / (2 * 1.959963984540054), 1e-6);
}

std::vector<SegmentScore> segments_of(const Dataset& data, const std::vector<Outcome>& outcomes) {
  std::map<std::string, SegmentSums> sums;
  for (std::size_t i = 0; i < data.size(); ++i) {
    if (data[i].segment.empty()) continue;
    SegmentSums& segment = sums[data[i].segment];
    segment.scores.push_back(outcomes[i].score);
    segment.weights.push_back(data[i].weight);
  }
  std::vector<SegmentScore> segments;
  std::vector<double> means;
  std::vector<double> errors;
  for (const auto& [name, segment] : sums) {
    segments.push_back({name, segment.scores.size(), mean_interval(segment.scores, segment.weights), {}});
    means.push_back(segments.back().score.value);
    errors.push_back(pooling_error_of(segments.back().score));
  }
  const auto pooled = partial_pooling(means, errors);
  for (std::size_t i = 0; i < segments.size(); ++i) segments[i].pooled = pooled[i];
  return segments;
}

std::chrono::microseconds quantile_of(std::vector<std::chrono::microseconds> times, double share) {
  if (times.empty()) return {};
  const auto place = static_cast<std::size_t>(share * static_cast<double>(times.size() - 1));
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(place), times.end());
  return times[place];
}

}  // namespace

std::vector<double> Evaluation::scores() const {
  std::vector<double> scores;
  scores.reserve(outcomes.size());
  for (const Outcome& outcome : outcomes) scores.push_back(outcome.score);
  return scores;
}

Evaluation summary_of(const Dataset& data, std::vector<Outcome> outcomes) {
  Evaluation evaluation;
  evaluation.outcomes = std::move(outcomes);
  std::vector<double> weights;
  std::vector<std::chrono::microseconds> times;
  evaluation.cost = Money{};
  for (std::size_t i = 0; i < data.size(); ++i) {
    const Outcome& outcome = evaluation.outcomes[i];
    weights.push_back(data[i].weight);
    times.push_back(outcome.latency);
    evaluation.failures += outcome.error ? 1 : 0;
    evaluation.tokens += outcome.tokens;
    evaluation.calls += outcome.calls;
    if (!outcome.cost) evaluation.cost.reset();
    if (evaluation.cost) *evaluation.cost += *outcome.cost;
  }
  evaluation.score = mean_interval(evaluation.scores(), weights);
  evaluation.segments = segments_of(data, evaluation.outcomes);
  evaluation.latency_p50 = quantile_of(times, 0.5);
  evaluation.latency_p95 = quantile_of(std::move(times), 0.95);
  return evaluation;
}

Result<Evaluation> evaluate(const Program& program, const Dataset& data, const Metric& metric, Session& session,
                            int sample, const Context& context) {
  if (data.empty()) return fail(Errc::invalid_argument, "there are no examples to evaluate on");
  std::vector<EvaluationItem> items;
  for (const Example& example : data) items.push_back({&program, &example, sample});
  auto outcomes = evaluate_items(items, metric, session, context);
  if (!outcomes) return tl::unexpected(outcomes.error());
  if (outcomes->size() < data.size()) {
    return fail(Errc::quota_exceeded, "the budget covers " + std::to_string(outcomes->size()) + " of " +
                                          std::to_string(data.size()) + " examples");
  }
  return summary_of(data, *std::move(outcomes));
}

Result<Comparison> compare(const Evaluation& first, const Evaluation& second, double confidence) {
  const bool same =
      std::equal(first.outcomes.begin(), first.outcomes.end(), second.outcomes.begin(), second.outcomes.end(),
                 [](const Outcome& a, const Outcome& b) { return a.example == b.example; });
  if (!same) return fail(Errc::invalid_argument, "the evaluations are of different examples");
  return compare(first.scores(), second.scores(), {}, confidence);
}

}  // namespace persona::prompt
