//! Requests and tokens a minute.
#include <persona/llm/limits.hpp>
#include <persona/testing/fake_clock.hpp>

#include "function_provider.hpp"
#include "waiting_parts.hpp"

#include <doctest/doctest.h>

#include <random>
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

llm::Request of_tokens(std::int64_t input, std::int64_t output, int priority = 0) {
  return {.model = "m",
          .messages = {llm::Message::user(std::string(static_cast<std::size_t>(input) * 3, 'x'))},
          .max_output_tokens = output,
          .call = {.priority = priority}};
}

llm::Reply used(std::int64_t input, std::int64_t output) {
  llm::Reply reply;
  reply.usage = {.input = input, .output = output};
  return reply;
}

// The time that a call waited before it was sent.
struct Waits {
  std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
  Result<llm::Reply> answer = used(1, 0);
  std::shared_ptr<FunctionProvider> provider =
      std::make_shared<FunctionProvider>([this](const auto&, const auto&) { return answer; });
  llm::Provider limited;

  explicit Waits(llm::RateLimits limits) {
    limits.clock = clock;
    limited = llm::rate_limited(provider, limits);
  }
  double call(const llm::Request& request) {
    const auto start = clock->now();
    (void)limited->complete(request);
    return std::chrono::duration<double>(clock->now() - start).count();
  }
};

}  // namespace

