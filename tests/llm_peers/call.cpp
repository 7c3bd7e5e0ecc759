//! One call of a dialect over the network, for the tests beside this file: a request as JSON comes in, what came of it
//! goes out.
#include <persona/http/curl.hpp>
#include <persona/llm/anthropic.hpp>
#include <persona/llm/gemini.hpp>
#include <persona/llm/json.hpp>
#include <persona/llm/ollama.hpp>
#include <persona/llm/openai.hpp>
#include <persona/llm/retry.hpp>

#include "core/json_document.hpp"

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <map>
#include <string>

using namespace persona;
using std::chrono::milliseconds;

namespace {

constexpr const char* usage =
    "persona_llm_call DIALECT URL [--stream] [--embed] [--count] [--batch] [--attempts N] [--timeout MS] [--official]\n"
    "DIALECT is openai, responses, azure, anthropic, anthropic-tool, gemini or ollama. --official speaks as to the\n"
    "provider's own server, and goes to URL all the same. The key is PERSONA_CALL_KEY.\n";

//! What is meant for a provider's own server goes to another.
class Elsewhere final : public http::Transport {
 public:
  Elsewhere(std::shared_ptr<http::Transport> inner, std::string from, std::string to)
      : inner_(std::move(inner)), from_(std::move(from)), to_(std::move(to)) {}

  Result<http::Response> send(const http::Request& request, const http::OnBytes& on_bytes,
                              const Context& context) override {
    http::Request moved = request;
    if (!from_.empty() && moved.url.starts_with(from_)) moved.url.replace(0, from_.size(), to_);
    return inner_->send(moved, on_bytes, context);
  }

 private:
  std::shared_ptr<http::Transport> inner_;
  std::string from_, to_;
};

struct Order {
  std::string dialect = {}, url = {};
  std::map<std::string, std::string> flags = {};

