//! A service on a bad day, which keeps its own bill.
#pragma once

#include <persona/llm/provider.hpp>
#include <persona/testing/scripted_provider.hpp>

#include "llm/dice.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace persona::testing {

//! Of its calls, 5 % are a 500, 5 % a 429, 2 % break off in the middle. `Request::seed` names the call.
class FaultyProvider final : public llm::LLMProvider {
 public:
  FaultyProvider(std::uint64_t seed, std::size_t calls) : answered(calls), dice_(seed) {}

  std::string name() const override { return "faulty"; }
  llm::Capabilities capabilities(std::string_view) const override { return {.json_schema = true, .streaming = true}; }

  Result<llm::Reply> complete(const llm::Request& request, const Context& context) override {
    return stream(
        request, [](const llm::Delta&) -> Status { return {}; }, context);
  }

  Result<llm::Reply> stream(const llm::Request& request, const llm::OnDelta& on_delta,
                            const Context& context) override {
    if (context.stop.stop_requested()) return stopped({Errc::cancelled, "stopped before it was sent", {}}, false);
    ++requests;
    const double luck = dice_.throw_once();
    if (luck < 0.05) return broken(500, {}, price_of_500);
    if (luck < 0.10) return broken(429, std::chrono::milliseconds(20), 0);
    const std::string id = std::to_string(request.seed.value_or(0));
    if (const auto shown = on_delta(llm::TextDelta{"answer "}); !shown) return stopped(shown.error(), true);
    if (luck < 0.12) return broken(502, {}, price_of_cut);
    if (const auto shown = on_delta(llm::TextDelta{id}); !shown) return stopped(shown.error(), true);
    ++answered[static_cast<std::size_t>(request.seed.value_or(0))];
    bill += price_of_answer;
    auto reply = *says("answer " + id).reply;
    reply.usage = {.input = 20, .output = 10};
    reply.model = request.model;
    reply.provider = name();
    reply.cost = Money{price_of_answer};
    return reply;
  }

  static constexpr std::int64_t price_of_answer = 100, price_of_500 = 10, price_of_cut = 50;
  std::atomic<std::int64_t> bill = 0, requests = 0;
  std::vector<std::atomic<int>> answered;  //!< how often each call

 private:
  Result<llm::Reply> broken(int status, std::optional<std::chrono::milliseconds> hint, std::int64_t price) {
    bill += price;
    auto result = fails(status, hint).reply;
    result.error().service->cost = Money{price};
    return result;
  }

  Result<llm::Reply> stopped(Error error, bool sent) {
    bill += sent ? price_of_cut : 0;
    error.service = ServiceFailure{.sent = sent, .cost = Money{sent ? price_of_cut : 0}};
    return tl::unexpected(std::move(error));
  }

  llm::Dice dice_;
};

}  // namespace persona::testing
