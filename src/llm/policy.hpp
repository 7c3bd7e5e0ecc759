//! A policy around a provider: calls of every kind go through one function.
#pragma once

#include "forwarding_provider.hpp"
#include "instant.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace persona::llm {

//! What a policy sees of a call.
struct PolicyCall {
  const std::string& model;
  const CallOptions& options;
  const Context& context;
  const Request* request = nullptr;     // complete, stream, count_tokens
  const EmbedRequest* embed = nullptr;  // embed
  bool counts_tokens = false;
  const std::atomic<bool>* begun = nullptr;  // streams: whether something was shown

  bool has_begun() const { return begun != nullptr && begun->load(); }
};

//! Derived classes have `around(call, send)`, which returns what `send()` does: Result<Reply>,
//! Result<Embeddings> or Result<std::int64_t>.
template <class Policy>
class AroundProvider : public ForwardingProvider {
 public:
  using ForwardingProvider::ForwardingProvider;

  Result<Reply> complete(const Request& request, const Context& context) override {
    const PolicyCall call{request.model, request.call, context, &request};
    return self().around(call, [&] { return inner_->complete(request, context); });
  }

  Result<Reply> stream(const Request& request, const OnDelta& on_delta, const Context& context) override {
    std::atomic<bool> begun = false;
    const OnDelta watched = [&](const Delta& delta) {
      begun = true;
      return on_delta(delta);
    };
    const PolicyCall call{request.model, request.call, context, &request, nullptr, false, &begun};
    return self().around(call, [&] { return inner_->stream(request, watched, context); });
  }

  Result<Embeddings> embed(const EmbedRequest& request, const Context& context) override {
    const PolicyCall call{request.model, request.call, context, nullptr, &request};
    return self().around(call, [&] { return inner_->embed(request, context); });
  }

  Result<std::int64_t> count_tokens(const Request& request, const Context& context) override {
    const PolicyCall call{request.model, request.call, context, &request, nullptr, true};
    return self().around(call, [&] { return inner_->count_tokens(request, context); });
  }

 private:
  Policy& self() { return static_cast<Policy&>(*this); }
};

inline std::chrono::microseconds time_since(Instant start, const Clock& clock) {
  return std::chrono::duration_cast<std::chrono::microseconds>(clock.now() - start);
}

}  // namespace persona::llm