  bool has(const std::string& flag) const { return flags.contains(flag); }
  int number(const std::string& flag, int otherwise) const {
    const auto found = flags.find(flag);
    return found == flags.end() ? otherwise : std::atoi(found->second.c_str());
  }
};

Secret key() {
  const char* value = std::getenv("PERSONA_CALL_KEY");
  return Secret(value != nullptr ? value : "");
}

std::shared_ptr<http::Transport> transport_of(const Order& order, std::string& base_url, const std::string& official) {
  auto transport = http::curl_transport();
  if (!transport) {
    std::cerr << to_string(transport.error()) << '\n';
    std::exit(3);
  }
  base_url = order.has("--official") ? official : order.url;
  return std::make_shared<Elsewhere>(std::move(*transport), official, order.url);
}

llm::OpenAIOptions openai_options(const Order& order, const std::string& base_url) {
  return {.base_url = base_url, .key = key(), .timeout = milliseconds(order.number("--timeout", 20'000))};
}

llm::Provider provider_of(const Order& order) {
  const milliseconds timeout(order.number("--timeout", 20'000));
  std::string url;
  if (order.dialect == "openai" || order.dialect == "responses") {
    const auto transport = transport_of(order, url, llm::OpenAIOptions().base_url);
    return order.dialect == "openai" ? llm::openai(transport, openai_options(order, url))
                                     : llm::openai_responses(transport, openai_options(order, url));
  }
  if (order.dialect == "azure") {
    const auto transport = transport_of(order, url, "");
    return llm::azure(transport, {.endpoint = order.url, .key = key(), .timeout = timeout});
  }
  if (order.dialect.starts_with("anthropic")) {
    const auto transport = transport_of(order, url, llm::AnthropicOptions().base_url);
    const bool by_tool = order.dialect == "anthropic-tool";
    return llm::anthropic(transport, {.base_url = url, .key = key(), .tool_for_json = by_tool, .timeout = timeout});
  }
  if (order.dialect == "gemini") {
    const auto transport = transport_of(order, url, llm::GeminiOptions().base_url);
    return llm::gemini(transport, {.base_url = url, .key = key(), .timeout = timeout});
  }
  const auto transport = transport_of(order, url, llm::OllamaOptions().base_url);
  return llm::ollama(transport, {.base_url = url, .timeout = timeout});
}

Json as_json(const Error& error) {
  Json out = {{"code", to_string(error.code)}, {"message", error.message}, {"path", error.path}};
  if (!error.service) return out;
  const ServiceFailure& service = *error.service;
  out["service"] = {{"status", service.status},       {"type", service.type}, {"request_id", service.request_id},
                    {"retryable", service.retryable}, {"sent", service.sent}, {"retry_after_ms", nullptr}};
  if (service.retry_after) out["service"]["retry_after_ms"] = service.retry_after->count();
  return out;
}

Json stream(llm::LLMProvider& provider, const llm::Request& request) {
  Json shown = {{"text", ""}, {"pieces", 0}, {"arguments", ""}};
  const auto reply = provider.stream(request, [&](const llm::Delta& delta) -> Status {
    if (const auto* text = std::get_if<llm::TextDelta>(&delta)) {
      shown["text"] = shown["text"].get<std::string>() + std::string(text->text);
      shown["pieces"] = shown["pieces"].get<int>() + 1;
    }
    if (const auto* call = std::get_if<llm::ToolCallDelta>(&delta)) {
      shown["arguments"] = shown["arguments"].get<std::string>() + std::string(call->arguments);
    }
    return {};
  });
  Json out = {{"shown", shown}};
  out[reply ? "reply" : "error"] = reply ? Json::parse(llm::to_json(*reply)) : as_json(reply.error());
  return out;
}

Json embed(llm::LLMProvider& provider, const llm::Request& request) {
  llm::EmbedRequest wanted{.model = request.model};
  for (const llm::Message& message : request.messages) wanted.inputs.push_back(message.text());
  const auto embeddings = provider.embed(wanted);
  if (!embeddings) return {{"error", as_json(embeddings.error())}};
  return {{"vectors", embeddings->vectors}, {"input_tokens", embeddings->usage.input}, {"model", embeddings->model}};
}

Json batch(const Order& order, const llm::Request& request) {
  std::string url;
  const auto transport = transport_of(order, url, llm::OpenAIOptions().base_url);
  llm::OpenAIBatches batches(transport, openai_options(order, url));
  const std::vector<llm::OpenAIBatches::Item> items{{"first", request}, {"second", request}};
  const auto state = batches.submit(items);
  if (!state) return {{"error", as_json(state.error())}};
  const auto found = batches.find(state->id);
  if (!found) return {{"error", as_json(found.error())}};
  return {{"id", state->id}, {"status", found->status}};
}

Json done(const Order& order, const llm::Request& request) {
  if (order.has("--batch")) return batch(order, request);
  llm::Provider provider = provider_of(order);
  if (order.has("--attempts")) {
    provider = llm::retry(provider, {.attempts = order.number("--attempts", 3), .base = milliseconds(50)});
  }
  if (order.has("--stream")) return stream(*provider, request);
  if (order.has("--embed")) return embed(*provider, request);
  if (order.has("--count")) {
    const auto count = provider->count_tokens(request);
    return count ? Json{{"tokens", *count}} : Json{{"error", as_json(count.error())}};
  }
  const auto reply = provider->complete(request);
  if (!reply) return {{"error", as_json(reply.error())}};
  return {{"reply", Json::parse(llm::to_json(*reply))}};
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) {
    std::cerr << usage;
    return 2;
  }
  Order order{.dialect = words[1], .url = words[2]};
  for (int i = 3; i < count; ++i) {
    const std::string flag = words[i];
    const bool has_value = flag == "--attempts" || flag == "--timeout";
    order.flags[flag] = has_value && i + 1 < count ? words[++i] : "";
  }
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  const auto request = llm::parse_request(text);
  if (!request) {
    std::cerr << to_string(request.error()) << '\n';
    return 2;
  }
  std::cout << print_json_compact(done(order, *request)) << '\n';
  return 0;
}
