//! Forecast, search, correct, certify.
#include <persona/prompt/selection.hpp>
#include <persona/prompt_optimizer.hpp>

#include "core/json_document.hpp"
#include "prompt/allowance.hpp"
#include "prompt/certify.hpp"
#include "prompt/forecast.hpp"
#include "prompt/front.hpp"
#include "prompt/run_load.hpp"

#include <persona/core/hash.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace persona::prompt {
namespace {

// The validation data in two parts that never meet: one to select by, one to certify by.
struct Parts {
  Task task;
  Dataset holdout;
};

Result<Parts> parts_of(const Task& task, const OptimizeOptions& options) {
  if (task.metric == nullptr) return fail(Errc::invalid_argument, "an optimization needs a metric");
  if (options.optimizer == nullptr) return fail(Errc::invalid_argument, "an optimization needs an optimizer");
  if (!(options.holdout_share > 0 && options.holdout_share < 1)) {
    return fail(Errc::invalid_argument, "holdout_share must lie between 0 and 1");
  }
  if (!(options.alpha > 0 && options.alpha < 1)) return fail(Errc::invalid_argument, "alpha must lie between 0 and 1");
  Parts parts{task, {}};
  if (task.validation.empty()) {
    const auto shares = split(task.train, 0.5, 0.5, options.seed);
    if (!shares) return tl::unexpected(shares.error());
    parts.task.train = shares->train;
    parts.task.validation = shares->validation;
  }
  const auto shares = split(parts.task.validation, 1 - options.holdout_share, options.holdout_share, options.seed + 1);
  if (!shares) return tl::unexpected(shares.error());
  parts.task.validation = shares->train;
  parts.holdout = shares->validation;
  if (parts.task.train.empty() || parts.task.validation.empty() || parts.holdout.empty()) {
    return fail(Errc::invalid_argument,
                "there are too few examples: " + std::to_string(task.train.size() + task.validation.size()) +
                    " do not make three parts to learn, select and certify by");
  }
  return parts;
}

std::string data_hash(const Dataset& data) {
  std::string all;
  for (const Example& example : data)
    all += fmt::format("{}\n{}\n{}\n{}\n", example.id, to_json(example.fields), example.segment, example.weight);
  return content_hash(all);
}

Json facts_of(const Objective& objective) {
  return {{"aim", objective.aim == Aim::mean ? "mean" : "worst_segment"},
          {"segment_tolerance", objective.segment_tolerance},
          {"per_dollar", objective.per_dollar},
          {"per_second", objective.per_second}};
}

Json optimizer_options(const Optimizer& optimizer) {
  const std::string options = optimizer.options();
  auto json = parse_json_document(options);
  return json ? *std::move(json) : Json(options);
}

std::string facts_of(const Task& task, const SessionOptions& session, const OptimizeOptions& options) {
  return print_json_compact({{"program", task.program.hash()},
                             {"train", data_hash(task.train)},
                             {"validation", data_hash(task.validation)},
                             {"teacher", task.teacher ? task.teacher->hash() : std::string()},
                             {"metric", task.metric->name()},
                             {"objective", facts_of(task.objective)},
                             {"optimizer", options.optimizer->name()},
                             {"optimizer_options", optimizer_options(*options.optimizer)},
                             {"seed", options.seed},
                             {"alpha", options.alpha},
                             {"holdout_share", options.holdout_share},
                             {"search_share", options.search_share},
                             {"model", session.model_name},
                             {"proposer", session.proposer_name}});
}

Status check_budget(const Parts& parts, Session& session) {
  const Fields& first = parts.task.validation[0].fields;
  const auto most = most_of_item(parts.task.program, *parts.task.metric, first, session);
  if (!most) return tl::unexpected(most.error());
  if (session.is_exhausted(*most)) {
    return fail(Errc::invalid_argument, "the budget does not cover a single run of the program, which can take " +
                                            to_string(most->money) + ", " + std::to_string(most->tokens) +
                                            " tokens and " + std::to_string(most->calls) + " calls");
  }
  return {};
}

// How good the winner is, the luck it was picked for taken off.
Interval corrected_score(const Search& search, const Dataset& examples) {
  std::vector<double> weights;
  for (const Example& example : examples) weights.push_back(example.weight);
  ScoreTable table(search.candidates.size(), weights.size(), weights);
  for (std::size_t i = 0; i < search.candidates.size(); ++i)
    for (std::size_t j = 0; j < search.candidates[i].scores.size(); ++j)
      if (!std::isnan(search.candidates[i].scores[j])) table.set(i, j, search.candidates[i].scores[j]);
  return without_winners_curse(table, search.best);
}

}  // namespace
}  // namespace persona::prompt

namespace persona {

Result<prompt::Forecast> PromptOptimizer::forecast() const {
  using namespace prompt;
  const auto parts = parts_of(task_, options_);
  if (!parts) return tl::unexpected(parts.error());
  auto session = Session::open(session_);
  if (!session) return tl::unexpected(session.error());
  return forecast_of(parts->task, parts->holdout.size(), *options_.optimizer, **session);
}

Result<Optimized> PromptOptimizer::optimize(const Context& context) const {
  using namespace prompt;
  auto parts = parts_of(task_, options_);
  if (!parts) return tl::unexpected(parts.error());
  auto opened = Session::open(session_);
  if (!opened) return tl::unexpected(opened.error());
  Session& session = **opened;
  if (const auto enough = check_budget(*parts, session); !enough) return tl::unexpected(enough.error());
  const auto& ledger = session.options().ledger;
  const auto begun = ledger->begin(session.options().run, facts_of(task_, session.options(), options_));
  if (!begun) return tl::unexpected(begun.error());

  OptimizationReport report;
  report.optimizer = options_.optimizer->name();
  report.run = session.options().run;
  report.seed = options_.seed;
  report.budget = session.options().budget;
  if (auto told = forecast_of(parts->task, parts->holdout.size(), *options_.optimizer, session)) {
    report.forecast = *std::move(told);
  }

  session.set_share(options_.search_share);
  auto search = options_.optimizer->search(parts->task, session, options_.seed, context);
  if (!search) return tl::unexpected(search.error());
  session.set_share(1);
  if (options_.on_candidate) {
    for (const Candidate& candidate : search->candidates) options_.on_candidate(candidate);
  }

  const Candidate& baseline = search->candidates.front();
  const Candidate& winner = search->candidates[search->best];
  auto certified =
      certify(baseline.program, winner.program, parts->holdout, parts->task, session, options_.alpha, context);
  if (!certified) return tl::unexpected(certified.error());
  const Candidate& returned = certified->certificate.is_better ? winner : baseline;
  report.stopped_early = search->stopped_early;
  report.winner = winner.id;
  report.returned = returned.id;
  report.selected_score = winner.score;
  report.corrected_score = corrected_score(*search, parts->task.validation);
  report.certificate = std::move(certified->certificate);
  report.segments_before = std::move(certified->before);
  report.segments_after = std::move(certified->after);
  report.front = front_of(search->candidates);
  report.notes = std::move(search->notes);
  report.spent = session.spent();
  Program program = returned.program;
  report.candidates = std::move(search->candidates);
  const auto kept = ledger->finish(session.options().run, to_json(report));
  if (!kept) return tl::unexpected(kept.error());
  return Optimized{std::move(program), std::move(report)};
}

}  // namespace persona
