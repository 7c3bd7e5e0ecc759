//! Answers that are the JSON one asked for.
#include <persona/llm/structured.hpp>

#include <persona/llm/offline.hpp>
#include <persona/testing/provider_contract.hpp>
#include <persona/testing/scripted_provider.hpp>

#include <doctest/doctest.h>

#include <memory>

using namespace persona;
using llm::Message;
using testing::ScriptedProvider;

namespace {

constexpr const char* age_schema =
    R"({"type":"object","required":["age"],"properties":{"age":{"type":"integer"}},"additionalProperties":false})";

//! Has no mode for schemas of its own.
class PlainProvider : public ScriptedProvider {
 public:
  using ScriptedProvider::ScriptedProvider;
  llm::Capabilities capabilities(std::string_view) const override { return {.streaming = true}; }
};

llm::Request age_request() {
  llm::Request request{.model = "m", .messages = {Message::system("Be brief."), Message::user("How old is Ada?")}};
  request.json = llm::JsonFormat{.schema = age_schema};
  return request;
}

testing::Step paid(std::string text, std::int64_t picodollars) {
  testing::Step step = testing::says(std::move(text));
  step.reply->cost = Money{picodollars};
  step.reply->attempts = {{.provider = "scripted", .cost = Money{picodollars}}};
  step.reply->total = std::chrono::microseconds(10);
  return step;
}

template <class Script = ScriptedProvider>
std::shared_ptr<Script> script(std::vector<testing::Step> steps) {
  return std::make_shared<Script>(std::move(steps));
}

Result<llm::Reply> ask(const std::shared_ptr<ScriptedProvider>& provider, int attempts = 2) {
  return llm::structured(provider, {.attempts = attempts})->complete(age_request());
}

}  // namespace

TEST_CASE("a right answer is passed on with its document in compact form") {
  const auto provider = script({paid("Here: ```json\n{ \"age\" : 36 }\n```", 5)});
  const auto reply = ask(provider);
  REQUIRE(reply.has_value());
  CHECK(reply->json == R"({"age":36})");
  CHECK(reply->text.starts_with("Here"));
  CHECK(reply->cost == Money{5});
  CHECK(provider->requests()[0].json.has_value());
  CHECK(provider->requests()[0].messages.size() == 2);
}

TEST_CASE("a provider without a mode of its own is told the schema") {
  const auto provider = script<PlainProvider>({testing::says(R"({"age":36})"), testing::says(R"({"age":36})")});
  CHECK(ask(provider)->json == R"({"age":36})");
  const llm::Request sent = provider->requests()[0];
  CHECK_FALSE(sent.json.has_value());
  CHECK(sent.messages[0].text().starts_with("Be brief."));
  CHECK(sent.messages[0].text().find(age_schema) != std::string::npos);
  llm::Request bare = age_request();
  bare.messages.erase(bare.messages.begin());
  CHECK(llm::structured(provider)->complete(bare).has_value());
  CHECK(provider->requests()[1].messages[0].role == llm::Role::system);
}

TEST_CASE("a wrong answer is asked for again, with what is wrong") {
  const auto provider = script({paid(R"({"age":"ten"})", 5), paid(R"({"age":10})", 7)});
  const auto reply = ask(provider);
  REQUIRE(reply.has_value());
  CHECK(reply->json == R"({"age":10})");
  CHECK(reply->cost == Money{12});
  CHECK(reply->attempts.size() == 2);
  CHECK(reply->usage.input == 20);
  CHECK(reply->total.count() == 20);
  const auto turns = provider->requests()[1].messages;
  REQUIRE(turns.size() == 4);
  CHECK(turns[2] == Message::assistant(R"({"age":"ten"})"));
  CHECK(turns[3].text().find(R"(/age: must be a whole number, is "ten")") != std::string::npos);
  CHECK(turns[3].text().find(age_schema) != std::string::npos);  // its own mode did not keep to it
}

TEST_CASE("a model that was told the schema once is not told it again") {
  const auto provider = script<PlainProvider>({testing::says("I do not know"), testing::says(R"({"age":1})")});
  CHECK(ask(provider)->json == R"({"age":1})");
  const auto turns = provider->requests()[1].messages;
  CHECK(turns.back().text().find("no complete JSON document") != std::string::npos);
  CHECK(turns.back().text().find(age_schema) == std::string::npos);
}

