//! Ten thousand calls through the whole stack, over HTTP, to a server that has a bad day.
#include <persona/llm/openai.hpp>
#include <persona/llm/stack.hpp>

#include "calls.hpp"
#include "mock_server.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <map>
#include <random>
#include <thread>

using namespace persona;
using namespace persona::testing;
using namespace std::chrono_literals;

namespace {

constexpr int soak_calls = 10'000;
constexpr std::int64_t input_tokens = 20, output_tokens = 5;

constexpr Money input_price{1'000'000}, output_price{4'000'000};
const Money answer_price = input_price * input_tokens + output_price * output_tokens;

// Of 100 requests 5 are refused with a 500, 5 with a 429, and of 2 the answer breaks off.
class BadDay {
 public:
  Answer operator()(const Asked& asked) {
    const auto body = nlohmann::json::parse(asked.body);
    const int number = body.at("seed").get<int>();
    const auto dice = draw_() % 100;
    if (dice < 5) return Answer::json(R"({"error":{"message":"an accident","type":"server_error"}})", 500);
    if (dice < 10)
      return Answer::whole(429, R"({"error":{"message":"too fast","type":"rate_limit_exceeded"}})",
                           {{"Content-Type", "application/json"}, {"retry-after-ms", "1"}});
    const bool breaks = dice < 12;
    ++(breaks ? broken : answered)[number];
    return body.value("stream", false) ? streamed(number, breaks) : whole(number, breaks);
  }

  // By question; read when the server is gone.
  std::map<int, int> answered = {}, broken = {};

 private:
  static nlohmann::json usage() {
    return {{"prompt_tokens", input_tokens},
            {"completion_tokens", output_tokens},
            {"total_tokens", input_tokens + output_tokens}};
  }

  static Answer whole(int number, bool breaks) {
    const nlohmann::json message{{"role", "assistant"}, {"content", fmt::format("answer {}", number)}};
    const nlohmann::json body{{"model", "m"},
                              {"choices", {{{"index", 0}, {"message", message}, {"finish_reason", "stop"}}}},
                              {"usage", usage()}};
    if (!breaks) return Answer::json(body.dump());
    return Answer()
        .raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n" + body.dump())
        .close();
  }

  static std::string event(const nlohmann::json& delta, const nlohmann::json& finish) {
    return "data: " +
           nlohmann::json{{"model", "m"}, {"choices", {{{"index", 0}, {"delta", delta}, {"finish_reason", finish}}}}}
               .dump() +
           "\n\n";
  }

  static Answer streamed(int number, bool breaks) {
    Answer answer = Answer::stream().piece(event({{"content", "answer "}}, nullptr));
    if (breaks) return answer.reset();
    return answer.piece(event({{"content", std::to_string(number)}}, nullptr))
        .piece(event(nlohmann::json::object(), "stop"))
        .piece("data: " + nlohmann::json{{"choices", nlohmann::json::array()}, {"usage", usage()}}.dump() + "\n\n")
        .piece("data: [DONE]\n\n")
        .end();
  }

  std::mt19937 draw_{20261121};
};

struct SoakCall {
  std::optional<Result<llm::Reply>> result = {};
  std::string shown = {};
};

std::vector<SoakCall> soak(llm::LLMProvider& provider) {
  std::vector<SoakCall> calls(soak_calls);
  std::atomic<int> next = 0;
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 16; ++thread) {
    threads.emplace_back([&] {
      for (int i = next++; i < soak_calls; i = next++) {
        SoakCall& call = calls[static_cast<std::size_t>(i)];
        const llm::Request request{
            .model = "m", .messages = {llm::Message::user("?")}, .max_output_tokens = 10, .seed = i};
        const auto show = [&](const llm::Delta& delta) -> Status {
          if (const auto* text = std::get_if<llm::TextDelta>(&delta)) call.shown += text->text;
          return {};
        };
        call.result = i % 2 == 0 ? provider.complete(request) : provider.stream(request, show);
      }
    });
  }
  return threads.clear(), calls;
}

llm::Provider soak_stack(const MockServer& server, std::shared_ptr<llm::Ledger> ledger) {
  auto provider = llm::openai(make_transport(), {.base_url = server.url("/v1"), .key = Secret(canary)});
  llm::StackOptions options;
  options.retry.attempts = 6;
  options.retry.base = 1ms;
  options.retry.most = 4ms;
  options.retry.budget.share = 1;
  options.retry.seed = 1;
  options.meter.prices = std::make_shared<llm::PriceTable>(std::vector<llm::Price>{
      {.model = provider->name() + "/m", .standard = {.input = input_price, .output = output_price}}});
  options.meter.ledger = std::move(ledger);
  return llm::standard_stack(provider, options);
}

Money told_cost(const Result<llm::Reply>& result) {
  if (result) return result->cost.value_or(Money{});
  return result.error().service ? result.error().service->cost.value_or(Money{}) : Money{};
}

}  // namespace

TEST_CASE("a soak over HTTP: none is lost, none is answered twice, every picodollar is told") {
  BadDay day;
  std::vector<SoakCall> calls;
  const auto ledger = llm::memory_ledger();
  {
    const MockServer server([&](const Asked& asked) { return day(asked); });
    calls = soak(*soak_stack(server, ledger));
  }
  Money told;
  int answered = 0;
  for (int i = 0; i < soak_calls; ++i) {
    const auto& [result, shown] = calls[static_cast<std::size_t>(i)];
    REQUIRE(result.has_value());
    REQUIRE(day.answered[i] == (*result ? 1 : 0));
    told += told_cost(*result);
    if (!*result) continue;
    ++answered;
    REQUIRE((*result)->text == fmt::format("answer {}", i));
    if (i % 2 == 1) REQUIRE(shown == (*result)->text);
  }
  MESSAGE(answered << " of " << soak_calls << " answered, " << day.broken.size() << " broke off");
  CHECK(answered > soak_calls * 9 / 10);  // a stream that broke off after its first words is not asked again: 1 %
  CHECK(!day.broken.empty());
  const auto balance = ledger->balance("all");
  REQUIRE(balance);
  CHECK(balance->spent.money == told);
  CHECK(balance->reserved == llm::Charge{});
}

TEST_CASE("a soak over HTTP with money for half of it: the cap holds, and the server's bill is below the books") {
  BadDay day;
  std::vector<SoakCall> calls;
  const auto ledger = llm::memory_ledger();
  const Money cap = answer_price * (soak_calls / 2);
  REQUIRE(ledger->set_cap("all", {.money = cap}));
  {
    const MockServer server([&](const Asked& asked) { return day(asked); });
    calls = soak(*soak_stack(server, ledger));
  }
  Money bill;
  int refused = 0;
  for (const auto& [number, times] : day.answered) bill += answer_price * times;
  for (const auto& [number, times] : day.broken) bill += answer_price * times;
  for (const SoakCall& call : calls) {
    REQUIRE(call.result.has_value());
    refused += !*call.result && call.result->error().code == Errc::quota_exceeded ? 1 : 0;
  }
  const auto balance = ledger->balance("all");
  REQUIRE(balance);
  CHECK(balance->spent.money <= cap);
  CHECK(bill <= balance->spent.money);
  CHECK(balance->reserved == llm::Charge{});
  CHECK(refused > soak_calls / 4);
}
