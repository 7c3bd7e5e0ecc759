//! Many requests at once.
#include <persona/llm/provider.hpp>

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>

namespace persona::llm {

std::vector<Result<Reply>> complete_many(LLMProvider& provider, std::span<const Request> requests, int concurrency,
                                         const Context& context) {
  std::vector<std::optional<Result<Reply>>> answers(requests.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (auto i = next.fetch_add(1); i < requests.size(); i = next.fetch_add(1)) {
      const auto may_go = context.check();
      answers[i] = may_go ? provider.complete(requests[i], context) : tl::unexpected(may_go.error());
    }
  };
  {
    const auto workers = std::min(requests.size(), static_cast<std::size_t>(std::max(concurrency, 1)));
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < workers; ++i) threads.emplace_back(work);
    work();
  }
  std::vector<Result<Reply>> results;
  results.reserve(answers.size());
  for (auto& answer : answers) results.push_back(std::move(*answer));
  return results;
}

}  // namespace persona::llm
