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

// Shows its pieces, waits for something before each, and ends.
class Streamer final : public llm::LLMProvider {
 public:
  using Before = std::function<void(std::size_t piece, const Context& context)>;
  Streamer(std::vector<std::string> pieces, Before before) : pieces_(std::move(pieces)), before_(std::move(before)) {}
  std::string name() const override { return "streamer"; }
  llm::Capabilities capabilities(std::string_view) const override { return {}; }
  Result<llm::Reply> complete(const llm::Request&, const Context&) override { return fail(Errc::unsupported, "no"); }
  Result<llm::Reply> stream(const llm::Request&, const llm::OnDelta& on_delta, const Context& context) override {
    std::string text;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      before_(i, context);
      if (context.stop.stop_requested()) return hangs(context, 30);
      if (const auto shown = on_delta(llm::TextDelta{pieces_[i]}); !shown) return tl::unexpected(shown.error());
      text += pieces_[i];
    }
    return answers(text, 7);
  }

 private:
  std::vector<std::string> pieces_;
  Before before_;
};

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
  const auto slow = std::make_shared<FunctionProvider>([](const auto&, const Context& context) -> Result<llm::Reply> {
    while (!context.stop.stop_requested()) std::this_thread::yield();
    return fail(Errc::cancelled, "stopped");
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

TEST_CASE("streams: the first piece decides, and nothing of the other is shown") {
  const auto slow =
      std::make_shared<Streamer>(std::vector<std::string>{"wrong"}, [&](std::size_t, const Context& context) {
        while (!context.stop.stop_requested()) std::this_thread::yield();
      });
  const auto quick =
      std::make_shared<Streamer>(std::vector<std::string>{"a", "b", "c"}, [](std::size_t, const auto&) {});
  std::string shown;
  const auto reply = llm::hedged(slow, always(quick))->stream({}, [&](const llm::Delta& delta) -> Status {
    shown += std::get<llm::TextDelta>(delta).text;
    return {};
  });
  REQUIRE(reply);
  CHECK(shown == "abc");
  CHECK(reply->text == "abc");
  CHECK(reply->attempts.size() == 2);
  CHECK(reply->cost == Money{37});
}

TEST_CASE("streams: once a piece was shown, no second request") {
  const auto clock = std::make_shared<FakeClock>(false);
  const auto quick = prompt();
  const auto steady =
      std::make_shared<Streamer>(std::vector<std::string>{"a", "b"}, [&](std::size_t piece, const auto&) {
        if (piece == 1) clock->advance(1h);
      });
  const auto reply =
      llm::hedged(steady, always(quick, clock))->stream({}, [](const llm::Delta&) -> Status { return {}; });
  CHECK(reply->text == "ab");
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
    for (int i = 0; i < 2'000 && quick->calls == before; ++i) std::this_thread::yield();
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
