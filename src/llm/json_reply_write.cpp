//! Replies as JSON text. Members stand in order of their names.
#include <persona/llm/json.hpp>

#include "json_write.hpp"

namespace persona::llm {
namespace {

void write_money(std::string_view name, const std::optional<Money>& money, CanonicalJson& out) {
  if (money) out.key(name).value(money->picodollars);
}

void write_json(const Usage& usage, CanonicalJson& out) {
  out.open_object();
  out.member("estimated", usage.estimated);
  out.member("input", usage.input);
  out.member("input_cache_write", usage.input_cache_write);
  out.member("input_cache_write_1h", usage.input_cache_write_1h);
  out.member("input_cached", usage.input_cached);
  out.member("output", usage.output);
  out.member("output_reasoning", usage.output_reasoning);
  out.close_object();
}

void write_usage(const Usage& usage, CanonicalJson& out) {
  if (usage != Usage{}) write_json(usage, (out.key("usage"), out));
}

void write_json(const ServiceFailure& service, CanonicalJson& out) {
  out.open_object();
  write_money("cost_picodollars", service.cost, out);
  out.member("request_id", service.request_id);
  if (service.retry_after) out.key("retry_after_ms").value(service.retry_after->count());
  out.member("retryable", service.retryable);
  out.member("sent", service.sent);
  out.member("status", service.status);
  out.member("type", service.type);
  out.close_object();
}

void write_json(const Attempt& attempt, CanonicalJson& out) {
  out.open_object();
  write_money("cost_picodollars", attempt.cost, out);
  out.member("duration_us", attempt.duration.count());
  if (attempt.error) llm::write_json(*attempt.error, (out.key("error"), out));
  out.member("hedge", attempt.hedge);
  out.member("model", attempt.model);
  out.member("provider", attempt.provider);
  write_usage(attempt.usage, out);
  out.close_object();
}

void write_json(const Allowance& allowance, CanonicalJson& out) {
  out.open_object();
  write_optional("input_tokens", allowance.input_tokens, out);
  write_optional("output_tokens", allowance.output_tokens, out);
  write_optional("requests", allowance.requests, out);
  out.member("requests_reset_ms", allowance.requests_reset.count());
  out.member("tokens_reset_ms", allowance.tokens_reset.count());
  out.close_object();
}

void write_attempts(const std::vector<Attempt>& attempts, CanonicalJson& out) {
  if (attempts.empty()) return;
  out.key("attempts").open_list();
  for (const Attempt& attempt : attempts) write_json(attempt, out);
  out.close_list();
}

}  // namespace

void write_json(const Error& error, CanonicalJson& out) {
  out.open_object();
  out.key("code").value(to_string(error.code));
  out.member("message", error.message);
  out.member("path", error.path);
  if (error.service) write_json(*error.service, (out.key("service"), out));
  out.close_object();
}

void write_json(const Reply& reply, CanonicalJson& out) {
  out.open_object();
  if (reply.allowance) write_json(*reply.allowance, (out.key("allowance"), out));
  write_attempts(reply.attempts, out);
  write_money("cost_picodollars", reply.cost, out);
  if (reply.finish != Finish::stop) out.key("finish").value(to_string(reply.finish));
  out.member("first_token_us", reply.first_token.count());
  out.member("id", reply.id);
  out.member("json", reply.json);
  out.member("model", reply.model);
  out.member("provider", reply.provider);
  out.member("refusal", reply.refusal);
  out.member("request_id", reply.request_id);
  if (reply.source != Source::provider) out.key("source").value(to_string(reply.source));
  out.member("text", reply.text);
  write_list("thinking", reply.thinking, out);
  write_list("tool_calls", reply.tool_calls, out);
  out.member("total_us", reply.total.count());
  write_usage(reply.usage, out);
  write_list("warnings", reply.warnings, out);
  out.close_object();
}

std::string to_json(const Reply& reply) {
  CanonicalJson out;
  write_json(reply, out);
  return out.take();
}

}  // namespace persona::llm
