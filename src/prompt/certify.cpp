//! Is the winner better than the baseline?
#include "certify.hpp"

#include "evaluate_items.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace persona::prompt {
namespace {

constexpr std::size_t examples_a_look = 8;

// Both programs on the same examples, as far as the budget goes.
struct PairedOutcomes {
  std::vector<Outcome> before, after;
};

Result<PairedOutcomes> run_both(const Program& baseline, const Program& winner, const Dataset& data,
                                const Metric& metric, Session& session, const Context& context) {
  std::vector<EvaluationItem> items;
  for (const Example& example : data) {
    items.push_back({&baseline, &example});
    items.push_back({&winner, &example});
  }
  auto outcomes = evaluate_items(items, metric, session, context);
  if (!outcomes) return tl::unexpected(outcomes.error());
  PairedOutcomes pairs;
  for (std::size_t i = 0; i + 1 < outcomes->size(); i += 2) {
    pairs.before.push_back(std::move((*outcomes)[i]));
    pairs.after.push_back(std::move((*outcomes)[i + 1]));
  }
  return pairs;
}

std::vector<double> scores_of(const std::vector<Outcome>& outcomes) {
  std::vector<double> scores;
  for (const Outcome& outcome : outcomes) scores.push_back(outcome.score);
  return scores;
}

std::string verdict_of(const Certificate& certificate, bool same_program, const std::string& interruption) {
  if (same_program) return "The search found nothing better; the program is returned as it came.";
  if (!interruption.empty())
    return "The proof was interrupted (" + interruption + "); the program is returned as it came.";
  if (!certificate.broken_segments.empty()) {
    return "A segment became worse (" + certificate.broken_segments.front() + "); the program is returned as it came.";
  }
  if (certificate.is_better)
    return fmt::format(
        "Proven better on {} examples that took no part in the search; the chance that it is not is at most {:g} %.",
        certificate.examples, 100 * certificate.alpha);
  return "Not proven better on " + std::to_string(certificate.examples) +
         " examples; the program is returned as it came.";
}

}  // namespace

Result<Certified> certify(const Program& baseline, const Program& winner, const Dataset& holdout, const Task& task,
                          Session& session, double alpha, const Context& context) {
  Certified certified;
  Certificate& certificate = certified.certificate;
  certificate.alpha = alpha;
  const bool same_program = &baseline == &winner;
  if (same_program) {
    certificate.verdict = verdict_of(certificate, true, {});
    return certified;
  }
  Race race(alpha);
  PairedOutcomes all;
  std::string interruption;
  const bool needs_all = task.objective.segment_tolerance >= 0;  // every segment has its say
  while (all.before.size() < holdout.size() && (needs_all || !race.is_won())) {
    std::vector<std::size_t> rows;
    for (std::size_t i = all.before.size(); i < std::min(holdout.size(), all.before.size() + examples_a_look); ++i) {
      rows.push_back(i);
    }
    auto pairs = run_both(baseline, winner, holdout.take(rows), *task.metric, session, context);
    if (!pairs && !ends_search_early(pairs.error())) return tl::unexpected(pairs.error());
    if (!pairs || pairs->before.empty()) {
      interruption = pairs ? "the budget is used up" : pairs.error().message;
      break;
    }
    for (std::size_t i = 0; i < pairs->before.size(); ++i) {
      race.add(pairs->before[i].score, pairs->after[i].score);
      all.before.push_back(std::move(pairs->before[i]));
      all.after.push_back(std::move(pairs->after[i]));
    }
  }
  const Dataset seen = holdout.first(all.before.size());
  certificate.examples = seen.size();
  certificate.p_value = race.p_value();
  if (!seen.empty()) {
    certificate.comparison = compare(scores_of(all.before), scores_of(all.after));
    const Evaluation before = summary_of(seen, std::move(all.before));
    const Evaluation after = summary_of(seen, std::move(all.after));
    certificate.broken_segments = broken_segments(task.objective, before, after);
    certified.before = before.segments;
    certified.after = after.segments;
  }
  certificate.is_better = race.is_won() && certificate.broken_segments.empty() && (!needs_all || interruption.empty());
  certificate.verdict = verdict_of(certificate, false, certificate.is_better ? "" : interruption);
  return certified;
}

}  // namespace persona::prompt
