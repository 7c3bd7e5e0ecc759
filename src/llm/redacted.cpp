//! Texts on their way out.
#include <persona/llm/redact.hpp>

#include "forwarding_provider.hpp"

#include <utility>

namespace persona::llm {
namespace {

class RedactedProvider final : public ForwardingProvider {
 public:
  RedactedProvider(Provider inner, RedactText redact)
      : ForwardingProvider(std::move(inner)), redact_(std::move(redact)) {}

  Result<Reply> complete(const Request& request, const Context& context) override {
    return inner_->complete(clean(request), context);
  }
  Result<Reply> stream(const Request& request, const OnDelta& on_delta, const Context& context) override {
    return inner_->stream(clean(request), on_delta, context);
  }
  Result<std::int64_t> count_tokens(const Request& request, const Context& context) override {
    return inner_->count_tokens(clean(request), context);
  }
  Result<Embeddings> embed(const EmbedRequest& request, const Context& context) override {
    EmbedRequest cleaned = request;
    for (std::string& input : cleaned.inputs) input = redact_(input);
    return inner_->embed(cleaned, context);
  }

 private:
  Request clean(Request request) const {
    for (Message& message : request.messages) {
      for (Part& part : message.parts) {
        if (auto* text = std::get_if<Text>(&part)) text->text = redact_(text->text);
        if (auto* result = std::get_if<ToolResult>(&part)) result->text = redact_(result->text);
      }
    }
    if (!request.user.empty()) request.user = redact_(request.user);
    return request;
  }

  RedactText redact_;
};

}  // namespace

Provider redacted(Provider provider, RedactText redact) {
  if (!redact) return provider;
  return std::make_shared<RedactedProvider>(std::move(provider), std::move(redact));
}

}  // namespace persona::llm
