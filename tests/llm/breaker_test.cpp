//! Leaving a broken provider alone.
#include <persona/llm/breaker.hpp>
#include <persona/llm/retry.hpp>
#include <persona/testing/fake_clock.hpp>

#include "function_provider.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <random>
#include <vector>

using namespace persona;
using namespace std::chrono_literals;
using testing::answers;
using testing::breaks;
using testing::FakeClock;
using testing::FunctionProvider;

namespace {

// A breaker around a provider that answers with `status`, 200 or not.
struct Bench {
  explicit Bench(llm::BreakerOptions options = {}) {
    options.clock = clock;
    options.seed = 1;
    guarded = llm::breaker(provider, options);
  }

  // Whether the provider was asked.
  bool call(int with_status, std::string model = "m") {
    status = with_status;
    const int before = provider->calls;
    last = guarded->complete({.model = std::move(model)});
    return provider->calls > before;
  }

  void open() {
    for (int i = 0; i < 10; ++i) REQUIRE(call(503));
  }

  // Lets the time of the last refusal pass.
  void wait() {
    CHECK_FALSE(call(200));
    clock->advance(*last.error().service->retry_after);
  }

  std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
  int status = 200;
  std::optional<std::chrono::milliseconds> hint = {};
  std::shared_ptr<FunctionProvider> provider = std::make_shared<FunctionProvider>(
      [this](const auto&, const auto&) { return status == 200 ? answers("yes") : breaks(status, hint); });
  llm::Provider guarded;
  Result<llm::Reply> last = fail(Errc::internal, "not asked");
};

}  // namespace

TEST_CASE("closed, open, half open: the table of states") {
  Bench bench;
  for (int i = 0; i < 9; ++i) CHECK(bench.call(500));  // too few to tell
  CHECK(bench.call(500));                              // the tenth opens
  CHECK_FALSE(bench.call(200));
  CHECK(bench.last.error().code == Errc::unavailable);
  CHECK(bench.last.error().service->retryable);
  CHECK_FALSE(bench.last.error().service->sent);
  bench.wait();
  CHECK(bench.call(500));        // a probe that fails
  CHECK_FALSE(bench.call(200));  // opens again
  bench.wait();
  CHECK(bench.call(200));  // the first success is not enough
  CHECK(bench.call(500));
  CHECK_FALSE(bench.call(200));
  bench.wait();
  CHECK(bench.call(200));
  CHECK(bench.call(200));  // two close it
  for (int i = 0; i < 9; ++i) CHECK(bench.call(500));
  CHECK(bench.call(200));  // 9 of 12: the window began anew, and only a failure opens
  CHECK(bench.call(500));
  CHECK_FALSE(bench.call(200));
}

TEST_CASE("half of the calls must fail") {
  Bench bench;
  for (int i = 0; i < 100; ++i) CHECK(bench.call(i % 5 > 2 ? 503 : 200));  // 40 %
  int more = 0;
  while (bench.call(503)) ++more;
  CHECK(more == 20);  // (40 + 20) / (100 + 20)
}

TEST_CASE("failures are forgotten after the window") {
  Bench bench;
  for (int i = 0; i < 9; ++i) CHECK(bench.call(503));
  bench.clock->advance(61s);
  for (int i = 0; i < 9; ++i) CHECK(bench.call(503));
  bench.clock->advance(61s);
  for (int i = 0; i < 10; ++i) CHECK(bench.call(503));
  CHECK_FALSE(bench.call(503));
}

TEST_CASE("what counts") {
  for (const int status : {408, 500, 502, 503, 504, 529}) {
    Bench bench;
    for (int i = 0; i < 20; ++i) (void)bench.call(status);
    CHECK_MESSAGE(bench.provider->calls == 10, status);
  }
  for (const int status : {400, 401, 403, 404, 409, 413, 422, 429, 501}) {
    Bench bench;
    for (int i = 0; i < 100; ++i) CHECK_MESSAGE(bench.call(status), status);
  }
  // A connection that never came to be, from a dialect and from an application's own provider.
  for (const bool has_service : {true, false}) {
    const auto dead = std::make_shared<FunctionProvider>([&](const auto&, const auto&) -> Result<llm::Reply> {
      Error error{Errc::unavailable, "no connection", {}};
      if (has_service) error.service = ServiceFailure{.retryable = true};
      return tl::unexpected(error);
    });
    const auto guarded = llm::breaker(dead, {.clock = std::make_shared<FakeClock>()});
    for (int i = 0; i < 20; ++i) CHECK_FALSE(guarded->embed({}));
    CHECK(dead->calls == 10);
  }
}

TEST_CASE("a 429 closes the door until its Retry-After, and is no failure") {
  Bench bench;
  bench.hint = 7s;
  CHECK(bench.call(429));
  CHECK_FALSE(bench.call(200));
  CHECK(bench.last.error().code == Errc::rate_limited);
  CHECK(bench.last.error().service->retry_after == 7s);
  CHECK(bench.call(200, "another"));
  bench.clock->advance(6999ms);
  CHECK_FALSE(bench.call(200));
  bench.clock->advance(1ms);
  CHECK(bench.call(200));
  bench.hint = std::chrono::milliseconds::max();
  CHECK(bench.call(429));
  bench.clock->advance(24h);
  CHECK_FALSE(bench.call(200));
}

TEST_CASE("models are broken one by one") {
  Bench bench;
  bench.open();
  CHECK_FALSE(bench.call(200, "m"));
  CHECK(bench.call(200, "other"));
}

// Five seconds doubled each time up to a minute, give or take a fifth; retry_after is rounded up to a millisecond.
TEST_CASE("it stays open twice as long each time, up to a minute, jittered") {
  Bench bench;
  bench.open();
  std::vector<double> shares;
  for (int i = 0; i < 200; ++i) {
    const double expected = std::min(5.0 * (1 << std::min(i, 10)), 60.0);
    CHECK_FALSE(bench.call(200));
    const double seconds = std::chrono::duration<double>(*bench.last.error().service->retry_after).count();
    CHECK(seconds >= expected * 0.8);
    CHECK(seconds <= expected * 1.2 + 0.001);
    shares.push_back(seconds / expected);
    bench.clock->advance(*bench.last.error().service->retry_after);
    CHECK(bench.call(503));
  }
  // 200 draws all within the middle 90 %: chance 0.9^200 < 1e-9.
  CHECK(*std::min_element(shares.begin(), shares.end()) < 0.82);
  CHECK(*std::max_element(shares.begin(), shares.end()) > 1.18);
}

TEST_CASE("a retry around it waits until it opens, and lists only what went out") {
  Bench bench;
  bench.open();
  bench.status = 200;
  const auto reply = llm::retry(bench.guarded, {.clock = bench.clock})->complete({.model = "m"});
  REQUIRE(reply);
  CHECK(reply->attempts.size() == 1);
}

// While open, nothing; each opening lets two probes out at most. In an outage of t seconds at open times of at
// least 0.8 * 5, 10, 20, 40, 60, 60, ... seconds there are few openings, and with them few requests.
TEST_CASE("an outage of an hour is asked about rarely") {
  Bench bench;
  std::mt19937 random(5);
  const auto end = bench.clock->now() + 1h;
  while (bench.clock->now() < end) {
    (void)bench.call(503);
    bench.clock->advance(std::chrono::milliseconds(random() % 1000));
  }
  const double openings = 4 + (3600 - 0.8 * 75) / (0.8 * 60);
  CHECK(bench.provider->calls <= 10 + 2 * (openings + 1));
  CHECK(bench.provider->calls >= 10 + 3600 / 73);
}
