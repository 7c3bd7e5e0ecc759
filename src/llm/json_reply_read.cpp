//! Replies from JSON text.
#include <persona/llm/json.hpp>

#include "json_read.hpp"

#include <fmt/format.h>

namespace persona::llm {
namespace {

template <class Duration>
void read_duration(JsonFields& fields, std::string_view key, Duration& out) {
  std::int64_t count = 0;
  fields.read(key, count);
  out = Duration(count);
}

void read_money(JsonFields& fields, std::string_view key, std::optional<Money>& out) {
  std::optional<std::int64_t> amount;
  fields.read(key, amount);
  if (amount) out = Money{*amount};
}

void read_usage(const Json& json, const JsonPlace& place, Status& status, Usage& usage) {
  JsonFields fields(json, place, status);
  fields.read("estimated", usage.estimated);
  fields.read("input", usage.input);
  fields.read("input_cache_write", usage.input_cache_write);
  fields.read("input_cache_write_1h", usage.input_cache_write_1h);
  fields.read("input_cached", usage.input_cached);
  fields.read("output", usage.output);
  fields.read("output_reasoning", usage.output_reasoning);
  fields.finish();
}

void read_service(const Json& json, const JsonPlace& place, Status& status, std::optional<ServiceFailure>& service) {
  JsonFields fields(json, place, status);
  service.emplace();
  std::int64_t code = 0;
  std::optional<std::int64_t> retry_after;
  read_money(fields, "cost_picodollars", service->cost);
  fields.read("request_id", service->request_id);
  fields.read("retry_after_ms", retry_after);
  fields.read("retryable", service->retryable);
  fields.read("sent", service->sent);
  fields.read("status", code);
  fields.read("type", service->type);
  fields.finish();
  service->status = static_cast<int>(code);
  if (retry_after) service->retry_after = std::chrono::milliseconds(*retry_after);
}

void read_error(const Json& json, const JsonPlace& place, Status& status, std::optional<Error>& error) {
  JsonFields fields(json, place, status);
  error.emplace();
  fields.read("code", error->code);
  fields.read("message", error->message);
  fields.read("path", error->path);
  fields.nested("service", error->service, read_service);
  fields.finish();
}

void read_attempt(const Json& json, const JsonPlace& place, Status& status, Attempt& attempt) {
  JsonFields fields(json, place, status);
  read_money(fields, "cost_picodollars", attempt.cost);
  read_duration(fields, "duration_us", attempt.duration);
  fields.nested("error", attempt.error, read_error);
  fields.read("hedge", attempt.hedge);
  fields.read("model", attempt.model);
  fields.read("provider", attempt.provider);
  fields.nested("usage", attempt.usage, read_usage);
  fields.finish();
}

void read_allowance(const Json& json, const JsonPlace& place, Status& status, std::optional<Allowance>& allowance) {
  JsonFields fields(json, place, status);
  allowance.emplace();
  fields.read("input_tokens", allowance->input_tokens);
  fields.read("output_tokens", allowance->output_tokens);
  fields.read("requests", allowance->requests);
  read_duration(fields, "requests_reset_ms", allowance->requests_reset);
  read_duration(fields, "tokens_reset_ms", allowance->tokens_reset);
  fields.finish();
}

}  // namespace

Result<Reply> parse_reply(std::string_view text) {
  const Result<Json> json = parse_json_document(text);
  if (!json) return tl::unexpected(json.error());
  Status status;
  const JsonPlace root;
  Reply reply;
  JsonFields fields(*json, root, status);
  fields.nested("allowance", reply.allowance, read_allowance);
  fields.each("attempts", reply.attempts, read_attempt);
  read_money(fields, "cost_picodollars", reply.cost);
  fields.read("finish", reply.finish);
  read_duration(fields, "first_token_us", reply.first_token);
  fields.read("id", reply.id);
  fields.read("json", reply.json);
  fields.read("model", reply.model);
  fields.read("provider", reply.provider);
  fields.read("refusal", reply.refusal);
  fields.read("request_id", reply.request_id);
  fields.read("source", reply.source);
  fields.read("text", reply.text);
  fields.each("thinking", reply.thinking, reads_json);
  fields.each("tool_calls", reply.tool_calls, reads_json);
  read_duration(fields, "total_us", reply.total);
  fields.nested("usage", reply.usage, read_usage);
  fields.read("warnings", reply.warnings);
  fields.finish();
  if (!status) return tl::unexpected(status.error());
  return reply;
}

}  // namespace persona::llm
