//! What is told of calls.
#include <persona/llm/budget.hpp>
#include <persona/llm/telemetry.hpp>
#include <persona/testing/fake_clock.hpp>
#include <persona/testing/scripted_provider.hpp>

#include <doctest/doctest.h>

#include <mutex>
#include <thread>

using namespace persona;
using namespace persona::llm;
using persona::testing::FakeClock;
using persona::testing::says;
using persona::testing::ScriptedProvider;
using persona::testing::Step;

namespace {

class Collector final : public EventSink {
 public:
  void on_event(const Event& event) override { events.push_back(event); }
  std::vector<Event> events;
};

template <class T>
T attribute(const Event& event, std::string_view name) {
  for (const auto& [key, value] : event.attributes)
    if (key == name) return std::get<T>(value);
  FAIL("no attribute " << name);
  return {};
}

bool has(const Event& event, std::string_view name) {
  for (const auto& [key, value] : event.attributes)
    if (key == name) return true;
  return false;
}

Request secret_request() {
  Request request{.model = "gpt-4o-mini",
                  .messages = {Message::user("my hidden words")},
                  .max_output_tokens = 50,
                  .temperature = 0.5};
  request.call.trace_id = "trace-1";
  request.call.tenant = "acme";
  return request;
}

std::string everything(const Event& event) {
  std::string text = event.name + event.trace_id;
  for (const auto& [key, value] : event.attributes) {
    text += key;
    if (const auto* one = std::get_if<std::string>(&value)) text += *one;
    if (const auto* many = std::get_if<std::vector<std::string>>(&value))
      for (const std::string& each : *many) text += each;
  }
  return text;
}

}  // namespace

TEST_CASE("a call is told with OpenTelemetry's names, after its attempts") {
  const auto clock = std::make_shared<FakeClock>();
  Reply reply = *says("my hidden answer").reply;
  reply.id = "resp_1";
  reply.model = "gpt-4o-mini-2024-07-18";
  reply.provider = "gemini";
  reply.usage = {.input = 10, .input_cached = 4, .output = 3, .output_reasoning = 2};
  reply.cost = Money{55};
  Error slow = testing::fails(429, std::chrono::milliseconds(1500)).reply.error();
  reply.attempts = {{.provider = "openai", .model = "a", .duration = std::chrono::milliseconds(20), .error = slow},
                    {.provider = "openai", .model = "b", .usage = reply.usage, .cost = Money{55}, .hedge = true}};
  Step step{reply};
  step.delay = std::chrono::milliseconds(30);
  const auto sink = std::make_shared<Collector>();
  const auto script = std::make_shared<ScriptedProvider>(std::vector<Step>{step}, clock);
  const auto start = clock->today();
  REQUIRE(traced(script, sink, clock)->complete(secret_request()));
  REQUIRE(sink->events.size() == 3);

  const Event& call = sink->events[2];
  CHECK(call.name == "chat gpt-4o-mini");
  CHECK(call.trace_id == "trace-1");
  CHECK(call.start == start);
  CHECK(call.duration == std::chrono::milliseconds(30));
  CHECK(attribute<std::string>(call, "gen_ai.operation.name") == "chat");
  CHECK(attribute<std::string>(call, "gen_ai.provider.name") == "gcp.gemini");
  CHECK(attribute<std::string>(call, "gen_ai.request.model") == "gpt-4o-mini");
  CHECK(attribute<std::int64_t>(call, "gen_ai.request.max_tokens") == 50);
  CHECK(attribute<double>(call, "gen_ai.request.temperature") == 0.5);
  CHECK(attribute<std::string>(call, "gen_ai.response.model") == "gpt-4o-mini-2024-07-18");
  CHECK(attribute<std::vector<std::string>>(call, "gen_ai.response.finish_reasons") ==
        std::vector<std::string>{"stop"});
  CHECK(attribute<std::int64_t>(call, "gen_ai.usage.input_tokens") == 10);
  CHECK(attribute<std::int64_t>(call, "gen_ai.usage.output_tokens") == 3);
  CHECK(attribute<std::int64_t>(call, "persona.cost.picodollars") == 55);
  CHECK(attribute<std::string>(call, "persona.tenant") == "acme");
  CHECK(!has(call, "error.type"));

  const Event& failed = sink->events[0];
  CHECK(failed.name == "attempt a");
  CHECK(failed.duration == std::chrono::milliseconds(20));
  CHECK(attribute<std::string>(failed, "error.type") == "rate_limited");
  CHECK(attribute<std::int64_t>(failed, "http.response.status_code") == 429);
  CHECK(attribute<double>(failed, "persona.retry_after") == 1.5);
  CHECK(attribute<bool>(sink->events[1], "persona.hedge"));
  CHECK(attribute<std::int64_t>(sink->events[1], "persona.attempt") == 2);
  for (const Event& event : sink->events) CHECK(everything(event).find("hidden") == std::string::npos);
}

