//! Others who can answer.
#include <persona/llm/fallback.hpp>
#include <persona/testing/fake_clock.hpp>

#include "function_provider.hpp"

#include <doctest/doctest.h>

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

// Three targets; each answers with its status, or its own name at 10 picodollars.
struct Chain {
  std::vector<int> statuses = {200, 200, 200};
  std::vector<std::string> asked;
  std::optional<std::chrono::milliseconds> hint = {};
  std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
  llm::Provider chain;

  Chain() {
    std::vector<llm::Target> targets;
    for (std::size_t i = 0; i < statuses.size(); ++i) {
      const std::string name(1, static_cast<char>('a' + i));
      const auto answer = [this, i, name](const llm::Request& request, const auto&) -> Result<llm::Reply> {
        asked.push_back(name + "/" + request.model);
        if (statuses[i] == 200) return answers(name, 10);
        return breaks(statuses[i], hint, Money{1});
      };
      targets.push_back({std::make_shared<FunctionProvider>(answer, name), i == 0 ? "" : "own-" + name});
    }
    chain = llm::fallback(targets, {.clock = clock});
  }
  std::vector<std::string> ask(Result<llm::Reply>* result = nullptr) {
    asked.clear();
    auto reply = chain->complete({.model = "m"});
    if (result != nullptr) *result = std::move(reply);
    return asked;
  }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("the first that answers answers; the reply lists all and their cost") {
  Chain chain;
  CHECK(chain.ask() == Names{"a/m"});
  chain.statuses = {503, 401, 200};
  Result<llm::Reply> reply = fail(Errc::internal, "");
  CHECK(chain.ask(&reply) == Names{"a/m", "b/own-b", "c/own-c"});
  REQUIRE(reply);
  CHECK(reply->text == "c");
  REQUIRE(reply->attempts.size() == 3);
  CHECK(reply->attempts[0].provider == "a");
  CHECK(reply->attempts[1].model == "own-b");
  CHECK(reply->cost == Money{12});
}

TEST_CASE("a target that failed is asked last for a while, one that recovered is forgiven") {
  Chain chain;
  chain.statuses[0] = 503;
  CHECK(chain.ask() == Names{"a/m", "b/own-b"});
  CHECK(chain.ask() == Names{"b/own-b"});
  chain.clock->advance(29s);
  CHECK(chain.ask() == Names{"b/own-b"});
  chain.clock->advance(1s);
  CHECK(chain.ask() == Names{"a/m", "b/own-b"});
  chain.statuses = {200, 503, 503};
  CHECK(chain.ask() == Names{"b/own-b", "c/own-c", "a/m"});
  CHECK(chain.ask() == Names{"a/m"});  // it answered: its rest is over
  chain.clock->advance(30s);
  chain.statuses = {429, 200, 200};
  chain.hint = 100s;
  (void)chain.ask();
  chain.clock->advance(99s);
  chain.statuses = {200, 200, 200};
  CHECK(chain.ask().front() == "b/own-b");
  chain.clock->advance(1s);
  CHECK(chain.ask().front() == "a/m");
}

TEST_CASE("what goes on, what ends, and what lets rest") {
  const auto table = [](Errc code) {
    const auto clock = std::make_shared<FakeClock>();
    const auto first = std::make_shared<FunctionProvider>(
        [code](const auto&, const auto&) -> Result<llm::Reply> { return fail(code, "no"); });
    const auto second = std::make_shared<FunctionProvider>([](const auto&, const auto&) { return answers("yes"); });
    const auto chain = llm::fallback({{first}, {second}}, {.clock = clock});
    const bool answered = chain->complete({}).has_value();
    (void)chain->complete({});
    return answered ? first->calls.load() : 0;  // 0: it ended; 1: it rests; 2: it does not
  };
  for (const Errc code : {Errc::unavailable, Errc::rate_limited, Errc::quota_exceeded, Errc::unauthenticated,
                          Errc::permission_denied, Errc::not_found}) {
    CHECK_MESSAGE(table(code) == 1, to_string(code));
  }
  for (const Errc code : {Errc::context_too_long, Errc::refused, Errc::unsupported}) {
    CHECK_MESSAGE(table(code) == 2, to_string(code));
  }
  for (const Errc code : {Errc::invalid_argument, Errc::cancelled, Errc::deadline_exceeded, Errc::truncated,
                          Errc::invalid_output, Errc::internal}) {
    CHECK_MESSAGE(table(code) == 0, to_string(code));
  }
}

TEST_CASE("where none answers, the error is the last and names what each said, at the cost of all") {
  Chain chain;
  chain.statuses = {503, 429, 404};
  Result<llm::Reply> reply = fail(Errc::internal, "");
  (void)chain.ask(&reply);
  REQUIRE_FALSE(reply);
  CHECK(reply.error().code == Errc::not_found);
  for (const char* part :
       {"a/m: scripted: status 503", "b/own-b: scripted: status 429", "c/own-c: scripted: status 404"}) {
    CHECK(reply.error().message.find(part) != std::string::npos);
  }
  CHECK(reply.error().service->cost == Money{3});
  CHECK(llm::fallback({})->complete({}).error().code == Errc::invalid_argument);
}

TEST_CASE("a stream that has begun stays where it is") {
  const auto clock = std::make_shared<FakeClock>();
  auto cut = fails(500);
  cut.pieces = {"a", "b"};
  cut.fail_after = 1;
  const auto first = std::make_shared<ScriptedProvider>(std::vector{cut, fails(500)}, clock);
  const auto second = std::make_shared<ScriptedProvider>(std::vector{says("yes")}, clock);
  const auto chain = llm::fallback({{first}, {second}}, {.rest = 0s, .clock = clock});
  const auto ignore = [](const llm::Delta&) -> Status { return {}; };
  CHECK_FALSE(chain->stream({}, ignore).error().service->retryable);
  CHECK(chain->stream({}, ignore)->text == "yes");
}

TEST_CASE("a stop between two targets ends it") {
  std::stop_source stop;
  const auto first = std::make_shared<FunctionProvider>([&](const auto&, const auto&) {
    stop.request_stop();
    return breaks(500, {}, Money{3});
  });
  const auto chain = llm::fallback({{first}, {first}});
  const auto error = chain->complete({}, {.stop = stop.get_token()}).error();
  CHECK(error.code == Errc::cancelled);
  CHECK(error.service->cost == Money{3});
  CHECK(first->calls == 1);
}

TEST_CASE("embeddings never come from another model; capabilities are those of all") {
  Chain chain;
  chain.statuses = {503, 200, 200};
  CHECK_FALSE(chain.chain->embed({.model = "m"}));
  CHECK(chain.asked == Names{"a/m"});
  CHECK(chain.chain->embed({.model = "own-b"}));
  CHECK(chain.chain->name() == "fallback(a, b, c)");
  const auto scripted = std::make_shared<ScriptedProvider>(std::vector<testing::Step>{});
  CHECK(llm::fallback({{scripted}})->capabilities("m").json_schema);
  CHECK_FALSE(llm::fallback({{scripted}, {chain.chain}})->capabilities("m").json_schema);
}

TEST_CASE("32 threads share the health of the targets") {
  std::atomic<unsigned> turn = 0;
  const auto clock = std::make_shared<FakeClock>();
  const auto flaky = std::make_shared<FunctionProvider>(
      [&](const auto&, const auto&) { return turn++ % 2 == 0 ? breaks(500, 1ms) : answers("yes"); });
  const auto steady = std::make_shared<FunctionProvider>([&](const auto&, const auto&) {
    clock->advance(1ms);
    return answers("yes");
  });
  const auto chain = llm::fallback({{flaky}, {steady}}, {.clock = clock});
  const std::vector<llm::Request> requests(3'200);
  for (const auto& reply : llm::complete_many(*chain, requests, 32)) CHECK(reply);
  CHECK(steady->calls + flaky->calls >= 3'200);
}
