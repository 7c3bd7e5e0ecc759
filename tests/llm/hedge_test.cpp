//! Asking twice.
#include <persona/llm/hedge.hpp>
#include <persona/testing/fake_clock.hpp>

#include "function_provider.hpp"

#include <doctest/doctest.h>

#include <set>
#include <thread>
#include <vector>

using namespace persona;
using namespace std::chrono_literals;
using testing::answers;
using testing::breaks;
using testing::FakeClock;
using testing::FunctionProvider;

namespace {

// Waits until it is stopped, as a provider that never answers; what was sent is charged.
Result<llm::Reply> hangs(const Context& context, std::int64_t picodollars) {
  while (!context.stop.stop_requested()) std::this_thread::yield();
  Error error{Errc::cancelled, "stopped", {}};
  error.service = ServiceFailure{.sent = true, .cost = Money{picodollars}};
  return tl::unexpected(error);
}

std::shared_ptr<FunctionProvider> hanging(std::int64_t picodollars = 30) {
  return std::make_shared<FunctionProvider>(
      [=](const auto&, const Context& context) { return hangs(context, picodollars); }, "slow");
}

std::shared_ptr<FunctionProvider> prompt(std::int64_t picodollars = 5) {
  return std::make_shared<FunctionProvider>([=](const auto&, const auto&) { return answers("quick", picodollars); },
                                            "quick");
}

llm::HedgeOptions always(llm::Provider other, std::shared_ptr<Clock> clock = std::make_shared<FakeClock>()) {
  return {.share = 1, .delay = 1s, .other = std::move(other), .clock = std::move(clock)};
}

}  // namespace

TEST_CASE("the second answers, the first is cancelled, both are booked") {
  const auto slow = hanging(30);
  const auto quick = prompt(5);
  const auto reply = llm::hedged(slow, always(quick))->complete({.model = "m"});
  REQUIRE(reply);
  CHECK(reply->text == "quick");
  REQUIRE(reply->attempts.size() == 2);
  CHECK(reply->attempts[0].provider == "slow");
  CHECK(reply->attempts[0].error->code == Errc::cancelled);
  CHECK(reply->attempts[0].cost == Money{30});
  CHECK_FALSE(reply->attempts[0].hedge);
  CHECK(reply->attempts[1].hedge);
  CHECK(reply->attempts[1].cost == Money{5});
  CHECK(reply->cost == Money{35});
}

TEST_CASE("the first answers after all: the second is cancelled, both are booked") {
  const auto late = hanging(30);
  const auto first = std::make_shared<FunctionProvider>([&](const auto&, const auto&) {
    while (late->calls == 0) std::this_thread::yield();
    return answers("first", 5);
  });
  const auto reply = llm::hedged(first, always(late))->complete({.model = "m"});
  REQUIRE(reply);
  CHECK(reply->text == "first");
  REQUIRE(reply->attempts.size() == 2);
  CHECK_FALSE(reply->attempts[0].hedge);
  CHECK_FALSE(reply->attempts[0].error);
  CHECK(reply->attempts[1].hedge);
  CHECK(reply->attempts[1].provider == "slow");
  CHECK(reply->cost == Money{35});
}

TEST_CASE("a loser of unknown price makes the cost unknown") {
  const auto slow = std::make_shared<FunctionProvider>([](const auto&, const Context& context) {
    auto stopped = hangs(context, 0);
    stopped.error().service->cost.reset();
    return stopped;
  });
  const auto reply = llm::hedged(slow, always(prompt()))->complete({});
  REQUIRE(reply);
  CHECK(reply->attempts.size() == 2);
  CHECK_FALSE(reply->cost);
}

TEST_CASE("where the first fails, the second may still answer; where both fail, the error costs both") {
  std::atomic<bool> failed = false;
  const auto second = std::make_shared<FunctionProvider>([&](const auto&, const auto&) {
    while (!failed) std::this_thread::yield();
    return answers("second", 5);
  });
  const auto first = std::make_shared<FunctionProvider>([&](const auto&, const auto&) {
    while (second->calls == 0) std::this_thread::yield();
    failed = true;
    return breaks(500, {}, Money{3});
  });
  const auto reply = llm::hedged(first, always(second))->complete({});
  REQUIRE(reply);
  CHECK(reply->text == "second");
  CHECK(reply->cost == Money{8});

  const auto broken =
      std::make_shared<FunctionProvider>([](const auto&, const auto&) { return breaks(503, {}, Money{4}); });
  const auto also = std::make_shared<FunctionProvider>([&](const auto&, const auto&) {
    while (broken->calls == 0) std::this_thread::yield();
    return breaks(500, {}, Money{3});
  });
  const auto error = llm::hedged(also, always(broken))->complete({}).error();
  CHECK(error.service->status == 500);
  CHECK(error.service->cost == Money{7});
}

