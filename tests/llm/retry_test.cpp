//! Trying again.
#include <persona/llm/retry.hpp>
#include <persona/testing/fake_clock.hpp>

#include "function_provider.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <thread>
#include <vector>

using namespace persona;
using namespace std::chrono_literals;
using testing::answers;
using testing::breaks;
using testing::fails;
using testing::FakeClock;
using testing::FunctionProvider;
using testing::says;
using testing::ScriptedProvider;

namespace {

const llm::RetryBudget boundless{.share = 1, .per_second = 0, .burst = 1e9};

// The waits of a call that fails `attempts` times.
std::vector<double> seconds_waited(std::uint64_t seed, int attempts, std::optional<std::chrono::milliseconds> hint) {
  const auto clock = std::make_shared<FakeClock>();
  std::vector<std::chrono::steady_clock::time_point> asked;
  const auto provider = std::make_shared<FunctionProvider>([&](const llm::Request&, const Context&) {
    asked.push_back(clock->now());
    return breaks(503, hint);
  });
  const auto tried = llm::retry(provider, {.attempts = attempts, .budget = boundless, .seed = seed, .clock = clock});
  CHECK_FALSE(tried->complete({}));
  std::vector<double> waits;
  for (std::size_t i = 1; i < asked.size(); ++i) {
    waits.push_back(std::chrono::duration<double>(asked[i] - asked[i - 1]).count());
  }
  return waits;
}

}  // namespace

TEST_CASE("a call that fails twice is answered by the third request, and lists all three") {
  const auto clock = std::make_shared<FakeClock>();
  const auto provider = std::make_shared<ScriptedProvider>(std::vector{fails(500), fails(429, 2s), says("yes")}, clock);
  const auto reply = llm::retry(provider, {.seed = 1, .clock = clock})->complete({.model = "m"});
  REQUIRE(reply);
  CHECK(reply->text == "yes");
  REQUIRE(reply->attempts.size() == 3);
  CHECK(reply->attempts[0].error->service->status == 500);
  CHECK(reply->attempts[0].model == "m");
  CHECK(reply->attempts[1].error->service->status == 429);
  CHECK_FALSE(reply->attempts[2].error);
  CHECK_FALSE(reply->cost);  // the 500 was sent, and nobody said at what price
}

TEST_CASE("the cost is the sum of all requests, in replies and in errors") {
  const auto clock = std::make_shared<FakeClock>();
  int call = 0;
  const auto provider = std::make_shared<FunctionProvider>([&](const llm::Request&, const Context&) {
    return ++call % 3 == 0 ? answers("yes", 5) : breaks(500, {}, Money{call % 3 * 100});
  });
  CHECK(llm::retry(provider, {.clock = clock})->complete({})->cost == Money{305});
  const auto error = llm::retry(provider, {.attempts = 2, .clock = clock})->complete({}).error();
  CHECK(error.service->cost == Money{300});
  CHECK(error.message.find("tried 2 times") != std::string::npos);
  call = 0;
  CHECK(llm::retry(provider, {.clock = clock})->embed({})->cost == Money{305});
}

TEST_CASE("what cannot be mended by waiting is asked once") {
  const auto clock = std::make_shared<FakeClock>();
  for (const int status : {400, 401, 402, 403, 404, 413, 422, 501}) {
    const auto provider = std::make_shared<FunctionProvider>([&](const auto&, const auto&) { return breaks(status); });
    CHECK_FALSE(llm::retry(provider, {.clock = clock})->complete({}));
    CHECK_MESSAGE(provider->calls == 1, status);
  }
  for (const int status : {408, 409, 429, 500, 502, 503, 504, 529}) {
    const auto provider = std::make_shared<FunctionProvider>([&](const auto&, const auto&) { return breaks(status); });
    CHECK_FALSE(llm::retry(provider, {.clock = clock})->count_tokens({}));
    CHECK_MESSAGE(provider->calls == 3, status);
  }
}

// U(0, c) has mean c/2 and deviation c/sqrt(12); the mean of 4,000 lies within 5 deviations of it but once in
// 1.7 million seeds, and this seed is fixed.
TEST_CASE("jitter is full: uniform from nothing to the doubled base, at most eight seconds") {
  constexpr int calls = 4'000;
  const double bounds[] = {0.5, 1, 2, 4, 8, 8};
  double sums[6] = {}, least[6] = {9, 9, 9, 9, 9, 9}, most[6] = {};
  for (int call = 0; call < calls; ++call) {
    const auto waits = seconds_waited(static_cast<std::uint64_t>(call) + 1, 7, {});
    REQUIRE(waits.size() == 6);
    for (std::size_t i = 0; i < 6; ++i) {
      sums[i] += waits[i];
      least[i] = std::min(least[i], waits[i]);
      most[i] = std::max(most[i], waits[i]);
    }
  }
  for (std::size_t i = 0; i < 6; ++i) {
    const double deviation = bounds[i] / std::sqrt(12.0 * calls);
    CHECK(std::abs(sums[i] / calls - bounds[i] / 2) < 5 * deviation);
    CHECK(most[i] <= bounds[i]);
    // The nearest of n to an end lies beyond c*20/n with chance e^-20.
    CHECK(least[i] < bounds[i] * 20 / calls);
    CHECK(most[i] > bounds[i] * (1 - 20.0 / calls));
  }
  CHECK(seconds_waited(7, 5, {}) == seconds_waited(7, 5, {}));
  CHECK(seconds_waited(7, 5, {}) != seconds_waited(8, 5, {}));
}

TEST_CASE("a hint is obeyed, and up to a tenth more") {
  double most = 0;
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
    for (const double wait : seconds_waited(seed, 3, 20s)) {
      CHECK(wait >= 20);
      CHECK(wait <= 22.000001);
      most = std::max(most, wait);
    }
  }
  CHECK(most > 21.9);  // 2,000 draws all below 0.95: chance 0.95^2000 < 1e-44
}

