//! What every policy is: a provider around another one that passes on whatever it does not concern.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/llm/provider.hpp>

#include <utility>

namespace persona::llm {

class ForwardingProvider : public LLMProvider {
 public:
  explicit ForwardingProvider(Provider inner) : inner_(std::move(inner)) {}

  std::string name() const override { return inner_->name(); }
  Capabilities capabilities(std::string_view model) const override { return inner_->capabilities(model); }
  Result<Reply> complete(const Request& request, const Context& context) override {
    return inner_->complete(request, context);
  }
  Result<Reply> stream(const Request& request, const OnDelta& on_delta, const Context& context) override {
    return inner_->stream(request, on_delta, context);
  }
  Result<Embeddings> embed(const EmbedRequest& request, const Context& context) override {
    return inner_->embed(request, context);
  }
  Result<std::int64_t> count_tokens(const Request& request, const Context& context) override {
    return inner_->count_tokens(request, context);
  }

 protected:
  //! A stream where there is somebody to show it to.
  Result<Reply> send(const Request& request, const OnDelta* on_delta, const Context& context) {
    return on_delta != nullptr ? inner_->stream(request, *on_delta, context) : inner_->complete(request, context);
  }

  const Provider inner_;
};

//! Whether the caller still waits, by a policy's own clock.
inline Status still_wanted(const Clock& clock, const Context& context) {
  if (context.stop.stop_requested()) return fail(Errc::cancelled, "the call was stopped");
  if (context.deadline != Context{}.deadline && clock.now() >= context.deadline)
    return fail(Errc::deadline_exceeded, "the deadline has passed");
  return {};
}

}  // namespace persona::llm
