//! Anthropic as a provider.
#include <persona/llm/anthropic.hpp>

#include "llm/anthropic/errors.hpp"
#include "llm/anthropic/reply.hpp"
#include "llm/anthropic/request.hpp"
#include "llm/anthropic/stream.hpp"
#include "llm/wire/fields.hpp"
#include "llm/wire/provider.hpp"

#include <utility>

namespace persona::llm {
namespace anthropic_api {
namespace {

class MessageDialect final : public wire::Dialect {
 public:
  explicit MessageDialect(Habits habits) : habits_(habits) {}

  Capabilities capabilities(std::string_view) const override {
    return {.json_schema = true, .tools = true, .images = true, .streaming = true, .count_tokens = true};
  }
  wire::ReadComplaint read_complaint() const override { return anthropic_api::read_complaint; }
  Result<wire::Prepared> chat(const Request& request, const wire::Documents& documents, bool streamed) const override {
    return message_request(request, documents, habits_, streamed);
  }
  Status read(const Request& request, const Json& document, wire::Answer& answer) const override {
    return read_message(document, answer_tool(request), answer);
  }
  std::unique_ptr<wire::StreamReader> reader(const Request& request, wire::Answer& answer) const override {
    return message_reader(answer_tool(request), answer);
  }
  Result<wire::Prepared> count(const Request& request, const wire::Documents& documents) const override {
    return count_request(request, documents, habits_);
  }
  Result<std::int64_t> read_count(const Json& document) const override {
    const auto count = wire::count_if(document, "input_tokens");
    if (!count) return fail(Errc::invalid_output, "anthropic counted no tokens");
    return *count;
  }

 private:
  std::string answer_tool(const Request& request) const {
    return habits_.tool_for_json && request.json && !request.json->schema.empty() ? request.json->name : std::string();
  }

  Habits habits_;
};

}  // namespace
}  // namespace anthropic_api

Provider anthropic(std::shared_ptr<http::Transport> transport, AnthropicOptions options) {
  const std::string usual = AnthropicOptions().base_url;
  wire::Endpoint endpoint;
  endpoint.transport = std::move(transport);
  endpoint.base_url = wire::base_url_of(options.base_url);
  endpoint.name = wire::provider_name(options.name, options.base_url, usual);
  endpoint.headers.push_back({"anthropic-version", "2023-06-01"});
  endpoint.timeout = options.timeout;
  endpoint.needs_key = endpoint.base_url == usual;
  if (options.key.is_set()) endpoint.secrets.push_back({"x-api-key", "", options.key});
  return wire::make_provider(std::move(endpoint), std::make_unique<anthropic_api::MessageDialect>(anthropic_api::Habits{
                                                      options.max_output_tokens, options.tool_for_json}));
}

}  // namespace persona::llm
