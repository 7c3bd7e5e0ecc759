//! A policy that knows requests by their key, and hands the key on to the next of its kind.
#pragma once

#include "forwarding_provider.hpp"

#include <persona/llm/cache.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace persona::llm {

struct CacheDates {
  std::chrono::system_clock::time_point stored, expires;
};

//! A reply and, where a cache has it, since when and until when.
struct CacheAnswer {
  Reply reply;
  std::optional<CacheDates> dates = {};
  const ResponseCache* kept_in = nullptr;  // the innermost
  std::vector<std::string> warnings = {};  // about caches: told to the caller, never kept
};

class KeyedProvider : public ForwardingProvider {
 public:
  explicit KeyedProvider(Provider inner)
      : ForwardingProvider(std::move(inner)), inner_keyed_(dynamic_cast<KeyedProvider*>(inner_.get())) {}

  Result<Reply> complete(const Request& request, const Context& context) override {
    return answer(request, nullptr, context);
  }

  Result<Reply> stream(const Request& request, const OnDelta& on_delta, const Context& context) override {
    return answer(request, &on_delta, context);
  }

  //! Of a request that a cache may answer or keep. @param on_delta  null: nobody listens
  virtual Result<CacheAnswer> ask(const std::string& key, const Request& request, const OnDelta* on_delta,
                                  const Context& context) = 0;

 protected:
  Result<CacheAnswer> ask_inner(const std::string& key, const Request& request, const OnDelta* on_delta,
                                const Context& context) {
    if (inner_keyed_ != nullptr) return inner_keyed_->ask(key, request, on_delta, context);
    Result<Reply> reply = send(request, on_delta, context);
    if (!reply) return tl::unexpected(std::move(reply.error()));
    return CacheAnswer{.reply = *std::move(reply)};
  }

 private:
  Result<Reply> answer(const Request& request, const OnDelta* on_delta, const Context& context) {
    const CachePolicy policy = cache_policy(request);
    if (!policy.read && !policy.write) return send(request, on_delta, context);
    Result<CacheAnswer> answer = ask(cache_key(name(), request), request, on_delta, context);
    if (!answer) return tl::unexpected(std::move(answer.error()));
    for (std::string& warning : answer->warnings) answer->reply.warnings.push_back(std::move(warning));
    return std::move(answer->reply);
  }

  KeyedProvider* inner_keyed_;
};

}  // namespace persona::llm
