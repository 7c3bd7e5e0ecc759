//! Counters and histograms of calls, as Prometheus reads them.
#include <persona/llm/telemetry.hpp>

#include "prometheus_text.hpp"

#include "event_words.hpp"

#include <persona/core/money.hpp>

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>

namespace persona::llm {
namespace {

constexpr std::size_t most_models = 1000;

// As the conventions advise.
constexpr double seconds_bounds[] = {0.01, 0.02, 0.04, 0.08,  0.16,  0.32,  0.64,
                                     1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92};
constexpr double token_bounds[] = {1,     4,     16,     64,      256,     1024,     4096,
                                   16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864};

template <class T>
const T* attribute_of(const Event& event, std::string_view name) {
  for (const auto& [key, value] : event.attributes)
    if (key == name) return std::get_if<T>(&value);
  return nullptr;
}

const std::string& text_of(const Event& event, std::string_view name) {
  static const std::string none;
  const auto* text = attribute_of<std::string>(event, name);
  return text != nullptr ? *text : none;
}

}  // namespace

struct Metrics::State {
  mutable std::mutex mutex;
  std::set<std::string> models;
  PrometheusCounters calls{"persona_llm_calls_total", "Calls, by what became of them."};
  PrometheusCounters attempts{"persona_llm_attempts_total", "Requests that went out for calls that were answered."};
  PrometheusCounters unpriced{"persona_llm_unpriced_calls_total", "Calls whose cost is not known."};
  PrometheusCounters cost{"persona_llm_cost_dollars_total", "What calls cost, failed ones too.",
                          [](std::int64_t amount) { return to_string(Money{amount}).substr(1); }};
  PrometheusHistograms seconds{"gen_ai_client_operation_duration_seconds", "Time of a call.", seconds_bounds};
  PrometheusHistograms first_token{"persona_llm_time_to_first_token_seconds", "Time to the first piece of a stream.",
                                   seconds_bounds};
  PrometheusHistograms tokens{"gen_ai_client_token_usage", "Tokens of a call.", token_bounds};

  // Whoever asks for models at random must not fill the memory.
  std::string_view model_label(const std::string& model) {
    if (models.contains(model)) return model;
    if (models.size() >= most_models) return "other";
    models.insert(model);
    return model;
  }

  void add_tokens(PrometheusLabels labels, const char* type, const std::int64_t* count) {
    if (count == nullptr) return;
    tokens.observe(labels.add("gen_ai_token_type", type), static_cast<double>(*count));
  }
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

void Metrics::on_event(const Event& event) {
  const std::lock_guard lock(state_->mutex);
  const std::string &error = text_of(event, event_words::error_type), &source = text_of(event, event_words::source);
  PrometheusLabels model;
  model.add("gen_ai_operation_name", text_of(event, event_words::operation))
      .add("gen_ai_provider_name", text_of(event, event_words::provider))
      .add("gen_ai_request_model", state_->model_label(text_of(event, event_words::request_model)));
  PrometheusLabels outcome = model;
  outcome.add("error_type", error);
  if (text_of(event, event_words::kind) == "attempt") return state_->attempts.add(outcome, 1);
  state_->seconds.observe(outcome, std::chrono::duration<double>(event.duration).count());
  state_->calls.add(outcome.add("source", source), 1);
  const auto* cost = attribute_of<std::int64_t>(event, event_words::cost);
  if (cost != nullptr)
    state_->cost.add(model, *cost);
  else if (error.empty())
    state_->unpriced.add(model, 1);
  const bool was_bought = source.empty() || source == "provider";
  if (!error.empty() || !was_bought) return;
  state_->add_tokens(model, "input", attribute_of<std::int64_t>(event, event_words::input_tokens));
  state_->add_tokens(model, "output", attribute_of<std::int64_t>(event, event_words::output_tokens));
  const auto* streamed = attribute_of<bool>(event, event_words::streamed);
  const auto* first_token = attribute_of<double>(event, event_words::first_token);
  if (streamed != nullptr && *streamed && first_token != nullptr) state_->first_token.observe(model, *first_token);
}

std::string Metrics::prometheus() const {
  const std::lock_guard lock(state_->mutex);
  std::string out;
  state_->calls.print(out);
  state_->attempts.print(out);
  state_->cost.print(out);
  state_->unpriced.print(out);
  state_->seconds.print(out);
  state_->first_token.print(out);
  state_->tokens.print(out);
  return out;
}

}  // namespace persona::llm
