//! Who comes later goes later, even while the one before still wakes up.
#include <persona/llm/limits.hpp>

#include "function_provider.hpp"
#include "waiting_parts.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

using namespace persona;
using testing::FunctionProvider;
using testing::Gate;

namespace {

// Stands still; who waits sleeps on until the test wakes all.
class SleepyClock final : public Clock {
 public:
  std::chrono::steady_clock::time_point now() const override { return std::chrono::steady_clock::time_point{}; }
  std::chrono::system_clock::time_point today() const override { return {}; }
  void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable_any&,
                  std::chrono::steady_clock::time_point, const std::stop_token&) override {
    ++waits;
    lock.unlock();
    while (!is_awake) std::this_thread::yield();
    lock.lock();
  }
  std::atomic<int> waits = 0;
  std::atomic<bool> is_awake = false;
};

void newcomer_waits(const std::function<llm::Provider(llm::Provider, std::shared_ptr<Clock>)>& limited_to_one) {
  Gate gate;
  const auto clock = std::make_shared<SleepyClock>();
  const auto provider = std::make_shared<FunctionProvider>([&](const llm::Request& request, const auto&) {
    gate.pass(static_cast<int>(*request.seed));
    return llm::Reply{.usage = {.input = 1}};
  });
  const auto limited = limited_to_one(provider, clock);
  std::vector<std::jthread> callers;
  std::atomic<int> answered = 0;
  const auto call = [&](int number) {
    callers.emplace_back([&limited, &answered, number] {
      CHECK(limited->complete({.max_output_tokens = 100, .seed = number}));
      ++answered;
    });
  };
  call(0);
  (void)gate.await(1);
  call(1);
  while (clock->waits < 1) std::this_thread::yield();
  gate.let_go(1);
  while (answered < 1) std::this_thread::yield();  // there is a place now, and the first in line sleeps
  call(2);
  while (clock->waits < 2 && provider->calls < 2) std::this_thread::yield();
  CHECK(provider->calls == 1);
  clock->is_awake = true;
  gate.let_go(2);
  callers.clear();
  CHECK(answered == 3);
}

}  // namespace

TEST_CASE("a place that became free is the first waiting caller's") {
  newcomer_waits([](llm::Provider provider, std::shared_ptr<Clock> clock) {
    return llm::concurrency_limited(std::move(provider), {.start = 1, .most = 1, .clock = std::move(clock)});
  });
}

TEST_CASE("tokens that came back are the first waiting caller's") {
  newcomer_waits([](llm::Provider provider, std::shared_ptr<Clock> clock) {
    return llm::rate_limited(std::move(provider), {.output_tokens_per_minute = 100, .clock = std::move(clock)});
  });
}