TEST_CASE("still wrong after the last attempt") {
  const auto provider = script({paid("{}", 5), paid(R"({"age":1.5})", 7), paid(R"({"age":1})", 9)});
  const auto reply = ask(provider);
  REQUIRE_FALSE(reply.has_value());
  CHECK(reply.error().code == Errc::invalid_output);
  CHECK(reply.error().message ==
        "the answer is not what the schema asks for, after 2 attempts: /age: must be a whole number, is 1.5");
  CHECK(reply.error().path == "/age");
  CHECK(reply.error().service->cost == Money{12});
  CHECK(provider->requests().size() == 2);
  CHECK(ask(script({testing::says("{}")}), 1).error().code == Errc::invalid_output);
}

TEST_CASE("cut off and refused answers are told apart, and not asked for again") {
  testing::Step cut = paid(R"({"age": 3)", 5), declined = paid("", 5), filtered = paid("", 5);
  cut.reply->finish = llm::Finish::length;
  declined.reply->refusal = "I cannot help with that";
  filtered.reply->finish = llm::Finish::content_filter;
  const auto provider = script({cut, testing::says("{}"), declined, filtered});
  const auto truncated = ask(provider);
  CHECK(truncated.error().code == Errc::truncated);
  CHECK(truncated.error().service->cost == Money{5});
  CHECK(provider->requests().size() == 1);
  const auto refused = ask(script({declined}));
  CHECK(refused.error().code == Errc::refused);
  CHECK(refused.error().message.find("I cannot help with that") != std::string::npos);
  CHECK(ask(script({filtered})).error().code == Errc::refused);
}

TEST_CASE("a failure keeps its code, and is booked with the answers before it") {
  const auto reply = ask(script({paid("{}", 5), testing::fails(503)}));
  CHECK(reply.error().code == Errc::unavailable);
  CHECK(reply.error().service->status == 503);
  CHECK(reply.error().service->retryable);
  CHECK(reply.error().service->cost == Money{5});
  CHECK_FALSE(ask(script({testing::fails(503)})).error().service->cost.has_value());
}

TEST_CASE("an unknown cost makes the sum unknown") {
  CHECK_FALSE(ask(script({testing::says("{}"), paid(R"({"age":1})", 5)}))->cost.has_value());
}

TEST_CASE("what is no matter of schemas passes through") {
  const auto provider = script({testing::says("plain"), testing::says("plain")});
  llm::Request request = age_request();
  request.json.reset();
  CHECK(llm::structured(provider)->complete(request)->json.empty());
  testing::Step tools = testing::says("");
  tools.reply->finish = llm::Finish::tool_calls;
  tools.reply->tool_calls = {{.id = "1", .name = "clock", .arguments = "{}"}};
  CHECK(ask(script({tools}))->tool_calls.size() == 1);
  request.json = llm::JsonFormat{.schema = R"({"type":"thing"})"};
  const auto wrong = llm::structured(provider)->complete(request);
  CHECK(wrong.error().code == Errc::invalid_argument);
  CHECK(wrong.error().path == "/type");
  CHECK(provider->requests().size() == 1);
  CHECK(llm::structured(provider)->name() == "scripted");
}

TEST_CASE("a stream shows the right answer alone, in its pieces") {
  testing::Step first = testing::says(R"({"age":"x"})"), second = testing::says(R"({"age":7})");
  first.pieces = {R"({"age":)", R"("x"})"};
  second.pieces = {R"({"age")", ":7", "}"};
  std::vector<std::string> pieces;
  const auto reply = llm::structured(script({first, second}))->stream(age_request(), [&](const llm::Delta& delta) {
    return pieces.emplace_back(std::get<llm::TextDelta>(delta).text), Status();
  });
  REQUIRE(reply.has_value());
  CHECK(reply->json == R"({"age":7})");
  CHECK(pieces == second.pieces);
}

TEST_CASE("structured providers keep the contract") {
  testing::ProviderUnderTest under_test{.make = [] { return llm::structured(llm::offline()); }};
  for (const std::string& failure : testing::provider_contract(under_test)) FAIL_CHECK(failure);
  under_test.request = age_request();
  for (const std::string& failure : testing::provider_contract(under_test)) FAIL_CHECK(failure);
}
