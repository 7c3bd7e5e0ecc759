//! Many (program, example) pairs run at once.
#include "evaluate_items.hpp"

#include "allowance.hpp"
#include "session_call.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace persona::prompt {
namespace {

constexpr int more_tries = 2;

bool may_pass_later(const Error& error) {
  return error.code == Errc::unavailable || error.code == Errc::rate_limited;
}

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
  auto prediction =
      item.program->run(models.task(), session.options().model_name, item.example->fields, item.sample, context);
  if (!prediction) {
    outcome.error = prediction.error();
    outcome.feedback = "no answer: " + prediction.error().message;
    return result;
  }
  outcome.cost = prediction->cost;
  outcome.calls = prediction->calls;
  outcome.tokens = prediction->usage.input + prediction->usage.output;
  outcome.latency = prediction->latency;
  const Judging judging{context, [&models](const llm::Provider& model, std::string_view model_name) {
                          return models.counted(model, model_name);
                        }};
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

}  // namespace

bool ends_search_early(const Error& error) {
  return error.code == Errc::cancelled || error.code == Errc::deadline_exceeded || error.code == Errc::quota_exceeded ||
         may_pass_later(error);
}

Result<llm::Charge> most_of_run(const Program& program, const Fields& inputs, const Session& session) {
  std::size_t bytes = 0;
  std::int64_t output = 0;
  for (const Predictor& predictor : program.predictors()) {
    Fields filled = inputs;
    const std::int64_t most_output = predictor.max_output_tokens.value_or(session.options().max_output_tokens);
    output = std::max(output, most_output);
    for (const Field& input : predictor.signature.inputs) {
      // What an earlier predictor will have written.
      filled.try_emplace(input.name, std::string(longest_text(most_output), ' '));
    }
    const auto request = render(predictor, filled);
    if (!request) return tl::unexpected(request.error());
    bytes = std::max(bytes, bytes_of(*request));
  }
  if (program.most_calls() > static_cast<int>(program.predictors().size())) {
    bytes += longest_text(output);  // notes and earlier steps
  }
  bytes += program.most_added_bytes();
  auto each = session.most_of(bytes, output);
  if (!each) return each;
  const std::int64_t calls = program.most_calls();
  return llm::Charge{each->money * calls, each->tokens * calls, calls};
}

Result<llm::Charge> most_of_judging(const Metric& metric, const Program& program, const Fields& fields,
                                    const Session& session) {
  llm::Charge all;
  std::int64_t answer = 0;
  for (const Predictor& predictor : program.predictors())
    answer = std::max(answer, predictor.max_output_tokens.value_or(session.options().max_output_tokens));
  const std::size_t shown = to_json(fields).size() + longest_text(answer);
  for (const JudgeLoad& load : metric.load()) {
    const auto each = session.most_of(load.model, load.model_name, load.bytes + shown, load.output_tokens);
    if (!each) return each;
    all += {each->money * load.calls, each->tokens * load.calls, load.calls};
  }
  return all;
}

Result<std::vector<Outcome>> evaluate_items(const std::vector<EvaluationItem>& items, const Metric& metric,
                                            Session& session, const Context& context) {
  llm::Charge most;
  std::map<const Program*, std::string> hashes;
  for (const auto& [program, fields] : longest_fields(items)) {
    auto charge = most_of_run(*program, fields, session);
    if (!charge) return tl::unexpected(charge.error());
    const auto judging = most_of_judging(metric, *program, fields, session);
    if (!judging) return tl::unexpected(judging.error());
    *charge += *judging;
    most = {std::max(most.money, charge->money), std::max(most.tokens, charge->tokens),
            std::max(most.calls, charge->calls)};
    hashes[program] = program->hash();
  }
  std::vector<ItemResult> results(items.size());
  const Work work = [&](std::size_t i, Models& models) {
    results[i] = run_item(items[i], metric, session, models, context);
  };
  const auto about = [&](std::size_t i) { return About{hashes.at(items[i].program), items[i].example->id}; };
  const auto done = session.run(items.size(), most, work, context, about);
  if (!done) return tl::unexpected(done.error());
  // Tries that the ledger answers are those of an earlier process: they do not count.
  for (int tries = 0; tries < more_tries;) {
    const auto again = outages(results, *done);
    if (again.empty()) break;
    const Spent before = session.spent();
    const auto redone = session.run(
        again.size(), most, [&](std::size_t k, Models& models) { work(again[k], models); }, context,
        [&](std::size_t k) { return about(again[k]); });
    if (!redone) return tl::unexpected(redone.error());
    const Spent after = session.spent();
    if (after.calls - after.replayed_calls > before.calls - before.replayed_calls || after.calls == before.calls)
      ++tries;
  }
  if (const auto left = outages(results, *done); !left.empty()) {
    const ItemResult& first = results[left.front()];
    Error error = first.outcome.error ? *first.outcome.error : *first.metric_error;
    error.message =
        std::to_string(left.size()) + " of " + std::to_string(*done) + " runs found no answer: " + error.message;
    return tl::unexpected(std::move(error));
  }
  std::vector<Outcome> outcomes;
  outcomes.reserve(*done);
  for (std::size_t i = 0; i < *done; ++i) {
    if (results[i].metric_error) return tl::unexpected(*results[i].metric_error);
    if (results[i].outcome.error && ends_evaluation(*results[i].outcome.error)) {
      return tl::unexpected(*results[i].outcome.error);
    }
    outcomes.push_back(std::move(results[i].outcome));
  }
  return outcomes;
}

}  // namespace persona::prompt
