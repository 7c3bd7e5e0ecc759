//! The whole stack.
#include <persona/llm/stack.hpp>
#include <persona/testing/fake_clock.hpp>

#include "chaos_run.hpp"
#include "faulty_provider.hpp"
#include "function_provider.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <latch>
#include <map>
#include <mutex>
#include <string>
#include <vector>

using namespace persona;
using namespace std::chrono_literals;
using testing::answers;
using testing::breaks;
using testing::chaos_calls;
using testing::FakeClock;
using testing::FaultyProvider;
using testing::FunctionProvider;
using testing::run_chaos;
using testing::says;
using testing::ScriptedProvider;

namespace {

// One picodollar an input token, ten an output token.
std::shared_ptr<const llm::PriceTable> price_of(const std::string& model) {
  return std::make_shared<llm::PriceTable>(std::vector<llm::Price>{
      {.model = model, .standard = {.input = Money{1}, .output = Money{10}}, .from = std::chrono::sys_days{}}});
}

// Watches that no account passes its cap and nothing is settled twice.
class WatchedLedger final : public llm::Ledger {
 public:
  Status set_cap(std::string_view account, const llm::Cap& cap) override { return inner_->set_cap(account, cap); }
  Result<llm::Balance> balance(std::string_view account) const override { return inner_->balance(account); }
  Result<std::string> reserve(std::span<const std::string> accounts, const llm::Charge& most) override {
    auto name = inner_->reserve(accounts, most);
    const auto now = inner_->balance("all");
    const std::lock_guard lock(mutex_);
    if (name) ++open_[*name];
    if (now->cap.money && now->spent.money + now->reserved.money > *now->cap.money) ++overspent;
    return name;
  }
  Status settle(std::string_view reservation, const llm::Charge& charge) override {
    {
      const std::lock_guard lock(mutex_);
      if (--open_[std::string(reservation)] != 0) ++settled_twice;
    }
    return inner_->settle(reservation, charge);
  }
  bool is_settled() const {
    return std::all_of(open_.begin(), open_.end(), [](const auto& entry) { return entry.second == 0; });
  }
  int overspent = 0, settled_twice = 0;

 private:
  std::shared_ptr<llm::Ledger> inner_ = llm::memory_ledger();
  std::mutex mutex_;
  std::map<std::string, int> open_;
};

struct Stack {
  std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
  std::shared_ptr<WatchedLedger> ledger = std::make_shared<WatchedLedger>();
  llm::StackOptions options = {.retry = {.seed = 1}, .breaker = {.seed = 1}};

  llm::Provider around(llm::Provider provider, const std::string& model) {
    options.clock = clock;
    options.meter.prices = price_of(model);
    options.meter.ledger = ledger;
    return llm::standard_stack(std::move(provider), options);
  }
  llm::Charge spent() const { return ledger->balance("all")->spent; }
};

llm::Request limited_question() {
  llm::Request request = testing::question();
  request.max_output_tokens = 100;
  return request;
}

}  // namespace

TEST_CASE("a failed request, a wrong answer and a right one: three bookings, one reply") {
  Stack stack;
  const auto metrics = std::make_shared<llm::Metrics>();
  stack.options.events = metrics;
  const auto provider = std::make_shared<ScriptedProvider>(
      std::vector{testing::fails(500), says("{\"age\": \"old\"}"), says("{\"age\": 7}")}, stack.clock);
  const auto whole = stack.around(provider, "scripted/m");
  llm::Request request{.model = "m", .messages = {llm::Message::user("How old?")}, .temperature = 0};
  request.json = llm::JsonFormat{.schema = R"({"type":"object","properties":{"age":{"type":"integer"}}})"};
  const auto reply = whole->complete(request);
  REQUIRE(reply);
  CHECK(reply->json.find('7') != std::string::npos);
  REQUIRE(reply->attempts.size() == 3);
  CHECK(reply->cost == stack.spent().money);
  CHECK(stack.spent().calls == 3);
  CHECK(stack.ledger->is_settled());
  const auto again = whole->complete(request);
  REQUIRE(again);
  CHECK(again->source == llm::Source::memory_cache);
  CHECK(again->json == reply->json);
  CHECK(stack.spent().calls == 3);
  CHECK(provider->requests().size() == 3);
  CHECK(metrics->prometheus().size() > 100);
}

TEST_CASE("all policies go by the stack's clock") {
  Stack stack;
  stack.options.rate.requests_per_minute = 2;
  const auto provider = std::make_shared<FunctionProvider>([](const auto&, const auto&) { return answers("yes"); });
  const auto whole = stack.around(provider, "function/m");
  const auto start = stack.clock->now();
  for (int i = 0; i < 4; ++i) CHECK(whole->complete(testing::question()));
  CHECK(stack.clock->now() - start == 60s);
  const auto broken = stack.around(
      std::make_shared<FunctionProvider>([](const auto&, const auto&) { return breaks(429, 60s); }), "function/m");
  CHECK_FALSE(broken->complete(testing::question()));
  CHECK(stack.clock->now() - start >= 180s);
}

TEST_CASE("the second request of a hedge is metered too, whoever answers it") {
  Stack stack;
  std::latch begun(1);  // stopped before it is sent, the first one would be no call
  const auto quick = std::make_shared<FunctionProvider>([&](const auto&, const auto&) {
    begun.wait();
    return answers("quick");
  });
  const auto slow = std::make_shared<FunctionProvider>([&](const auto&, const Context& context) -> Result<llm::Reply> {
    begun.count_down();
    while (!context.stop.stop_requested()) std::this_thread::yield();
    return fail(Errc::cancelled, "stopped");
  });
  stack.options.hedge = llm::HedgeOptions{.share = 1, .delay = 1s, .other = quick};
  const auto reply = stack.around(slow, "function/m")->complete(testing::question());
  REQUIRE(reply);
  CHECK(reply->text == "quick");
  CHECK(stack.spent().calls == 2);
  CHECK(reply->cost == stack.spent().money);
}

