//! A marked key goes through everything that writes anything, and is found nowhere.
#include <persona/llm/anthropic.hpp>
#include <persona/llm/cassette.hpp>
#include <persona/llm/gemini.hpp>
#include <persona/llm/json.hpp>
#include <persona/llm/openai.hpp>
#include <persona/llm/retry.hpp>
#include <persona/llm/single_flight.hpp>
#include <persona/llm/telemetry.hpp>
#include <persona/storage/sqlite_llm.hpp>
#include <persona/testing/fake_clock.hpp>

#include "../storage/temporary_folder.hpp"
#include "fake_transport.hpp"
#include "llm/json_write.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace persona;
using namespace persona::llm;
using persona::test::TemporaryFolder;
using persona::testing::Answered;
using persona::testing::FakeTransport;

namespace {

constexpr const char* canary = "canary-5e1b07d2-never-to-be-seen";  // no prefix that a pattern would know

//! Everything that an event holds, as text.
class EventLog final : public EventSink {
 public:
  void on_event(const Event& event) override {
    text += event.name + "\n" + event.trace_id + "\n";
    for (const auto& [name, value] : event.attributes) {
      text += name + "=";
      if (const auto* one = std::get_if<std::string>(&value)) text += *one;
      if (const auto* many = std::get_if<std::vector<std::string>>(&value))
        for (const std::string& each : *many) text += each + ",";
      text += "\n";
    }
    metrics.on_event(event);
  }
  std::string text;
  Metrics metrics;
};

//! Servers that say the key back wherever they can, then one that answers.
std::deque<Answered> leaking_answers(const std::string& good) {
  const std::string key = canary;
  const std::vector<http::Header> headers = {{"x-request-id", "req-" + key}, {"request-id", "req-" + key}};
  const std::string body = R"({"error":{"message":"Incorrect API key provided: )" + key + R"(","type":"auth )" + key +
                           R"(","code":")" + key + R"(","status":"UNAVAILABLE"}})";
  Error broken = testing::broken_connection();
  return {{401, body, headers}, {429, body, headers},      {500, body, headers},
          {503, key, headers},  {200, "{" + key, headers}, {400, "<html>" + key, headers},
          {302, key, headers},  {0, {}, {}, 0, broken},    {200, good, {}}};
}

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string error_text(const Error& error) {
  CanonicalJson out;
  write_json(error, out);
  return to_string(error) + out.take();
}

struct Dialect {
  const char* name;
  std::function<Provider(std::shared_ptr<http::Transport>)> make;
  std::string model, good;
};

std::vector<Dialect> dialects() {
  const Secret key{std::string(canary)};
  return {
      {"openai", [=](auto transport) { return openai(transport, {.key = key}); }, "gpt-4o-mini",
       R"({"id":"a","model":"gpt-4o-mini","choices":[{"message":{"role":"assistant","content":"fine"},)"
       R"("finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":1}})"},
      {"anthropic", [=](auto transport) { return anthropic(transport, {.key = key}); }, "claude-haiku-4-5",
       R"({"id":"a","model":"claude-haiku-4-5","content":[{"type":"text","text":"fine"}],"stop_reason":"end_turn",)"
       R"("usage":{"input_tokens":9,"output_tokens":1}})"},
      {"gemini", [=](auto transport) { return gemini(transport, {.key = key}); }, "gemini-2.5-flash",
       R"({"candidates":[{"content":{"parts":[{"text":"fine"}]},"finishReason":"STOP"}],)"
       R"("usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":1}})"},
  };
}

}  // namespace

TEST_CASE("a marked key is found in no error, event, metric, cassette, cache or ledger") {
  for (const Dialect& dialect : dialects()) {
    CAPTURE(dialect.name);
    const TemporaryFolder folder;
    const auto transport = std::make_shared<FakeTransport>(leaking_answers(dialect.good));
    const auto log = std::make_shared<EventLog>();
    std::string seen;
    {
      const auto ledger = sqlite::open_ledger(folder / "money.db");
      const auto cache = sqlite::open_cache(folder / "cache.db");
      REQUIRE(ledger);
      REQUIRE(cache);
      REQUIRE((*ledger)->set_cap("all", {.money = dollars(100)}));
      auto recorded = record(metered(dialect.make(transport), {.ledger = *ledger}), folder / "tape.jsonl");
      REQUIRE(recorded);
      const auto clock = std::make_shared<testing::FakeClock>();
      const Provider provider =
          traced(cached(single_flight(retry(*recorded, {.attempts = 2, .seed = 1, .clock = clock})), *cache), log);
      seen += provider->name();
      const Request request{.model = dialect.model, .messages = {Message::user("hello")}, .temperature = 0};
      int failures = 0;
      Result<Reply> reply = provider->complete(request);
      for (; !reply && failures < 20; reply = provider->complete(request)) {
        ++failures;
        seen += error_text(reply.error());
      }
      CHECK(failures >= 4);
      REQUIRE(reply);
      CHECK(reply->text == "fine");
      seen += to_json(*reply) + cache_key(provider->name(), request);
      CHECK(provider->complete(request)->source == Source::stored_cache);
      CHECK((*ledger)->balance("all")->spent.calls >= 7);
      for (const auto& file : std::filesystem::directory_iterator(folder.path())) seen += file_text(file.path());
    }
    for (const auto& file : std::filesystem::directory_iterator(folder.path())) seen += file_text(file.path());
    seen += log->text + log->metrics.prometheus();
    CHECK(seen.find("fine") != std::string::npos);  // the search does find things
    CHECK(seen.find("***") != std::string::npos);
    for (const std::string_view part : {"canary-5e1b07d2", "never-to-be-seen"})
      CHECK(seen.find(part) == std::string::npos);
    bool was_sent = false;
    for (const http::Request& sent : transport->requests()) {
      was_sent = was_sent || !sent.secrets.empty();
      CHECK((sent.url + sent.body).find(canary) == std::string::npos);
      for (const http::Header& header : sent.headers) CHECK(header.value.find(canary) == std::string::npos);
    }
    CHECK(was_sent);
  }
}
