//! What a search will take.
#include "forecast.hpp"

#include "evaluate_items.hpp"
#include "session_call.hpp"

#include <algorithm>
#include <cmath>

namespace persona::prompt {
namespace {

double mean_bytes(const Program& program, const Dataset& data) {
  double bytes = 0;
  const std::size_t looked_at = std::min<std::size_t>(data.size(), 64);
  for (std::size_t i = 0; i < looked_at; ++i) {
    for (const Predictor& predictor : program.predictors()) {
      Fields inputs = data[i].fields;
      for (const Field& input : predictor.signature.inputs) inputs.try_emplace(input.name, std::string());
      if (const auto request = render(predictor, inputs)) bytes += static_cast<double>(bytes_of(*request));
    }
  }
  return bytes / static_cast<double>(std::max<std::size_t>(looked_at * program.predictors().size(), 1));
}

double answer_tokens(const Program& program, const Dataset& data) {
  double bytes = 0;
  for (const Example& example : data) {
    for (const Field& output : program.predictors().back().signature.outputs) {
      if (const auto value = example.fields.find(output.name); value != example.fields.end()) {
        bytes += static_cast<double>(to_text(value->second).size());
      }
    }
  }
  return 12 + bytes / 4 / static_cast<double>(std::max<std::size_t>(data.size(), 1));
}

double calls_of(const std::vector<ModelLoad>& loads) {
  double calls = 0;
  for (const ModelLoad& load : loads) calls += load.calls;
  return calls;
}

double calls_before_runs(const Program& program) {
  double calls = 0;
  for (const Preparation& preparation : program.needs().preparations) {
    if (!preparation.is_done()) calls += preparation.load.calls;
  }
  return calls;
}

Interval range(double low, double middle, double high) {
  return {middle, low, high, 0.9};
}

}  // namespace

Result<Forecast> forecast_of(const Task& task, std::size_t holdout, const Optimizer& optimizer,
                             const Session& session) {
  const Plan plan = optimizer.plan(task);
  const bool reasons = std::any_of(task.program.predictors().begin(), task.program.predictors().end(),
                                   [](const Predictor& predictor) { return predictor.reasons; });
  const double other_calls =
      calls_of(task.program.needs().load) + (task.metric != nullptr ? calls_of(task.metric->load()) : 0);
  const double calls_a_run = static_cast<double>(task.program.predictors().size()) + other_calls;
  const double input = mean_bytes(task.program, task.train) / 4;
  const double output = answer_tokens(task.program, task.train) + (reasons ? 120 : 0);
  const double certify = 2 * static_cast<double>(holdout);

  Forecast forecast;
  const double runs = static_cast<double>(plan.program_runs);
  const double runs_most = static_cast<double>(plan.program_runs_most);
  const double proposals = static_cast<double>(plan.proposer_calls);
  const double once = calls_before_runs(task.program);
  const double embedded = plan.embedder_calls > 0 ? static_cast<double>(plan.embedder_calls) + certify / 2 : 0;
  forecast.calls = range(runs * calls_a_run + proposals + certify / 4 + once,
                         runs * calls_a_run + proposals + certify + once + embedded,
                         (runs_most + certify) * (task.program.most_calls() + other_calls) +
                             static_cast<double>(plan.proposer_calls_most) + once + embedded);
  // Demos make later prompts longer: up to the labeled and bootstrapped ones, about four times.
  const double proposal_tokens = 1500;
  const auto tokens = [&](double count, double longer, double asked) {
    return count * calls_a_run * (input * longer + output) + asked * proposal_tokens;
  };
  forecast.tokens = range(tokens(runs + certify / 4, 1, proposals), tokens(runs + certify, 2, proposals),
                          tokens(runs_most + certify, 6, static_cast<double>(plan.proposer_calls_most)));
  const auto& options = session.options();
  const auto day = std::chrono::floor<std::chrono::days>(options.clock->today());
  const auto price = options.prices->find(options.model->name(), options.model_name, day);
  forecast.price_known = price.has_value();
  if (price) {
    const double share_out = output / std::max(input + output, 1.0);
    const double token = (static_cast<double>(price->standard.input.picodollars) * (1 - share_out) +
                          static_cast<double>(price->standard.output.picodollars) * share_out) *
                         1e-12;
    forecast.dollars =
        range(forecast.tokens.lower * token, forecast.tokens.value * token, forecast.tokens.upper * token);
  }
  const Budget& budget = options.budget;
  forecast.fits_budget = (!budget.calls || forecast.calls.value <= static_cast<double>(*budget.calls)) &&
                         (!budget.tokens || forecast.tokens.value <= static_cast<double>(*budget.tokens)) &&
                         (!budget.money || !price || dollars(forecast.dollars.value) <= *budget.money);
  return forecast;
}

}  // namespace persona::prompt
