//! Chat completions of OpenAI, of servers like it, and of Azure.
#include "llm/openai/provider.hpp"

#include "llm/openai/embeddings.hpp"
#include "llm/openai/errors.hpp"
#include "llm/openai/reply.hpp"
#include "llm/openai/stream.hpp"
#include "llm/wire/provider.hpp"

#include <utility>

namespace persona::llm {
namespace openai_api {

Server server_of(const OpenAIOptions& options) {
  const bool is_openai = wire::base_url_of(options.base_url) == usual_base_url;
  return {.max_completion_tokens = options.max_completion_tokens.value_or(is_openai),
          .safety_identifier = is_openai,
          .obfuscation = is_openai,
          .top_k = !is_openai};
}

wire::Endpoint endpoint_of(std::shared_ptr<http::Transport> transport, const OpenAIOptions& options) {
  wire::Endpoint endpoint;
  endpoint.transport = std::move(transport);
  endpoint.base_url = wire::base_url_of(options.base_url);
  endpoint.name = wire::provider_name(options.name, options.base_url, usual_base_url);
  endpoint.timeout = options.timeout;
  endpoint.needs_key = endpoint.base_url == usual_base_url;
  if (options.key.is_set()) endpoint.secrets.push_back({"Authorization", "Bearer ", options.key});
  if (!options.organization.empty()) endpoint.headers.push_back({"OpenAI-Organization", options.organization});
  if (!options.project.empty()) endpoint.headers.push_back({"OpenAI-Project", options.project});
  return endpoint;
}

namespace {

class ChatDialect : public wire::Dialect {
 public:
  explicit ChatDialect(Server server) : server_(server) {}

  Capabilities capabilities(std::string_view) const override {
    return {.json_schema = true, .tools = true, .images = true, .streaming = true, .seed = true, .embeddings = true};
  }
  wire::ReadComplaint read_complaint() const override { return openai_api::read_complaint; }
  Result<wire::Prepared> chat(const Request& request, const wire::Documents& documents, bool streamed) const override {
    return chat_request(request, documents, server_, streamed);
  }
  Status read(const Request&, const Json& document, wire::Answer& answer) const override {
    return read_chat(document, answer);
  }
  std::unique_ptr<wire::StreamReader> reader(const Request&, wire::Answer& answer) const override {
    return chat_reader(answer);
  }
  Result<wire::Prepared> embedding(const EmbedRequest& request, std::span<const std::string> inputs) const override {
    return embedding_request(request, inputs);
  }
  Status read_embeddings(const Json& document, std::span<const std::string> inputs,
                         Embeddings& embeddings) const override {
    return read_embedding_list(document, inputs.size(), embeddings);
  }

 private:
  Server server_;
};

//! The same words, below the deployment that stands for the model.
class AzureDialect final : public ChatDialect {
 public:
  explicit AzureDialect(std::string api_version)
      : ChatDialect({.safety_identifier = false, .obfuscation = false}), api_version_(std::move(api_version)) {}

  Result<wire::Prepared> chat(const Request& request, const wire::Documents& documents, bool streamed) const override {
    auto prepared = ChatDialect::chat(request, documents, streamed);
    if (prepared) prepared->path = below(request.model, prepared->path);
    return prepared;
  }
  Result<wire::Prepared> embedding(const EmbedRequest& request, std::span<const std::string> inputs) const override {
    auto prepared = ChatDialect::embedding(request, inputs);
    if (prepared) prepared->path = below(request.model, prepared->path);
    return prepared;
  }

 private:
  std::string below(std::string_view deployment, std::string_view path) const {
    return "/openai/deployments/" + wire::path_segment(deployment) + std::string(path) +
           "?api-version=" + wire::path_segment(api_version_);
  }

  std::string api_version_;
};

}  // namespace
}  // namespace openai_api

Provider openai(std::shared_ptr<http::Transport> transport, OpenAIOptions options) {
  return wire::make_provider(openai_api::endpoint_of(std::move(transport), options),
                             std::make_unique<openai_api::ChatDialect>(openai_api::server_of(options)));
}

Provider azure(std::shared_ptr<http::Transport> transport, AzureOptions options) {
  wire::Endpoint endpoint;
  endpoint.transport = std::move(transport);
  endpoint.base_url = wire::base_url_of(options.endpoint);
  endpoint.name = wire::provider_name(options.name, options.endpoint, "");
  endpoint.timeout = options.timeout;
  endpoint.needs_key = true;
  if (options.token.is_set()) {
    endpoint.secrets.push_back({"Authorization", "Bearer ", options.token});
  } else if (options.key.is_set()) {
    endpoint.secrets.push_back({"api-key", "", options.key});
  }
  return wire::make_provider(std::move(endpoint), std::make_unique<openai_api::AzureDialect>(options.api_version));
}

}  // namespace persona::llm
