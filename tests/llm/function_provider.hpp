//! A provider that is a function of the request and its context.
#pragma once

#include <persona/llm/provider.hpp>
#include <persona/testing/scripted_provider.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace persona::testing {

//! Counts its calls; an embedding or a token count asks the same function.
class FunctionProvider final : public llm::LLMProvider {
 public:
  using Answer = std::function<Result<llm::Reply>(const llm::Request&, const Context&)>;

  explicit FunctionProvider(Answer answer, std::string name = "function")
      : answer_(std::move(answer)), name_(std::move(name)) {}

  std::string name() const override { return name_; }
  llm::Capabilities capabilities(std::string_view) const override { return {}; }
  Result<llm::Reply> complete(const llm::Request& request, const Context& context) override {
    ++calls;
    return answer_(request, context);
  }
  Result<llm::Embeddings> embed(const llm::EmbedRequest& request, const Context& context) override {
    return complete({.model = request.model}, context).map([](const llm::Reply& reply) {
      return llm::Embeddings{.usage = reply.usage, .cost = reply.cost};
    });
  }
  Result<std::int64_t> count_tokens(const llm::Request& request, const Context& context) override {
    return complete(request, context).map([](const llm::Reply& reply) { return reply.usage.input; });
  }

  std::atomic<int> calls = 0;

 private:
  Answer answer_;
  std::string name_;
};

inline Result<llm::Reply> answers(std::string text, std::int64_t picodollars = 0) {
  auto reply = *says(std::move(text)).reply;
  reply.cost = Money{picodollars};
  return reply;
}

inline Result<llm::Reply> breaks(int status, std::optional<std::chrono::milliseconds> retry_after = {},
                                 std::optional<Money> cost = {}) {
  auto reply = fails(status, retry_after).reply;
  reply.error().service->cost = cost;
  return reply;
}

}  // namespace persona::testing
