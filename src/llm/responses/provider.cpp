//! OpenAI's responses as a provider.
#include "llm/openai/provider.hpp"
#include "llm/openai/embeddings.hpp"
#include "llm/responses/errors.hpp"
#include "llm/responses/reply.hpp"
#include "llm/responses/request.hpp"
#include "llm/responses/stream.hpp"
#include "llm/wire/provider.hpp"

#include <utility>

namespace persona::llm {
namespace responses_api {
namespace {

class ResponseDialect final : public wire::Dialect {
 public:
  Capabilities capabilities(std::string_view) const override {
    return {.json_schema = true, .tools = true, .images = true, .streaming = true, .embeddings = true};
  }
  wire::ReadComplaint read_complaint() const override { return responses_api::read_complaint; }
  Result<wire::Prepared> chat(const Request& request, const wire::Documents& documents, bool streamed) const override {
    return response_request(request, documents, streamed);
  }
  Status read(const Request&, const Json& document, wire::Answer& answer) const override {
    return read_response(document, answer);
  }
  std::unique_ptr<wire::StreamReader> reader(const Request&, wire::Answer& answer) const override {
    return response_reader(answer);
  }
  Result<wire::Prepared> embedding(const EmbedRequest& request, std::span<const std::string> inputs) const override {
    return openai_api::embedding_request(request, inputs);
  }
  Status read_embeddings(const Json& document, std::span<const std::string> inputs,
                         Embeddings& embeddings) const override {
    return openai_api::read_embedding_list(document, inputs.size(), embeddings);
  }
};

}  // namespace
}  // namespace responses_api

Provider openai_responses(std::shared_ptr<http::Transport> transport, OpenAIOptions options) {
  return wire::make_provider(openai_api::endpoint_of(std::move(transport), options),
                             std::make_unique<responses_api::ResponseDialect>());
}

}  // namespace persona::llm
