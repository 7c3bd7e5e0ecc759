//! Many (program, example) pairs run at once.
#include "evaluate_items.hpp"

#include "run_load.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace persona::prompt {
namespace {

bool ends_evaluation(const Error& error) {
  return error.code == Errc::unauthenticated || error.code == Errc::permission_denied ||
         error.code == Errc::not_found || error.code == Errc::io;
}

// Metrics are other people's code: what they throw or make up is an error of theirs.
Result<Score> judged_score(const Metric& metric, const Example& example, const Prediction& prediction,
                           const Judging& judging) {
  try {
    auto score = metric.score(example, prediction, judging);
    if (score && !std::isfinite(score->value)) {
      return fail(Errc::invalid_argument,
                  "metric '" + metric.name() + "' gave no number for example '" + example.id + "'");
    }
    if (score) score->value = std::clamp(score->value, 0.0, 1.0);
    return score;
  } catch (const std::exception& thrown) {
    return fail(Errc::invalid_argument,
                "metric '" + metric.name() + "' threw on example '" + example.id + "': " + thrown.what());
  }
}

struct ItemResult {
  Outcome outcome;
  std::optional<Error> metric_error;
};

ItemResult run_item(const EvaluationItem& item, const Metric& metric, const Session& session, Models& models,
                    const Context& context) {
  ItemResult result;
  Outcome& outcome = result.outcome;
  outcome.example = item.example->id;
  auto prediction = item.program->run(models.task(), session.options().model_name, item.example->fields, item.sample,
                                      context, lend_through(models, "flow"));
  if (!prediction) {
    outcome.error = prediction.error();
    outcome.feedback = "no answer: " + prediction.error().message;
    return result;
  }
  outcome.cost = prediction->cost;
  outcome.calls = prediction->calls;
  outcome.tokens = prediction->usage.input + prediction->usage.output;
  outcome.latency = prediction->latency;
  const Judging judging{context, lend_through(models, "judge")};
  if (auto score = judged_score(metric, *item.example, *prediction, judging)) {
    outcome.score = score->value;
    outcome.feedback = std::move(score->feedback);
  } else {
    result.metric_error = score.error();
  }
  outcome.outputs = std::move(prediction->outputs);
  outcome.trace = std::move(prediction->trace);
  return result;
}

// For each program an example that is longer than all of its own: of each field, the longest value.
std::map<const Program*, Fields> longest_fields(const std::vector<EvaluationItem>& items) {
  std::map<const Program*, std::map<std::string_view, std::pair<std::size_t, const FieldValue*>>> longest;
  for (const EvaluationItem& item : items) {
    auto& values = longest[item.program];
    for (const auto& [name, value] : item.example->fields) {
      const auto* text = std::get_if<std::string>(&value);
      const std::size_t size = text != nullptr ? text->size() : to_text(value).size();
      auto& [most, which] = values[name];
      if (which == nullptr || size > most) most = size, which = &value;
    }
  }
  std::map<const Program*, Fields> fields;
  for (const auto& [program, values] : longest)
    for (const auto& [name, value] : values) fields[program].emplace(name, *value.second);
  return fields;
}

std::vector<std::size_t> outages(const std::vector<ItemResult>& results, std::size_t count) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < count; ++i) {
    const bool failed = (results[i].outcome.error && may_pass_later(*results[i].outcome.error)) ||
                        (results[i].metric_error && may_pass_later(*results[i].metric_error));
    if (failed) places.push_back(i);
  }
  return places;
}

Result<std::vector<Outcome>> outcomes_of(std::vector<ItemResult> results, std::size_t done) {
  if (const auto left = outages(results, done); !left.empty()) {
    const ItemResult& first = results[left.front()];
    Error error = first.outcome.error ? *first.outcome.error : *first.metric_error;
    error.message =
        std::to_string(left.size()) + " of " + std::to_string(done) + " runs found no answer: " + error.message;
    return tl::unexpected(std::move(error));
  }
  std::vector<Outcome> outcomes;
  outcomes.reserve(done);
  for (std::size_t i = 0; i < done; ++i) {
    if (results[i].metric_error) return tl::unexpected(*results[i].metric_error);
    if (results[i].outcome.error && ends_evaluation(*results[i].outcome.error)) {
      return tl::unexpected(*results[i].outcome.error);
    }
    outcomes.push_back(std::move(results[i].outcome));
  }
  return outcomes;
}

}  // namespace

bool ends_search_early(const Error& error) {
  return error.code == Errc::cancelled || error.code == Errc::deadline_exceeded || error.code == Errc::quota_exceeded ||
         may_pass_later(error);
}

Result<std::vector<Outcome>> evaluate_items(const std::vector<EvaluationItem>& items, const Metric& metric,
                                            Session& session, const Context& context) {
  llm::Charge most;
  std::map<const Program*, std::string> hashes;
  for (const auto& [program, fields] : longest_fields(items)) {
    const auto charge = most_of_item(*program, metric, fields, session);
    if (!charge) return tl::unexpected(charge.error());
    most = {std::max(most.money, charge->money), std::max(most.tokens, charge->tokens),
            std::max(most.calls, charge->calls)};
    hashes[program] = program->hash();
  }
  for (const auto& [program, hash] : hashes) {
    const auto is_ready = prepare(*program, hash, session, context);
    if (!is_ready) return tl::unexpected(is_ready.error());
    if (!*is_ready) return std::vector<Outcome>();
  }
  std::vector<ItemResult> results(items.size());
  const Work work = [&](std::size_t i, Models& models) {
    results[i] = run_item(items[i], metric, session, models, context);
  };
  const auto about = [&](std::size_t i) { return About{hashes.at(items[i].program), items[i].example->id}; };
  const auto done = session.run(items.size(), most, work, context, about);
  if (!done) return tl::unexpected(done.error());
  for (Tries tries(session, more_tries); tries.are_left();) {
    const auto again = outages(results, *done);
    if (again.empty()) break;
    tries.begin();
    const auto redone = session.run(
        again.size(), most, [&](std::size_t k, Models& models) { work(again[k], models); }, context,
        [&](std::size_t k) { return about(again[k]); });
    if (!redone) return tl::unexpected(redone.error());
    tries.end();
  }
  return outcomes_of(std::move(results), *done);
}

}  // namespace persona::prompt
