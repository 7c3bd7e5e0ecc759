//! Ten thousand calls from 32 threads.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/llm/provider.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace persona::testing {

inline constexpr std::size_t chaos_calls = 10'000;

//! How one call ended.
struct Outcome {
  std::optional<Result<llm::Reply>> result = {};
  std::string shown = {};
  int endings = 0;
};

inline llm::Request question() {
  return {.model = "m", .messages = {llm::Message::user("?")}};
}

//! Half are streams; some have a deadline, some a caller who has already left. `askers` calls in turn ask the same.
inline std::vector<Outcome> run_chaos(llm::LLMProvider& provider, const Clock& clock,
                                      const llm::Request& like = question(), std::size_t askers = 1) {
  std::vector<Outcome> outcomes(chaos_calls);
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    std::stop_source gone;
    gone.request_stop();
    for (auto i = next++; i < chaos_calls; i = next++) {
      llm::Request request = like;
      request.seed = static_cast<std::int64_t>(i / askers);
      request.call.priority = static_cast<int>(i % 3);
      Context context;
      if (i % 20 == 7) context.deadline = clock.now() + std::chrono::seconds(30);
      if (i % 50 == 9) context.stop = gone.get_token();
      Outcome& outcome = outcomes[i];
      const auto show = [&](const llm::Delta& delta) -> Status {
        outcome.shown += std::get<llm::TextDelta>(delta).text;
        return {};
      };
      outcome.result =
          i / askers % 2 == 0 ? provider.complete(request, context) : provider.stream(request, show, context);
      ++outcome.endings;
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < 32; ++i) threads.emplace_back(work);
  threads.clear();
  return outcomes;
}

}  // namespace persona::testing