TEST_CASE("a hint above the bound or the deadline fails at once, and tells it") {
  const auto clock = std::make_shared<FakeClock>();
  const auto provider = std::make_shared<FunctionProvider>([](const auto&, const auto&) { return breaks(429, 121s); });
  const auto tried = llm::retry(provider, {.clock = clock});
  const auto error = tried->complete({}).error();
  CHECK(error.code == Errc::rate_limited);
  CHECK(error.service->retry_after == 121s);
  CHECK(error.message.find("121 s") != std::string::npos);
  const auto patient = llm::retry(provider, {.longest_hint = 1h, .clock = clock});
  CHECK(patient->complete({}, {.deadline = clock->now() + 120s}).error().service->retry_after == 121s);
  CHECK(provider->calls == 2);
  CHECK(clock->waited() == 0s);
  const auto absurd = std::make_shared<FunctionProvider>(
      [](const auto&, const auto&) { return breaks(429, std::chrono::milliseconds::max()); });
  const auto forever = llm::retry(absurd, {.longest_hint = std::chrono::milliseconds::max(), .clock = clock});
  CHECK_FALSE(forever->complete({}, {.deadline = clock->now() + 120s}));
}

TEST_CASE("a backoff that would pass the deadline is not begun") {
  const auto clock = std::make_shared<FakeClock>();
  const auto provider = std::make_shared<FunctionProvider>([](const auto&, const auto&) { return breaks(500); });
  const auto start = clock->now();
  const auto tried =
      llm::retry(provider, {.attempts = 100, .base = 10s, .most = 10s, .budget = boundless, .clock = clock});
  const auto error = tried->complete({}, {.deadline = start + 60s}).error();
  CHECK(error.code == Errc::unavailable);
  CHECK(clock->now() < start + 60s);
}

TEST_CASE("after the first piece was shown nothing is tried again, by no layer") {
  const auto clock = std::make_shared<FakeClock>();
  auto cut = fails(500);
  cut.pieces = {"a", "b"};
  cut.fail_after = 1;
  const auto provider = std::make_shared<ScriptedProvider>(std::vector{cut, says("yes")}, clock);
  const auto twice = llm::retry(llm::retry(provider, {.clock = clock}), {.clock = clock});
  std::string shown;
  const auto reply = twice->stream({}, [&](const llm::Delta& delta) -> Status {
    shown += std::get<llm::TextDelta>(delta).text;
    return {};
  });
  REQUIRE_FALSE(reply);
  CHECK_FALSE(reply.error().service->retryable);
  CHECK(shown == "a");
  CHECK(provider->requests().size() == 1);

  auto early = fails(500);
  const auto other = std::make_shared<ScriptedProvider>(std::vector{early, says("yes")}, clock);
  CHECK(llm::retry(other, {.clock = clock})->stream({}, [](const llm::Delta&) -> Status { return {}; })->text == "yes");
}

TEST_CASE("a stop ends the wait; what was spent is told") {
  const auto clock = std::make_shared<FakeClock>(false);  // never moves: only the stop can end it
  std::stop_source stop;
  const auto provider =
      std::make_shared<FunctionProvider>([&](const auto&, const auto&) { return breaks(500, 1h, Money{7}); });
  const auto tried = llm::retry(provider, {.longest_hint = 2h, .clock = clock});
  const std::jthread stopper([&] {
    while (provider->calls == 0) std::this_thread::yield();
    stop.request_stop();
  });
  const auto error = tried->complete({}, {.stop = stop.get_token()}).error();
  CHECK(error.code == Errc::cancelled);
  CHECK(error.service->cost == Money{7});
  CHECK(provider->calls == 1);
}

// Credits: 10 at first, 0.2 a call, 1 a second. In an outage each retry takes one, so n calls over t seconds
// make at most n + 10 + 0.2 n + t requests, whatever `attempts` says. Short waits, as if others called meanwhile.
TEST_CASE("an outage is not made worse: requests stay within the retry budget") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto clock = std::make_shared<FakeClock>();
    const auto provider = std::make_shared<FunctionProvider>([](const auto&, const auto&) { return breaks(503); });
    const auto tried = llm::retry(provider, {.attempts = 10, .base = 1ms, .most = 1ms, .seed = seed, .clock = clock});
    const auto start = clock->now();
    constexpr int calls = 2'000;
    int spent = 0;
    for (int i = 0; i < calls; ++i) {
      const auto error = tried->complete({}).error();
      spent += error.message.find("retry budget") != std::string::npos ? 1 : 0;
      clock->advance(10ms);
    }
    const double seconds = std::chrono::duration<double>(clock->now() - start).count();
    CHECK(provider->calls <= calls + 10 + 0.2 * calls + seconds);
    CHECK(provider->calls >= calls + 0.2 * calls);  // what is allowed is used
    CHECK(spent > calls / 2);
  }
}

TEST_CASE("32 threads at once get one result each") {
  const auto clock = std::make_shared<FakeClock>();
  std::atomic<unsigned> turn = 0;
  const auto provider = std::make_shared<FunctionProvider>(
      [&](const auto&, const auto&) { return turn++ % 3 == 0 ? breaks(500, {}, Money{1}) : answers("yes", 1); });
  const auto tried = llm::retry(provider, {.budget = boundless, .clock = clock});
  const std::vector<llm::Request> requests(3'200);
  std::int64_t spent = 0;
  for (const auto& reply : llm::complete_many(*tried, requests, 32)) {
    spent += reply ? reply->cost->picodollars : reply.error().service->cost->picodollars;
  }
  CHECK(spent == provider->calls);
}