TEST_CASE("chaos through the whole stack: what callers were told they paid is what is booked, never above the cap") {
  for (const bool is_scarce : {false, true}) {
    Stack stack;
    stack.options.hedge = llm::HedgeOptions{.share = 0.02, .delay = 1ms};
    // A request is reserved at 1,000 at least (100 output tokens), an answer takes 20 + 10 * 10.
    const Money cap{is_scarce ? 500'000 : 1'000'000'000};
    REQUIRE(stack.ledger->set_cap("all", {.money = cap}));
    const auto faulty = std::make_shared<FaultyProvider>(21, chaos_calls);
    const auto whole = stack.around(faulty, "faulty/m");
    Money told;
    std::size_t answered = 0, denied = 0;
    for (const auto& [result, shown, endings] : run_chaos(*whole, *stack.clock, limited_question())) {
      REQUIRE(endings == 1);
      REQUIRE(result.has_value());
      const auto& error = *result ? std::optional<Error>{} : result->error();
      if (!error) {
        REQUIRE((*result)->cost);
        told += *(*result)->cost;
        ++answered;
        continue;
      }
      denied += error->code == Errc::quota_exceeded ? 1 : 0;
      if (error->service) told += error->service->cost.value_or(Money{});
    }
    CHECK(told == stack.spent().money);
    CHECK(stack.spent().money <= cap);
    CHECK(stack.ledger->balance("all")->reserved == llm::Charge{});
    CHECK(stack.ledger->overspent == 0);
    CHECK(stack.ledger->settled_twice == 0);
    CHECK(stack.ledger->is_settled());
    CHECK((denied > 0) == is_scarce);
    if (!is_scarce) CHECK(answered > chaos_calls * 9 / 10);
  }
}

// Each question is asked four times, by four threads or one after the other.
TEST_CASE("chaos: the same question is never paid twice") {
  Stack stack;
  const auto faulty = std::make_shared<FaultyProvider>(22, chaos_calls);
  const auto whole = stack.around(faulty, "faulty/m");
  std::size_t i = 0, answered = 0;
  llm::Request question = limited_question();
  question.temperature = 0;
  for (const auto& [result, shown, endings] : run_chaos(*whole, *stack.clock, question, 4)) {
    REQUIRE(endings == 1);
    REQUIRE(result.has_value());
    if (*result) REQUIRE((*result)->text == "answer " + std::to_string(i / 4));
    answered += *result ? 1 : 0;
    ++i;
  }
  for (const auto& times : faulty->answered) REQUIRE(times <= 1);
  CHECK(answered > chaos_calls * 9 / 10);
  CHECK(stack.ledger->is_settled());
}

TEST_CASE("a request that is wrong reaches no cache, no limit, no budget") {
  Stack stack;
  const auto provider = std::make_shared<ScriptedProvider>(std::vector{says("yes")}, stack.clock);
  const auto whole = stack.around(provider, "scripted/m");
  for (const llm::Request& wrong : {llm::Request{.model = "m"}, llm::Request{.messages = {llm::Message::user("?")}},
                                    llm::Request{.model = "m", .messages = {llm::Message::user("\xff")}}}) {
    const auto reply = whole->complete(wrong);
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code == Errc::invalid_argument);
  }
  CHECK(provider->requests().empty());
  CHECK(stack.spent() == llm::Charge{});
}

TEST_CASE("what is redacted is in no cache and is not sent") {
  Stack stack;
  stack.options.stored = llm::memory_cache();
  stack.options.redact = [](std::string_view text) {
    std::string clean(text);
    if (const auto at = clean.find("Ada"); at != std::string::npos) clean.replace(at, 3, "NAME");
    return clean;
  };
  const auto provider = std::make_shared<ScriptedProvider>(std::vector{says("yes")}, stack.clock);
  const auto whole = stack.around(provider, "scripted/m");
  llm::Request request{.model = "m", .messages = {llm::Message::user("Is Ada here?")}, .temperature = 0};
  request.messages.push_back(llm::Message::tool({.id = "1", .text = "Ada is"}));
  REQUIRE(whole->complete(request));
  CHECK(provider->requests()[0].messages[0].text() == "Is NAME here?");
  CHECK(std::get<llm::ToolResult>(provider->requests()[0].messages[1].parts[0]).text == "NAME is");
  request.messages[0] = llm::Message::user("Is NAME here?");
  const auto same = whole->complete(request);
  REQUIRE(same);
  CHECK(same->source == llm::Source::memory_cache);
}

TEST_CASE("another target answers through the stack, on the same books") {
  Stack stack;
  const auto broken = std::make_shared<FunctionProvider>([](const auto&, const auto&) { return breaks(401); });
  const auto other = std::make_shared<FunctionProvider>([](const llm::Request& request, const auto&) {
    CHECK(request.model == "m");
    return answers("from the other");
  });
  stack.options.fallback = {{other, "m"}};
  llm::Request request = limited_question();
  const auto reply = stack.around(broken, "function/m")->complete(request);
  REQUIRE(reply);
  CHECK(reply->text == "from the other");
  CHECK(stack.spent().calls == 2);
  CHECK(stack.ledger->is_settled());
}
