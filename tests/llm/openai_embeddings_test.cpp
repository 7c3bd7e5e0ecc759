//! Embeddings by OpenAI's dialect.
#include <persona/llm/openai.hpp>

#include "dialect_check.hpp"
#include "llm/wire/base64.hpp"

#include <numeric>

using namespace persona;
using namespace persona::dialect_testing;

namespace {

std::string floats(const std::vector<float>& numbers) {
  return llm::wire::base64({reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float)});
}

std::string item(std::size_t index, const std::string& embedding) {
  return R"({"object":"embedding","index":)" + std::to_string(index) + R"(,"embedding":)" + embedding + "}";
}

std::string list(const std::vector<std::string>& items, int tokens = 4) {
  std::string data;
  for (const auto& one : items) data += (data.empty() ? "" : ",") + one;
  return R"({"object":"list","model":"e-1","data":[)" + data + R"(],"usage":{"prompt_tokens":)" +
         std::to_string(tokens) + R"(,"total_tokens":4}})";
}

std::shared_ptr<FakeTransport> transport_of(std::deque<Answered> script) {
  return std::make_shared<FakeTransport>(std::move(script));
}

}  // namespace

TEST_CASE("embeddings come as base64, in any order") {
  const auto transport =
      transport_of({{.body = list({item(1, '"' + floats({3, 4}) + '"'), item(0, '"' + floats({1.5F, -2}) + '"')})}});
  const auto embeddings = llm::openai(transport, {.key = Secret(canary)})->embed({"e", {"a", "b"}, 2});
  REQUIRE(embeddings.has_value());
  CHECK(embeddings->vectors == std::vector<std::vector<float>>{{1.5F, -2}, {3, 4}});
  CHECK(embeddings->model == "e-1");
  CHECK(embeddings->usage == llm::Usage{.input = 4});
  CHECK(transport->last().url == "https://api.openai.com/v1/embeddings");
  CHECK(same_json(transport->last_body(),
                  R"({"model":"e","input":["a","b"],"dimensions":2,"encoding_format":"base64"})"));
}

TEST_CASE("servers that answer with numbers are understood") {
  const auto transport = transport_of({{.body = list({item(0, "[1,2.5]")})}});
  CHECK(llm::openai(transport, {.base_url = "http://127.0.0.1:1/v1"})->embed({"e", {"a"}})->vectors[0] ==
        std::vector<float>{1, 2.5F});
}

TEST_CASE("more inputs than one request takes go in several, and their usage adds up") {
  std::vector<std::string> inputs(5000);
  for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = std::to_string(i);
  const auto answer = [](std::size_t from, std::size_t count) {
    std::vector<std::string> items;
    for (std::size_t i = 0; i < count; ++i)
      items.push_back(item(i, '"' + floats({static_cast<float>(from + i)}) + '"'));
    return Answered{.body = list(items, 10)};
  };
  const auto transport = transport_of({answer(0, 2048), answer(2048, 2048), answer(4096, 904)});
  const auto embeddings = llm::openai(transport, {.key = Secret(canary)})->embed({"e", inputs});
  REQUIRE(embeddings.has_value());
  REQUIRE(embeddings->vectors.size() == 5000);
  for (std::size_t i = 0; i < 5000; ++i) CHECK(embeddings->vectors[i] == std::vector<float>{static_cast<float>(i)});
  CHECK(embeddings->usage.input == 30);
  CHECK(transport->requests().size() == 3);
}

TEST_CASE("long inputs make smaller requests") {
  const std::vector<std::string> inputs(4, std::string(400'000, 'x'));  // 133,334 tokens each, as estimated
  const auto two = Answered{.body = list({item(0, "[1]"), item(1, "[2]")})};
  const auto transport = transport_of({two, two});
  REQUIRE(llm::openai(transport, {.key = Secret(canary)})->embed({"e", inputs}).has_value());
  CHECK(transport->requests().size() == 2);
}

TEST_CASE("embeddings that do not fit the inputs are an error") {
  for (const std::string& body :
       {list({item(0, "[1]")}), list({item(0, "[1]"), item(0, "[2]")}), list({item(0, "[1]"), item(2, "[2]")}),
        list({item(0, "[1]"), item(1, "[]")}), list({item(0, "[1]"), item(1, "\"AAA\"")}),
        list({item(0, "[1]"), item(1, "[null]")}), std::string("{}")}) {
    const auto result = llm::openai(transport_of({{.body = body}}), {.key = Secret(canary)})->embed({"e", {"a", "b"}});
    CAPTURE(body);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Errc::invalid_output);
    CHECK(result.error().message.starts_with("openai"));
  }
}

TEST_CASE("nothing to embed is nothing to send; what failed late was paid for") {
  const auto transport = transport_of({});
  CHECK(llm::openai(transport, {.key = Secret(canary)})->embed({"e", {}})->vectors.empty());
  CHECK(transport->requests().empty());

  std::vector<std::string> items;
  for (std::size_t i = 0; i < 2048; ++i) items.push_back(item(i, "[1]"));
  const auto half = transport_of({{.body = list(items)}, {.status = 429, .body = "{}"}});
  const auto result = llm::openai(half, {.key = Secret(canary)})->embed({"e", std::vector<std::string>(2049, "x")});
  CHECK(result.error().code == Errc::rate_limited);
  CHECK(result.error().service->sent);
}

TEST_CASE("Azure's embeddings lie below the deployment") {
  const auto transport = transport_of({{.body = list({item(0, "[1]")})}});
  REQUIRE(llm::azure(transport, {.endpoint = "https://x.openai.azure.com", .key = Secret(canary)})
              ->embed({"d", {"a"}})
              .has_value());
  CHECK(transport->last().url == "https://x.openai.azure.com/openai/deployments/d/embeddings?api-version=2024-10-21");
}
