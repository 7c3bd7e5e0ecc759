//! A breaker between many callers.
#include <persona/llm/breaker.hpp>
#include <persona/testing/fake_clock.hpp>

#include "function_provider.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

using namespace persona;
using namespace std::chrono_literals;
using testing::answers;
using testing::breaks;
using testing::FakeClock;
using testing::FunctionProvider;

TEST_CASE("only as many probes at once as are needed, and a call without a verdict frees its place") {
  const auto clock = std::make_shared<FakeClock>();
  std::atomic<int> inside = 0;
  std::atomic<bool> leave = false;
  std::atomic<bool> broken = true;
  const auto provider = std::make_shared<FunctionProvider>([&](const auto&, const auto&) {
    if (broken) return breaks(503);
    ++inside;
    while (!leave) std::this_thread::yield();
    --inside;
    return breaks(400);
  });
  const auto guarded = llm::breaker(provider, {.seed = 1, .clock = clock});
  for (int i = 0; i < 10; ++i) CHECK_FALSE(guarded->complete({}));
  broken = false;
  clock->advance(7s);
  {
    const auto probe = [&] { CHECK(guarded->complete({}).error().code == Errc::invalid_argument); };
    const std::jthread first(probe), second(probe);
    while (inside < 2) std::this_thread::yield();
    CHECK(guarded->complete({}).error().code == Errc::unavailable);
    leave = true;
  }
  CHECK(guarded->complete({}).error().code == Errc::invalid_argument);
  CHECK(provider->calls == 13);
}

TEST_CASE("what a call of an earlier time brings is no probe") {
  const auto clock = std::make_shared<FakeClock>();
  std::atomic<bool> leave = false;
  std::atomic<int> status = 200;
  const auto provider = std::make_shared<FunctionProvider>([&](const llm::Request& request, const auto&) {
    while (request.seed && !leave) std::this_thread::yield();
    return request.seed || status == 200 ? answers("yes") : breaks(status);
  });
  const auto guarded = llm::breaker(provider, {.seed = 1, .clock = clock});
  {
    const std::jthread early([&] { CHECK(guarded->complete({.seed = 1})); });
    while (provider->calls < 1) std::this_thread::yield();
    status = 503;
    for (int i = 0; i < 10; ++i) CHECK_FALSE(guarded->complete({}));
    clock->advance(7s);
    status = 200;
    CHECK(guarded->complete({}));  // the first of two probes
    leave = true;
  }
  status = 503;
  CHECK_FALSE(guarded->complete({}));  // the second
  CHECK_FALSE(guarded->complete({}));  // open
  CHECK(provider->calls == 13);
}

TEST_CASE("32 threads hammer it: every call ends, and it closes again") {
  const auto clock = std::make_shared<FakeClock>();
  std::atomic<unsigned> turn = 0;
  std::atomic<bool> healthy = false;
  const auto provider = std::make_shared<FunctionProvider>([&](const auto&, const auto&) {
    return healthy || turn++ % 4 == 0 ? answers("yes") : breaks(turn % 7 == 0 ? 429 : 500, 1ms);
  });
  const auto guarded = llm::breaker(provider, {.seed = 3, .clock = clock});
  const std::vector<llm::Request> requests(6'400);
  const auto replies = llm::complete_many(*guarded, requests, 32);
  CHECK(replies.size() == requests.size());
  CHECK(provider->calls < 6'400);
  healthy = true;
  clock->advance(2min);
  CHECK(guarded->complete({}));
  CHECK(guarded->complete({}));
  for (const auto& reply : llm::complete_many(*guarded, requests, 32)) CHECK(reply);
}
