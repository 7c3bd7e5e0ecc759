//! Ollama as a provider.
#include <persona/llm/ollama.hpp>

#include "llm/ollama/errors.hpp"
#include "llm/ollama/reply.hpp"
#include "llm/ollama/request.hpp"
#include "llm/ollama/stream.hpp"
#include "llm/wire/fields.hpp"
#include "llm/wire/provider.hpp"

#include <fmt/format.h>

#include <utility>

namespace persona::llm {
namespace ollama_api {
namespace {

class ChatDialect final : public wire::Dialect {
 public:
  explicit ChatDialect(Habits habits) : habits_(std::move(habits)) {}

  Capabilities capabilities(std::string_view) const override {
    return {.json_schema = true, .tools = true, .images = true, .streaming = true, .seed = true, .embeddings = true};
  }
  wire::ReadComplaint read_complaint() const override { return ollama_api::read_complaint; }
  Result<wire::Prepared> chat(const Request& request, const wire::Documents& documents, bool streamed) const override {
    return chat_request(request, documents, habits_, streamed);
  }
  Status read(const Request&, const Json& document, wire::Answer& answer) const override;
  std::unique_ptr<wire::StreamReader> reader(const Request&, wire::Answer& answer) const override {
    return chat_reader(answer);
  }
  wire::EmbeddingLimits embedding_limits() const override { return {.inputs = 512, .tokens = 100'000}; }
  Result<wire::Prepared> embedding(const EmbedRequest& request, std::span<const std::string> inputs) const override;
  Status read_embeddings(const Json& document, std::span<const std::string> inputs,
                         Embeddings& embeddings) const override;

 private:
  Habits habits_;
};

Status ChatDialect::read(const Request&, const Json& document, wire::Answer& answer) const {
  std::size_t calls = 0;
  if (!wire::at(document, "message").is_object()) {
    return fail(Errc::invalid_output, answer.name() + " sent an answer without a message");
  }
  if (const auto read = read_chat(document, calls, answer); !read) return read;
  if (!answer.finish) answer.finish = Finish::other;
  return {};
}

Result<wire::Prepared> ChatDialect::embedding(const EmbedRequest& request, std::span<const std::string> inputs) const {
  wire::Prepared prepared{.path = "/api/embed"};
  prepared.body = {{"model", request.model}, {"input", Json(std::vector<std::string>(inputs.begin(), inputs.end()))}};
  prepared.body["truncate"] = false;
  if (request.dimensions) prepared.body["dimensions"] = *request.dimensions;
  if (!habits_.keep_alive.empty()) prepared.body["keep_alive"] = habits_.keep_alive;
  return prepared;
}

Status ChatDialect::read_embeddings(const Json& document, std::span<const std::string> inputs,
                                    Embeddings& embeddings) const {
  const Json& list = wire::at(document, "embeddings");
  for (std::size_t i = 0; list.is_array() && i < list.size(); ++i) {
    std::vector<float> vector;
    for (const Json& value : list[i]) vector.push_back(value.is_number() ? value.get<float>() : 0.0F);
    if (vector.empty()) return fail(Errc::invalid_output, fmt::format("embedding {} is none", i));
    embeddings.vectors.push_back(std::move(vector));
  }
  embeddings.model = wire::text_at(document, "model");
  if (const auto tokens = wire::count_if(document, "prompt_eval_count")) {
    embeddings.usage.input += *tokens;
    return {};
  }
  std::size_t bytes = 0;
  for (const std::string& input : inputs) bytes += input.size();
  embeddings.usage.input += wire::estimated_tokens(bytes);
  embeddings.usage.estimated = true;
  return {};
}

}  // namespace
}  // namespace ollama_api

Provider ollama(std::shared_ptr<http::Transport> transport, OllamaOptions options) {
  wire::Endpoint endpoint;
  endpoint.transport = std::move(transport);
  endpoint.base_url = wire::base_url_of(options.base_url);
  endpoint.name = wire::provider_name(options.name, options.base_url, OllamaOptions().base_url);
  endpoint.timeout = options.timeout;
  return wire::make_provider(std::move(endpoint), std::make_unique<ollama_api::ChatDialect>(ollama_api::Habits{
                                                      std::move(options.keep_alive), options.context_tokens}));
}

}  // namespace persona::llm
