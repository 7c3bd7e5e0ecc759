//! Money that cannot be overspent.
#include <persona/llm/budget.hpp>
#include <persona/testing/fake_clock.hpp>
#include <persona/testing/scripted_provider.hpp>

#include "ledger_checks.hpp"

using namespace persona;
using namespace persona::llm;
using persona::testing::says;
using persona::testing::ScriptedProvider;
using persona::testing::Step;

namespace {

std::shared_ptr<const PriceTable> test_prices() {
  return *PriceTable::parse(R"({"version":1,"prices":[{"model":"scripted/m","from":"2020-01-01","source":"here",)"
                            R"("input":1,"output":10,"cached":0.1,"max_output_tokens":1000}]})");
}

Request small_request() {
  Request request{.model = "m", .messages = {Message::user("hello")}, .max_output_tokens = 100};
  return request;
}

Step answers(std::int64_t input, std::int64_t output) {
  Step step = says("yes");
  step.reply->usage = {.input = input, .output = output};
  return step;
}

struct Books {
  std::shared_ptr<Ledger> ledger = memory_ledger();
  std::shared_ptr<ScriptedProvider> script;
  Provider provider;

  explicit Books(std::vector<Step> steps, MeterOptions options = {}) {
    script = std::make_shared<ScriptedProvider>(std::move(steps));
    options.ledger = ledger;
    options.prices = test_prices();
    provider = metered(script, std::move(options));
  }
  Charge spent(const char* account = "all") const { return ledger->balance(account)->spent; }
};

const Price& price_of_m() {
  static const Price price = *test_prices()->find("scripted", "m", std::chrono::sys_days(std::chrono::days(20'000)));
  return price;
}

}  // namespace

TEST_CASE("a memory ledger reserves from all accounts or none, and settles once") {
  test::check_reserve_and_settle(*memory_ledger());
}

TEST_CASE("threads never take a memory ledger over a cap") {
  const auto ledger = memory_ledger();
  test::check_never_over([&] { return ledger; }, 8, 500);
}

TEST_CASE("an answer is booked at its price, in every account of the call") {
  Books books({answers(1000, 20)});
  Request request = small_request();
  request.call.tenant = "acme";
  request.call.accounts = {"run:7", "all"};
  const auto reply = books.provider->complete(request);
  REQUIRE(reply);
  const Money price{1000 * 1'000'000 + 20 * 10'000'000};
  CHECK(reply->cost == price);
  REQUIRE(reply->attempts.size() == 1);
  CHECK(reply->attempts[0].provider == "scripted");
  CHECK(reply->attempts[0].model == "m");
  CHECK(reply->attempts[0].usage == reply->usage);
  CHECK(reply->attempts[0].cost == price);
  CHECK(!reply->attempts[0].error);
  for (const char* account : {"all", "tenant:acme", "run:7"}) {
    CHECK(books.spent(account) == Charge{price, 1020, 1});
    CHECK(books.ledger->balance(account)->reserved == Charge{});
  }
}

TEST_CASE("an answer without an end gets one before it is sent") {
  Books books({answers(1, 1), answers(1, 1)}, {.max_output_tokens = 5000});
  Request request = small_request();
  request.max_output_tokens.reset();
  REQUIRE(books.provider->complete(request));
  CHECK(books.script->requests()[0].max_output_tokens == 1000);  // the model has no more
  request.max_output_tokens = 7;
  REQUIRE(books.provider->complete(request));
  CHECK(books.script->requests()[1].max_output_tokens == 7);
}

TEST_CASE("what may pass the cap is refused before it is sent") {
  Books books({answers(1, 1)});
  const Charge most = most_of(small_request(), price_of_m());
  REQUIRE(books.ledger->set_cap("run:7", {.money = most.money - Money{1}}));
  Request request = small_request();
  request.call.accounts = {"run:7"};
  const auto refused = books.provider->complete(request);
  REQUIRE(!refused);
  CHECK(refused.error().code == Errc::quota_exceeded);
  CHECK(refused.error().message.find("run:7") != std::string::npos);
  CHECK(books.script->requests().empty());
  REQUIRE(books.ledger->set_cap("run:7", {.money = most.money}));
  CHECK(books.provider->complete(request));
}

TEST_CASE("what failed after it was sent is booked at its most, what was turned away is free") {
  const Charge most = most_of(small_request(), price_of_m());
  Error cut{Errc::truncated, "cut off", {}};
  for (const Step& step : {testing::fails(500), testing::fails(503), Step{tl::unexpected(cut)},
                           Step{fail(Errc::cancelled, "the call was stopped")}}) {
    Books books({step});
    const auto reply = books.provider->complete(small_request());
    REQUIRE(!reply);
    REQUIRE(reply.error().service);
    CHECK(reply.error().service->sent);
    CHECK(reply.error().service->cost == most.money);
    CHECK(books.spent() == most);
    CHECK(books.ledger->balance("all")->reserved == Charge{});
  }
  for (const Step& step : {testing::fails(429), testing::fails(400), testing::fails(401)}) {
    Books books({step});
    const auto reply = books.provider->complete(small_request());
    CHECK(reply.error().service->cost == Money{});
    CHECK(books.spent() == Charge{.calls = 1});
  }
  Books books({Step{fail(Errc::invalid_argument, "no model")}});
  CHECK(!books.provider->complete(small_request()));
  CHECK(books.spent() == Charge{});
}

TEST_CASE("a stream that breaks after its first piece is booked at its most") {
  const Charge most = most_of(small_request(), price_of_m());
  Step broken = testing::fails(429);  // by itself this would be free
  broken.pieces = {"a", "b"};
  Books books({broken});
  CHECK(!books.provider->stream(small_request(), [](const Delta&) -> Status { return {}; }));
  CHECK(books.spent() == most);

  Step whole = answers(5, 5);
  whole.pieces = {"a", "b"};
  Books stopped({whole, whole});
  const auto refused =
      stopped.provider->stream(small_request(), [](const Delta&) -> Status { return fail(Errc::io, "pipe closed"); });
  CHECK(refused.error().code == Errc::io);
  CHECK(stopped.spent() == most);
  CHECK(stopped.provider->stream(small_request(), [](const Delta&) -> Status { return {}; })->cost ==
        Money{5'000'000 + 50'000'000});
}

TEST_CASE("an answer whose usage nobody told is booked at its most") {
  Step silent = says("yes");
  silent.reply->usage = {};
  Books books({silent});
  const auto reply = books.provider->complete(small_request());
  CHECK(reply->cost == most_of(small_request(), price_of_m()).money);
  CHECK(reply->attempts[0].usage.estimated);
}

TEST_CASE("an unknown price is unknown, never nothing") {
  const auto script = [] { return std::make_shared<ScriptedProvider>(std::vector<Step>{answers(10, 5)}); };
  Request request = small_request();
  request.model = "unheard-of";
  const auto unmetered = metered(script())->complete(request);
  REQUIRE(unmetered);
  CHECK(!unmetered->cost);
  CHECK(!unmetered->attempts[0].cost);
  const auto refused = metered(script(), {.ledger = memory_ledger()})->complete(request);
  CHECK(refused.error().code == Errc::unsupported);
  const auto ledger = memory_ledger();
  const auto counted = metered(script(), {.ledger = ledger, .allow_unknown_prices = true})->complete(request);
  REQUIRE(counted);
  CHECK(!counted->cost);
  CHECK(ledger->balance("all")->spent == Charge{Money{}, 15, 1});
}

TEST_CASE("nothing is reserved for a call that is stopped or late already") {
  const auto clock = std::make_shared<testing::FakeClock>();
  Books books({answers(1, 1)}, {.clock = clock});
  std::stop_source stop;
  stop.request_stop();
  CHECK(books.provider->complete(small_request(), {.stop = stop.get_token()}).error().code == Errc::cancelled);
  CHECK(books.provider->complete(small_request(), {.deadline = clock->now()}).error().code == Errc::deadline_exceeded);
  CHECK(books.spent() == Charge{});
}

TEST_CASE("the most is never less than any part that adds to a bill") {
  const Price& price = price_of_m();
  const Charge plain = most_of(small_request(), price);
  CHECK(plain.tokens >= 100 + 5);
  const auto more = [&](const std::function<void(Request&)>& change) {
    Request request = small_request();
    change(request);
    return most_of(request, price);
  };
  CHECK(more([](Request& r) { r.extra = R"({"n": 5})"; }).money > Money{4 * 100 * std::int64_t{10'000'000}});
  CHECK(more([](Request& r) { r.extra = R"({"generationConfig": {"maxOutputTokens": 900}})"; }).tokens >= 900);
  CHECK(more([](Request& r) {
          r.messages[0].parts.push_back(Image{"image/png", std::string(1'000'000, 'x'), {}});
        }).tokens < 200'000);
  CHECK(more([](Request& r) { r.messages[0].parts.push_back(Image{{}, {}, "https://x/y"}); }).tokens > 50'000);
  CHECK(more([](Request& r) { r.tools = {{"f", "", "{}"}}; }).tokens > plain.tokens + 500);
  CHECK(more([](Request& r) { r.max_output_tokens.reset(); }).tokens >= 1000);
  Price dear = price;
  dear.standard.cache_write_1h = Money{2'000'000};
  CHECK(most_of(small_request(), dear).money > plain.money);
}

TEST_CASE("random calls with random failures from many threads: no cap is passed and sums are exact") {
  const auto ledger = memory_ledger();
  const Charge most = most_of(small_request(), price_of_m());
  const Cap cap{.money = most.money * 40, .calls = 200};
  REQUIRE(ledger->set_cap("all", cap));
  REQUIRE(ledger->set_cap("tenant:b", {.money = most.money * 10}));
  std::atomic<std::int64_t> over = 0, told = 0;
  std::atomic<unsigned> draws = 1;
  const auto script = std::make_shared<ScriptedProvider>([&](const Request&) -> Result<Reply> {
    const auto draw = draws.fetch_add(2654435761u) >> 8;
    if (draw % 7 == 0) return testing::fails(500).reply;
    if (draw % 7 == 1) return testing::fails(429).reply;
    if (draw % 7 == 2) return fail(Errc::cancelled, "the call was stopped");
    return answers(draw % 50, draw % 100).reply;
  });
  const Provider provider = metered(script, {.prices = test_prices(), .ledger = ledger});
  {
    std::vector<std::jthread> workers;
    for (int t = 0; t < 8; ++t)
      workers.emplace_back([&, t] {
        for (int i = 0; i < 100; ++i) {
          Request request = small_request();
          request.call.tenant = t % 2 == 0 ? "a" : "b";
          const auto reply = provider->complete(request);
          if (reply) told += reply->cost->picodollars;
          if (!reply && reply.error().service) told += reply.error().service->cost->picodollars;
          const auto balance = ledger->balance("all");
          if (balance->spent.money + balance->reserved.money > *cap.money) ++over;
        }
      });
  }
  CHECK(over == 0);
  const Balance all = *ledger->balance("all");
  CHECK(all.reserved == Charge{});
  CHECK(all.spent.money == Money{told});
  CHECK(all.spent.money > most.money * 20);
  CHECK(ledger->balance("tenant:a")->spent.money + ledger->balance("tenant:b")->spent.money == all.spent.money);
  CHECK(ledger->balance("tenant:b")->spent.money <= most.money * 10);
}
