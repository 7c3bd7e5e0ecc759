//! How many calls at once.
#include <persona/llm/limits.hpp>
#include <persona/testing/fake_clock.hpp>

#include "llm/aimd.hpp"

#include "function_provider.hpp"
#include "waiting_parts.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <thread>
#include <vector>

using namespace persona;
using namespace std::chrono_literals;
using testing::answers;
using testing::breaks;
using testing::FakeClock;
using testing::FunctionProvider;
using testing::Gate;
using testing::WatchedClock;

namespace {

llm::Request numbered(int number, int priority) {
  return {.model = "m", .seed = number, .call = {.priority = priority}};
}

}  // namespace

TEST_CASE("who waits goes by priority, then by who came first; none is passed over") {
  Gate gate;
  const auto provider = std::make_shared<FunctionProvider>([&](const llm::Request& request, const auto&) {
    gate.pass(static_cast<int>(*request.seed));
    return answers("yes");
  });
  const auto clock = std::make_shared<WatchedClock>();
  const auto limited = llm::concurrency_limited(provider, {.start = 1, .most = 1, .clock = clock});
  std::vector<std::jthread> callers;
  const auto call = [&](int number, int priority) {
    callers.emplace_back([&limited, number, priority] { CHECK(limited->complete(numbered(number, priority))); });
  };
  call(0, 0);
  (void)gate.await(1);
  const std::vector<int> priorities = {0, 5, 0, 5, -1, 0};
  for (std::size_t i = 0; i < priorities.size(); ++i) {
    call(static_cast<int>(i) + 1, priorities[i]);
    clock->await(static_cast<int>(i) + 1);
  }
  gate.let_go(7);
  const auto came = gate.await(7);
  CHECK(came == std::vector<int>{0, 2, 4, 1, 3, 6, 5});
}

TEST_CASE("no place before the deadline: refused; a stop: cancelled; the place is given back") {
  Gate gate;
  const auto clock = std::make_shared<FakeClock>();
  const auto provider = std::make_shared<FunctionProvider>([&](const auto&, const auto&) {
    gate.pass(0);
    return answers("yes");
  });
  const auto limited = llm::concurrency_limited(provider, {.start = 1, .most = 1, .clock = clock});
  {
    const std::jthread first([&] { CHECK(limited->complete({})); });
    (void)gate.await(1);
    const auto late = limited->complete({}, {.deadline = clock->now() + 5s});
    CHECK(late.error().code == Errc::rate_limited);
    CHECK(late.error().message.find("before the deadline") != std::string::npos);
    std::stop_source stop;
    const std::jthread second(
        [&] { CHECK(limited->complete({}, {.stop = stop.get_token()}).error().code == Errc::cancelled); });
    stop.request_stop();
    const std::jthread other([&] { CHECK(limited->complete({.model = "another has its own places"})); });
    (void)gate.await(2);
    gate.let_go(2);
  }
  gate.let_go(1);
  CHECK(limited->complete({}));
  CHECK(provider->calls == 3);
}

// A server that bears `capacity` calls at once and answers 429 above, asked by as many as may.
// In a round of n = limit calls, the k-th success leaves n - k + 1 inside and a limit of n + k - 1: it counts while
// 2 (n - k + 1) >= n + k - 1, so at most n / 3 + 1 times. From n <= capacity, the next round is at most
// 4/3 capacity + 1; of it at most capacity / 3 + 1 are refused, a tenth each.
TEST_CASE("the limit settles around what a server bears") {
  for (const int capacity : {3, 10, 20, 40}) {
    llm::AimdLimit aimd(8, 1, 64, 0.9);
    const double ceiling = capacity * 4.0 / 3 + 1;
    const double floor = std::floor(capacity * std::pow(0.9, capacity / 3.0 + 2));
    for (int round = 0; round < 1'000; ++round) {
      const int sent = aimd.limit();
      for (int inside = sent; inside > 0; --inside) {
        aimd.ended(inside > capacity ? llm::Load::too_much : llm::Load::bearable, inside);
      }
      if (round < 20) continue;  // from 8 to 40: less than 20 rounds of a third; down from 8 to 3: 8 refusals
      CHECK(aimd.limit() <= ceiling);
      CHECK(aimd.limit() >= floor);
    }
  }
}

TEST_CASE("a limit that nobody reaches is not raised, and it keeps to its bounds") {
  llm::AimdLimit aimd(8, 2, 10, 0.9);
  for (int i = 0; i < 100; ++i) aimd.ended(llm::Load::bearable, 3);
  CHECK(aimd.limit() == 8);
  aimd.ended(llm::Load::bearable, 4);
  CHECK(aimd.limit() == 9);
  for (int i = 0; i < 100; ++i) aimd.ended(llm::Load::bearable, 10);
  CHECK(aimd.limit() == 10);
  aimd.ended(llm::Load::too_much, 10);
  CHECK(aimd.limit() == 9);
  aimd.ended(llm::Load::unknown, 9);
  CHECK(aimd.limit() == 9);
  for (int i = 0; i < 100; ++i) aimd.ended(llm::Load::too_much, 1);
  CHECK(aimd.limit() == 2);
  CHECK(llm::AimdLimit(0, -5, -9, 7).limit() == 1);
}

TEST_CASE("a busy server gets fewer calls at once") {
  std::mutex mutex;
  int inside = 0, most = 0;
  std::atomic<bool> is_busy = false;
  const auto provider = std::make_shared<FunctionProvider>([&](const auto&, const auto&) {
    {
      const std::lock_guard lock(mutex);
      most = std::max(most, ++inside);
    }
    for (int i = 0; i < 20; ++i) std::this_thread::yield();
    const std::lock_guard lock(mutex);
    --inside;
    return is_busy ? breaks(429) : answers("yes");
  });
  const auto limited = llm::concurrency_limited(provider, {.start = 16, .most = 16});
  const std::vector<llm::Request> requests(320);
  (void)llm::complete_many(*limited, requests, 32);
  CHECK(most <= 16);
  is_busy = true;
  (void)llm::complete_many(*limited, std::vector<llm::Request>(30), 1);  // 16 * 0.9^30 < 1
  most = 0;
  (void)llm::complete_many(*limited, requests, 32);
  CHECK(most == 1);
}

TEST_CASE("32 threads: never more inside than the most, every call answered") {
  std::atomic<int> inside = 0, most = 0;
  std::atomic<unsigned> turn = 0;
  const auto provider = std::make_shared<FunctionProvider>([&](const auto&, const auto&) {
    const int now = ++inside;
    for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
    }
    std::this_thread::yield();
    --inside;
    return ++turn % 10 == 0 ? breaks(529) : answers("yes");
  });
  const auto limited = llm::concurrency_limited(provider, {.start = 2, .least = 2, .most = 5});
  const std::vector<llm::Request> requests(6'400);
  int answered = 0;
  for (const auto& reply : llm::complete_many(*limited, requests, 32)) answered += reply ? 1 : 0;
  CHECK(most <= 5);
  CHECK(answered == 5'760);
}
