//! Gemini as a provider.
#include <persona/llm/gemini.hpp>

#include "llm/gemini/errors.hpp"
#include "llm/gemini/reply.hpp"
#include "llm/gemini/request.hpp"
#include "llm/gemini/stream.hpp"
#include "llm/wire/fields.hpp"
#include "llm/wire/provider.hpp"

#include <fmt/format.h>

#include <utility>

namespace persona::llm {
namespace gemini_api {
namespace {

class ContentDialect final : public wire::Dialect {
 public:
  Capabilities capabilities(std::string_view) const override {
    return {.json_schema = true,
            .tools = true,
            .images = true,
            .streaming = true,
            .seed = true,
            .embeddings = true,
            .count_tokens = true};
  }
  wire::ReadComplaint read_complaint() const override { return gemini_api::read_complaint; }
  Result<wire::Prepared> chat(const Request& request, const wire::Documents& documents, bool streamed) const override {
    return content_request(request, documents, streamed);
  }
  Status read(const Request&, const Json& document, wire::Answer& answer) const override;
  std::unique_ptr<wire::StreamReader> reader(const Request&, wire::Answer& answer) const override {
    return content_reader(answer);
  }
  wire::EmbeddingLimits embedding_limits() const override { return {.inputs = 100, .tokens = 100'000}; }
  Result<wire::Prepared> embedding(const EmbedRequest& request, std::span<const std::string> inputs) const override;
  Status read_embeddings(const Json& document, std::span<const std::string> inputs,
                         Embeddings& embeddings) const override;
  Result<wire::Prepared> count(const Request& request, const wire::Documents& documents) const override {
    return count_request(request, documents);
  }
  Result<std::int64_t> read_count(const Json& document) const override {
    const auto count = wire::count_if(document, "totalTokens");
    if (!count) return fail(Errc::invalid_output, "gemini counted no tokens");
    return *count;
  }
};

Status ContentDialect::read(const Request&, const Json& document, wire::Answer& answer) const {
  std::size_t calls = 0;
  if (const auto read = read_content(document, calls, answer); !read) return read;
  if (answer.finish) return {};
  if (answer.is_empty()) return fail(Errc::invalid_output, answer.name() + " sent an answer without candidates");
  answer.finish = Finish::other;
  return {};
}

Result<wire::Prepared> ContentDialect::embedding(const EmbedRequest& request,
                                                 std::span<const std::string> inputs) const {
  const std::string model = model_path(request.model);
  wire::Prepared prepared{.path = '/' + model + ":batchEmbedContents"};
  Json requests = Json::array();
  for (const std::string& input : inputs) {
    Json one = {{"model", model}, {"content", {{"parts", Json::array({Json{{"text", input}}})}}}};
    if (request.dimensions) one["outputDimensionality"] = *request.dimensions;
    requests.push_back(std::move(one));
  }
  prepared.body["requests"] = std::move(requests);
  return prepared;
}

Status ContentDialect::read_embeddings(const Json& document, std::span<const std::string> inputs,
                                       Embeddings& embeddings) const {
  const Json& list = wire::at(document, "embeddings");
  for (std::size_t i = 0; list.is_array() && i < list.size(); ++i) {
    const Json& values = wire::at(list[i], "values");
    std::vector<float> vector;
    for (const Json& value : values) vector.push_back(value.is_number() ? value.get<float>() : 0.0F);
    if (vector.empty()) return fail(Errc::invalid_output, fmt::format("embedding {} is none", i));
    embeddings.vectors.push_back(std::move(vector));
  }
  std::size_t bytes = 0;
  for (const std::string& input : inputs) bytes += input.size();
  embeddings.usage.input += wire::estimated_tokens(bytes);
  embeddings.usage.estimated = true;  // Gemini does not say
  return {};
}

}  // namespace
}  // namespace gemini_api

Provider gemini(std::shared_ptr<http::Transport> transport, GeminiOptions options) {
  const std::string usual = GeminiOptions().base_url;
  wire::Endpoint endpoint;
  endpoint.transport = std::move(transport);
  endpoint.base_url = wire::base_url_of(options.base_url);
  endpoint.name = wire::provider_name(options.name, options.base_url, usual);
  endpoint.timeout = options.timeout;
  endpoint.needs_key = endpoint.base_url == usual;
  if (options.key.is_set()) endpoint.secrets.push_back({"x-goog-api-key", "", options.key});
  return wire::make_provider(std::move(endpoint), std::make_unique<gemini_api::ContentDialect>());
}

}  // namespace persona::llm