TEST_CASE("an early failure is not hedged, that is for retries") {
  const auto clock = std::make_shared<FakeClock>(false);  // never late
  const auto quick = prompt();
  const auto broken = std::make_shared<FunctionProvider>([](const auto&, const auto&) { return breaks(500); });
  CHECK_FALSE(llm::hedged(broken, always(quick, clock))->complete({}));
  CHECK(quick->calls == 0);
  const auto reply = llm::hedged(prompt(), always(quick, clock))->complete({});
  CHECK(reply->attempts.empty());  // passed on as it came
  CHECK(quick->calls == 0);
}

TEST_CASE("a stop of the caller reaches both") {
  std::stop_source stop;
  const auto first = hanging(30), second = hanging(5);
  const auto provider = llm::hedged(first, always(second));
  const std::jthread stopper([&] {
    while (first->calls == 0 || second->calls == 0) std::this_thread::yield();
    stop.request_stop();
  });
  const auto error = provider->complete({}, {.stop = stop.get_token()}).error();
  CHECK(error.code == Errc::cancelled);
  CHECK(error.service->cost == Money{35});
}

TEST_CASE("no more second requests than their share") {
  const auto quick = prompt();
  std::atomic<int> calls = 0;
  const auto provider = std::make_shared<FunctionProvider>([&](const auto&, const Context& context) {
    // Late whenever a second request may come: it is stopped by the second, or answers in the end.
    const int before = quick->calls;
    for (int i = 0; i < 200 && quick->calls == before; ++i) std::this_thread::yield();
    ++calls;
    return context.stop.stop_requested() ? hangs(context, 1) : answers("first", 1);
  });
  const auto hedging =
      llm::hedged(provider, {.share = 0.02, .delay = 1s, .other = quick, .clock = std::make_shared<FakeClock>()});
  for (int i = 1; i <= 500; ++i) {
    CHECK(hedging->complete({}));
    CHECK(quick->calls <= 0.02 * i);
  }
  CHECK(quick->calls >= 8);  // nearly all ten, whatever the threads do
}

TEST_CASE("without a delay it learns from the calls before it hedges") {
  const auto clock = std::make_shared<FakeClock>(false);
  const auto quick = prompt();
  std::atomic<bool> is_slow = false;
  const auto provider = std::make_shared<FunctionProvider>([&](const auto&, const Context& context) {
    clock->advance(100ms);
    if (!is_slow) return answers("first");
    clock->advance(1ms);
    return hangs(context, 1);
  });
  const auto hedging = llm::hedged(provider, {.share = 1, .other = quick, .clock = clock});
  for (int i = 0; i < 20; ++i) CHECK(hedging->complete({})->text == "first");
  CHECK(quick->calls == 0);
  is_slow = true;
  CHECK(hedging->complete({})->text == "quick");
}

TEST_CASE("a provider that throws is an error, not the end of the program") {
  const auto thrower = std::make_shared<FunctionProvider>(
      [](const auto&, const auto&) -> Result<llm::Reply> { throw std::runtime_error("oh"); });
  CHECK(llm::hedged(thrower, always(thrower))->complete({}).error().code == Errc::internal);
}

TEST_CASE("32 threads: every call answered, every request booked once") {
  std::atomic<std::int64_t> billed = 0;
  std::atomic<unsigned> turn = 0;
  const auto provider = std::make_shared<FunctionProvider>([&](const auto&, const Context& context) {
    const auto own = turn++;
    for (unsigned i = 0; i < own % 64 && !context.stop.stop_requested(); ++i) std::this_thread::yield();
    billed += 1;
    return context.stop.stop_requested() ? hangs(context, 1) : answers("yes", 1);
  });
  const auto hedging = llm::hedged(provider, {.share = 0.5, .delay = 1ms, .clock = std::make_shared<FakeClock>()});
  const std::vector<llm::Request> requests(1'600);
  std::int64_t booked = 0, hedges = 0;
  for (const auto& reply : llm::complete_many(*hedging, requests, 32)) {
    REQUIRE(reply);
    booked += reply->cost->picodollars;
    for (const auto& attempt : reply->attempts) hedges += attempt.hedge ? 1 : 0;
  }
  CHECK(booked == billed);
  CHECK(provider->calls == 1'600 + hedges);
  CHECK(hedges <= 800);
}