// A bucket of L that fills in a minute: in any span of t seconds at most L (1 + t/60) go.
TEST_CASE("no span of time sees more than its share") {
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    std::mt19937 random(seed);
    Waits waits({.requests_per_minute = 50, .input_tokens_per_minute = 3'000, .output_tokens_per_minute = 2'000});
    std::vector<std::pair<double, llm::Usage>> sent;
    for (int i = 0; i < 400; ++i) {
      const auto input = 1 + random() % 200, output = 1 + random() % 150;
      waits.answer = used(input, output);
      (void)waits.call(of_tokens(input, output));
      sent.emplace_back(std::chrono::duration<double>(waits.clock->now().time_since_epoch()).count(),
                        waits.answer->usage);
      waits.clock->advance(std::chrono::milliseconds(random() % 500));
    }
    for (std::size_t first = 0; first < sent.size(); ++first) {
      double requests = 0, input = 0, output = 0;
      for (std::size_t last = first; last < sent.size(); ++last) {
        requests += 1;
        input += static_cast<double>(sent[last].second.input);
        output += static_cast<double>(sent[last].second.output);
        const double share = 1 + (sent[last].first - sent[first].first) / 60 + 1e-9;
        REQUIRE(requests <= 50 * share);
        REQUIRE(input <= 3'000 * share);
        REQUIRE(output <= 2'000 * share);
      }
    }
  }
}

TEST_CASE("a call waits just as long as it must") {
  Waits requests({.requests_per_minute = 2});
  CHECK(requests.call(of_tokens(1, 1)) == 0);
  CHECK(requests.call(of_tokens(1, 1)) == 0);
  CHECK(requests.call(of_tokens(1, 1)) == doctest::Approx(30));
  Waits input({.input_tokens_per_minute = 600});
  input.answer = used(600, 1);
  CHECK(input.call(of_tokens(600, 1)) == 0);
  CHECK(input.call(of_tokens(60, 1)) == doctest::Approx(6));
}

TEST_CASE("reservations are settled with what was used") {
  Waits waits({.input_tokens_per_minute = 600, .output_tokens_per_minute = 600});
  waits.answer = used(60, 30);
  CHECK(waits.call(of_tokens(300, 600)) == 0);                  // 540 and 570 are left
  CHECK(waits.call(of_tokens(540, 570)) == 0);                  // 480 and 540
  CHECK(waits.call(of_tokens(10, 600)) == doctest::Approx(6));  // 60 output tokens are missing
  waits.answer = used(600, 600);                                // more than reserved: into debt
  (void)waits.call(of_tokens(1, 1));
  CHECK(waits.call(of_tokens(1, 1)) > 1);
}

TEST_CASE("failures: what did not go out is given back, what may have been answered is not") {
  Waits waits({.requests_per_minute = 1'000'000, .output_tokens_per_minute = 600});
  waits.answer = breaks(429);
  CHECK(waits.call(of_tokens(1, 600)) == 0);
  waits.answer = fail(Errc::quota_exceeded, "the budget");
  CHECK(waits.call(of_tokens(1, 600)) == 0);
  waits.answer = breaks(500);
  CHECK(waits.call(of_tokens(1, 600)) == 0);
  CHECK(waits.call(of_tokens(1, 600)) == doctest::Approx(60));
}

TEST_CASE("what the provider says is left overrules the count") {
  Waits waits({.requests_per_minute = 1'000});
  auto reply = used(1, 1);
  reply.allowance = llm::Allowance{.requests = 1, .output_tokens = 500, .requests_reset = 20s, .tokens_reset = 50s};
  waits.answer = reply;
  CHECK(waits.call(of_tokens(1, 1)) == 0);
  waits.answer = used(1, 100);
  CHECK(waits.call(of_tokens(1, 1)) == 0);
  CHECK(waits.call(of_tokens(1, 1)) == doctest::Approx(20));    // none left until the reset
  CHECK(waits.call(of_tokens(1, 400)) == doctest::Approx(30));  // 500 - 2 * 100 output tokens left, until 50 s
  CHECK(waits.call(of_tokens(1, 5'000)) == 0);                  // from then on it knows of no limit
}

TEST_CASE("what never fits, or not before the deadline, is refused at once") {
  Waits waits({.requests_per_minute = 1, .input_tokens_per_minute = 100, .output_tokens_per_minute = 100});
  const auto never = waits.limited->complete(of_tokens(101, 1)).error();
  CHECK(never.code == Errc::rate_limited);
  CHECK_FALSE(never.service->retryable);
  CHECK(never.message.find("101 input tokens") != std::string::npos);
  CHECK(waits.limited->complete(of_tokens(1, 101)).error().message.find("output") != std::string::npos);
  CHECK(waits.limited->complete(of_tokens(1, 1)));
  const auto late = waits.limited->complete(of_tokens(1, 1), {.deadline = waits.clock->now() + 59s}).error();
  CHECK(late.code == Errc::rate_limited);
  CHECK(late.service->retryable);
  CHECK(late.service->retry_after == 60s);
  CHECK(waits.clock->waited() == 0s);
  CHECK(waits.provider->calls == 1);
  CHECK(waits.limited->complete(of_tokens(1, 1), {.deadline = waits.clock->now() + 61s}));
  CHECK(waits.limited->count_tokens(of_tokens(1'000, 1)));
  CHECK(waits.limited->embed({.model = "e", .inputs = {std::string(240, 'x')}}));
  CHECK_FALSE(waits.limited->embed({.model = "e", .inputs = {std::string(306, 'x')}}));
}

TEST_CASE("tokens under way may come back: a call hopes for them until its deadline") {
  Gate gate;
  const auto clock = std::make_shared<WatchedClock>();
  const auto provider = std::make_shared<FunctionProvider>([&](const auto&, const auto&) {
    gate.pass(0);
    return used(1, 0);
  });
  const auto limited = llm::rate_limited(provider, {.output_tokens_per_minute = 1'000, .clock = clock});
  const std::jthread first([&] { CHECK(limited->complete(of_tokens(1, 1'000))); });
  (void)gate.await(1);
  const std::jthread second([&] { CHECK(limited->complete(of_tokens(1, 1'000), {.deadline = clock->now() + 30s})); });
  clock->await(1);
  gate.let_go(2);
}

TEST_CASE("who waits goes by priority, then by who came first; a small call does not overtake a great one") {
  Gate gate;
  const auto clock = std::make_shared<WatchedClock>();
  const auto provider = std::make_shared<FunctionProvider>([&](const llm::Request& request, const auto&) {
    gate.pass(static_cast<int>(*request.seed));
    return used(1, 0);
  });
  const auto limited = llm::rate_limited(provider, {.output_tokens_per_minute = 1'000, .clock = clock});
  std::vector<std::jthread> callers;
  const auto call = [&](int number, std::int64_t output, int priority) {
    auto request = of_tokens(1, output, priority);
    request.seed = number;
    callers.emplace_back([&limited, request] { CHECK(limited->complete(request)); });
  };
  call(0, 999, 0);
  (void)gate.await(1);
  call(1, 1'000, 0);
  clock->await(1);
  call(2, 1'000, 5);
  clock->await(2);
  call(3, 1, 0);
  clock->await(3);
  call(4, 1'000, 5);
  clock->await(4);
  for (std::size_t went = 2; went <= 5; ++went) {
    gate.let_go(1);
    (void)gate.await(went);
  }
  gate.let_go(1);
  CHECK(gate.await(5) == std::vector<int>{0, 2, 4, 1, 3});
}

TEST_CASE("a stop ends the wait") {
  const auto clock = std::make_shared<WatchedClock>();
  const auto provider = std::make_shared<FunctionProvider>([](const auto&, const auto&) { return used(1, 1); });
  const auto limited = llm::rate_limited(provider, {.requests_per_minute = 1, .clock = clock});
  CHECK(limited->complete({}));
  std::stop_source stop;
  const std::jthread stopper([&] {
    clock->await(1);
    stop.request_stop();
  });
  CHECK(limited->complete({}, {.stop = stop.get_token()}).error().code == Errc::cancelled);
  CHECK(provider->calls == 1);
}

TEST_CASE("32 threads: all go, none before its time") {
  const auto clock = std::make_shared<FakeClock>();
  const auto provider = std::make_shared<FunctionProvider>([](const auto&, const auto&) { return used(10, 10); });
  const auto limited =
      llm::rate_limited(provider, {.requests_per_minute = 600, .input_tokens_per_minute = 100'000, .clock = clock});
  const auto start = clock->now();
  const std::vector<llm::Request> requests(1'800, of_tokens(10, 10));
  for (const auto& reply : llm::complete_many(*limited, requests, 32)) CHECK(reply);
  CHECK(clock->now() - start >= 119s);  // 600 at once, 1,200 at ten a second
  CHECK(clock->now() - start <= 121s);
}