TEST_CASE("a failed call is told by its code, never by its message") {
  const auto sink = std::make_shared<Collector>();
  Error error = testing::fails(500).reply.error();
  error.message = "you said: my hidden words";
  error.service->cost = Money{9};
  const auto script = std::make_shared<ScriptedProvider>(std::vector<Step>{{tl::unexpected(error)}});
  CHECK(!traced(script, sink)->stream(secret_request(), [](const Delta&) -> Status { return {}; }));
  REQUIRE(sink->events.size() == 1);
  CHECK(attribute<std::string>(sink->events[0], "error.type") == "unavailable");
  CHECK(attribute<std::int64_t>(sink->events[0], "persona.cost.picodollars") == 9);
  CHECK(attribute<bool>(sink->events[0], "persona.streamed"));
  CHECK(everything(sink->events[0]).find("hidden") == std::string::npos);
  CHECK(!traced(script, sink)->embed({.model = "e", .inputs = {"my hidden words"}}));
  CHECK(sink->events[1].name == "embeddings e");
  CHECK(attribute<std::string>(sink->events[1], "error.type") == "unsupported");
}

TEST_CASE("metrics count calls, tokens and dollars exactly") {
  const auto clock = std::make_shared<FakeClock>();
  const auto metrics = std::make_shared<Metrics>();
  CHECK(metrics->prometheus().empty());
  Step step = says("yes");
  step.reply->usage = {.input = 100, .output = 5};
  step.reply->provider = "openai";
  step.reply->cost = Money{250'000'000'000};
  step.reply->attempts.resize(1);
  step.reply->attempts[0].provider = "openai";
  step.delay = std::chrono::milliseconds(30);
  Step unpriced = step;
  unpriced.reply->cost.reset();
  const auto script =
      std::make_shared<ScriptedProvider>(std::vector<Step>{step, step, unpriced, testing::fails(429)}, clock);
  const Provider provider = traced(script, metrics, clock);
  Request request = secret_request();
  request.model = "a\"b\\c\nd";
  for (int i = 0; i < 4; ++i) (void)provider->complete(request);
  const std::string text = metrics->prometheus();
  CAPTURE(text);
  const auto says_line = [&](const std::string& line) { return text.find(line + "\n") != std::string::npos; };
  const std::string labels =
      R"(gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="a\"b\\c\nd")";
  CHECK(says_line("# TYPE persona_llm_calls_total counter"));
  CHECK(says_line("persona_llm_calls_total{" + labels + R"(,error_type="",source="provider"} 3)"));
  CHECK(says_line("persona_llm_cost_dollars_total{" + labels + "} 0.50"));
  CHECK(says_line("persona_llm_unpriced_calls_total{" + labels + "} 1"));
  CHECK(
      text.find(
          R"(gen_ai_provider_name="scripted",gen_ai_request_model="a\"b\\c\nd",error_type="rate_limited",source=""} 1)") !=
      std::string::npos);
  const std::string seconds = "gen_ai_client_operation_duration_seconds";
  CHECK(says_line("# TYPE " + seconds + " histogram"));
  CHECK(says_line(seconds + "_bucket{" + labels + R"(,error_type="",le="0.02"} 0)"));
  CHECK(says_line(seconds + "_bucket{" + labels + R"(,error_type="",le="0.04"} 3)"));
  CHECK(says_line(seconds + "_bucket{" + labels + R"(,error_type="",le="+Inf"} 3)"));
  CHECK(says_line(seconds + "_count{" + labels + R"(,error_type=""} 3)"));
  CHECK(says_line("gen_ai_client_token_usage_sum{" + labels + R"(,gen_ai_token_type="input"} 300)"));
}

TEST_CASE("metrics take events from threads, and models without end") {
  Metrics metrics;
  {
    std::vector<std::jthread> workers;
    for (int t = 0; t < 4; ++t)
      workers.emplace_back([&, t] {
        for (int i = 0; i < 500; ++i)
          metrics.on_event({.name = "chat",
                            .attributes = {{"persona.kind", std::string("call")},
                                           {"gen_ai.request.model", std::to_string(t * 500 + i)}}});
      });
  }
  const std::string text = metrics.prometheus();
  CHECK(text.find(R"(gen_ai_request_model="other",error_type="",source=""} 1000)") != std::string::npos);
}
