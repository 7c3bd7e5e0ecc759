//! Batches: a file up, an order, a file down.
#include "llm/openai/batch_lines.hpp"
#include "llm/openai/errors.hpp"
#include "llm/openai/provider.hpp"
#include "llm/wire/fields.hpp"

#include <persona/core/clock.hpp>
#include <persona/llm/price.hpp>

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace persona::llm {
namespace {

using wire::text_at;

constexpr std::size_t most_answer_bytes = std::size_t{2} << 30;

Result<Json> ask_batches(const wire::Endpoint& endpoint, wire::Outgoing outgoing, const Context& context) {
  const auto response = wire::exchange(endpoint, std::move(outgoing), openai_api::read_complaint, {}, context);
  if (!response) return tl::unexpected(response.error());
  return wire::parse(response->body, endpoint.name);
}

OpenAIBatches::State state_of(const Json& batch) {
  const Json& counts = wire::at(batch, "request_counts");
  return {.id = std::string(text_at(batch, "id")),
          .status = std::string(text_at(batch, "status")),
          .total = wire::count_at(counts, "total"),
          .completed = wire::count_at(counts, "completed"),
          .failed = wire::count_at(counts, "failed"),
          .output_file = std::string(text_at(batch, "output_file_id")),
          .error_file = std::string(text_at(batch, "error_file_id"))};
}

// A batch that failed says why in a list of its own.
void take_batch_errors(const Json& batch, OpenAIBatches::State& state) {
  const Json& errors = wire::at(wire::at(batch, "errors"), "data");
  for (std::size_t i = 0; errors.is_array() && i < errors.size(); ++i) {
    const auto line = wire::count_if(errors[i], "line");
    state.errors.push_back(line ? fmt::format("line {}: {}", *line, text_at(errors[i], "message"))
                                : std::string(text_at(errors[i], "message")));
  }
}

Result<OpenAIBatches::State> read_state(const Result<Json>& batch, const std::string& name) {
  if (!batch) return tl::unexpected(batch.error());
  OpenAIBatches::State state = state_of(*batch);
  if (state.id.empty() || state.status.empty()) return fail(Errc::invalid_output, name + " sent no batch");
  take_batch_errors(*batch, state);
  return state;
}

Status add_answers(const wire::Endpoint& endpoint, const std::string& file, const Context& context,
                   std::vector<OpenAIBatches::Answer>& answers) {
  if (file.empty()) return {};
  const auto response = wire::exchange(endpoint,
                                       {.method = "GET",
                                        .path = "/files/" + wire::path_segment(file) + "/content",
                                        .accept = "*/*",
                                        .max_bytes = most_answer_bytes},
                                       openai_api::read_complaint, {}, context);
  if (!response) return tl::unexpected(response.error());
  auto more = openai_api::read_batch_lines(response->body, endpoint.name);
  if (!more) return tl::unexpected(more.error());
  for (auto& answer : *more) answers.push_back(std::move(answer));
  return {};
}

void price_answers(std::vector<OpenAIBatches::Answer>& answers, std::string_view provider) {
  const auto prices = PriceTable::built_in();
  const auto day = std::chrono::floor<std::chrono::days>(system_clock()->today());
  for (OpenAIBatches::Answer& answer : answers) {
    if (!answer.reply || answer.reply->usage.estimated) continue;
    if (const auto found = prices->find(provider, answer.reply->model, day))
      answer.reply->cost = batch_cost(*found, answer.reply->usage);
  }
}

}  // namespace

OpenAIBatches::OpenAIBatches(std::shared_ptr<http::Transport> transport, OpenAIOptions options)
    : transport_(std::move(transport)), options_(std::move(options)) {}

Result<OpenAIBatches::State> OpenAIBatches::submit(std::span<const Item> items, const Context& context) {
  const wire::Endpoint endpoint = openai_api::endpoint_of(transport_, options_);
  std::vector<std::string> warnings;
  const auto lines = openai_api::batch_lines(items, openai_api::server_of(options_), warnings);
  if (!lines) return tl::unexpected(lines.error());
  openai_api::FileForm form = openai_api::file_form("batch", "requests.jsonl", *lines);
  const auto file = ask_batches(
      endpoint, {.path = "/files", .content_type = std::move(form.content_type), .body = std::move(form.body)},
      context);
  if (!file) return tl::unexpected(file.error());
  const std::string_view id = text_at(*file, "id");
  if (id.empty()) return fail(Errc::invalid_output, endpoint.name + " took a file and gave it no id");
  const Json order = {{"input_file_id", id}, {"endpoint", "/v1/chat/completions"}, {"completion_window", "24h"}};
  auto state = read_state(ask_batches(endpoint, {.path = "/batches", .body = print_json_compact(order)}, context),
                          endpoint.name);
  if (state) state->warnings = std::move(warnings);
  return state;
}

Result<OpenAIBatches::State> OpenAIBatches::find(std::string_view batch, const Context& context) {
  const wire::Endpoint endpoint = openai_api::endpoint_of(transport_, options_);
  return read_state(ask_batches(endpoint, {.method = "GET", .path = "/batches/" + wire::path_segment(batch)}, context),
                    endpoint.name);
}

Result<OpenAIBatches::State> OpenAIBatches::cancel(std::string_view batch, const Context& context) {
  const wire::Endpoint endpoint = openai_api::endpoint_of(transport_, options_);
  return read_state(ask_batches(endpoint, {.path = "/batches/" + wire::path_segment(batch) + "/cancel"}, context),
                    endpoint.name);
}

Result<std::vector<OpenAIBatches::Answer>> OpenAIBatches::answers(const State& state, const Context& context) {
  const wire::Endpoint endpoint = openai_api::endpoint_of(transport_, options_);
  if (!state.is_over()) {
    return fail(Errc::conflict,
                fmt::format("{}: the batch '{}' is {}, not over", endpoint.name, state.id, state.status));
  }
  std::vector<Answer> answers;
  for (const std::string& file : {state.output_file, state.error_file}) {
    if (const auto added = add_answers(endpoint, file, context, answers); !added) return tl::unexpected(added.error());
  }
  price_answers(answers, options_.name);
  return answers;
}

}  // namespace persona::llm
