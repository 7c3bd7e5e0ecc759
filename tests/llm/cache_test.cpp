//! Answers that are kept.
#include <persona/llm/cache.hpp>
#include <persona/llm/json.hpp>
#include <persona/testing/fake_clock.hpp>
#include <persona/testing/scripted_provider.hpp>

#include <doctest/doctest.h>

#include <set>

using namespace persona;
using namespace persona::llm;
using persona::testing::FakeClock;
using persona::testing::says;
using persona::testing::ScriptedProvider;

namespace {

Request fixed_request(std::string text = "hello") {
  return {.model = "m", .messages = {Message::user(std::move(text))}, .temperature = 0};
}

std::shared_ptr<ScriptedProvider> counting_provider() {
  return std::make_shared<ScriptedProvider>(
      [n = 0](const Request&) mutable { return *says(std::to_string(++n)).reply; });
}

class BrokenCache final : public ResponseCache {
 public:
  Result<std::optional<CachedReply>> get(std::string_view) override { return fail(Errc::io, "disk gone"); }
  Status put(std::string_view, const CachedReply&) override { return fail(Errc::io, "disk gone"); }
  Status erase(std::string_view) override { return fail(Errc::io, "disk gone"); }
};

}  // namespace

TEST_CASE("the same question at temperature 0 is asked once") {
  const auto inner = counting_provider();
  const Provider provider = cached(inner, memory_cache(), {.source = Source::memory_cache});
  const auto first = provider->complete(fixed_request()), second = provider->complete(fixed_request());
  REQUIRE(second);
  CHECK(first->source == Source::provider);
  CHECK(second->source == Source::memory_cache);
  CHECK(second->text == "1");
  CHECK(second->usage == first->usage);
  CHECK(second->cost == Money{});
  CHECK(inner->requests().size() == 1);
  CHECK(provider->complete(fixed_request("other"))->text == "2");
}

TEST_CASE("a policy for the call overrules the temperature") {
  const auto inner = counting_provider();
  const Provider provider = cached(inner, memory_cache());
  Request warm = fixed_request();
  warm.temperature.reset();
  CHECK(provider->complete(warm)->text == "1");
  CHECK(provider->complete(warm)->text == "2");
  warm.call.cache = CachePolicy{};
  CHECK(provider->complete(warm)->text == "3");
  CHECK(provider->complete(warm)->text == "3");
  warm.call.cache = CachePolicy{.read = false};
  CHECK(provider->complete(warm)->text == "4");
  warm.call.cache = CachePolicy{.read = true, .write = false};
  CHECK(provider->complete(warm)->text == "4");
  Request fixed = fixed_request();
  fixed.call.cache = CachePolicy{.read = false, .write = false};
  CHECK(provider->complete(fixed)->text == "5");
  CHECK(provider->complete(fixed)->text == "6");
}

TEST_CASE("a stream from the cache shows what it was made of") {
  Reply reply = *says("the answer").reply;
  reply.thinking = {{"hm", "s"}};
  reply.tool_calls = {{"c1", "find", "{}"}};
  reply.finish = Finish::tool_calls;
  const auto inner = std::make_shared<ScriptedProvider>(std::vector<testing::Step>{{reply}});
  const Provider provider = cached(inner, memory_cache());
  REQUIRE(provider->complete(fixed_request()));
  std::string text, thinking, calls;
  const auto hit = provider->stream(fixed_request(), [&](const Delta& delta) -> Status {
    if (const auto* piece = std::get_if<TextDelta>(&delta)) text += piece->text;
    if (const auto* piece = std::get_if<ThinkingDelta>(&delta)) thinking += piece->text;
    if (const auto* piece = std::get_if<ToolCallDelta>(&delta)) calls += piece->name;
    return {};
  });
  REQUIRE(hit);
  CHECK(text == "the answer");
  CHECK(thinking == "hm");
  CHECK(calls == "find");
  const auto stopped =
      provider->stream(fixed_request(), [](const Delta&) -> Status { return fail(Errc::io, "pipe closed"); });
  CHECK(stopped.error().code == Errc::io);
}

TEST_CASE("only answers that ended by themselves are kept") {
  for (const auto& [finish, kept] : std::vector<std::pair<Finish, bool>>{{Finish::stop, true},
                                                                         {Finish::tool_calls, true},
                                                                         {Finish::length, false},
                                                                         {Finish::refusal, false},
                                                                         {Finish::content_filter, false},
                                                                         {Finish::other, false}}) {
    Reply reply = *says("x").reply;
    reply.finish = finish;
    const auto inner = std::make_shared<ScriptedProvider>([&](const Request&) { return reply; });
    const Provider provider = cached(inner, memory_cache());
    REQUIRE(provider->complete(fixed_request()));
    REQUIRE(provider->complete(fixed_request()));
    CHECK(inner->requests().size() == (kept ? 1 : 2));
  }
  const auto talks = std::make_shared<ScriptedProvider>([](const Request&) { return *says("Sure! {").reply; });
  const Provider provider = cached(talks, memory_cache());
  Request structured = fixed_request();
  structured.json = JsonFormat{.schema = R"({"type":"object"})"};
  REQUIRE(provider->complete(structured));
  REQUIRE(provider->complete(structured));
  CHECK(talks->requests().size() == 2);
  const auto fails = std::make_shared<ScriptedProvider>(std::vector<testing::Step>{testing::fails(500), says("yes")});
  const Provider after_failure = cached(fails, memory_cache());
  CHECK(!after_failure->complete(fixed_request()));
  CHECK(after_failure->complete(fixed_request())->text == "yes");
}

TEST_CASE("answers expire between nine and eleven tenths of their time, each at its own") {
  const auto clock = std::make_shared<FakeClock>();
  const auto cache = memory_cache();
  const Provider provider =
      cached(counting_provider(), cache, {.time_to_live = std::chrono::seconds(1000), .clock = clock});
  std::set<std::chrono::system_clock::time_point> ends;
  for (int i = 0; i < 50; ++i) {
    const Request request = fixed_request(std::to_string(i));
    REQUIRE(provider->complete(request));
    const auto kept = cache->get(cache_key("scripted", request));
    REQUIRE(*kept);
    CHECK((*kept)->stored == clock->today());
    CHECK((*kept)->expires >= clock->today() + std::chrono::seconds(900));
    CHECK((*kept)->expires <= clock->today() + std::chrono::seconds(1100));
    ends.insert((*kept)->expires);
  }
  CHECK(ends.size() > 45);
  const Request request = fixed_request("0");
  clock->advance(std::chrono::seconds(899));
  CHECK(provider->complete(request)->source == Source::stored_cache);
  clock->advance(std::chrono::seconds(202));
  CHECK(provider->complete(request)->source == Source::provider);
}

TEST_CASE("max_age makes older answers not count, also through two caches") {
  const auto clock = std::make_shared<FakeClock>();
  const auto inner = counting_provider();
  const Provider stored = cached(inner, memory_cache(), {.clock = clock});
  const Provider both = cached(stored, memory_cache(), {.source = Source::memory_cache, .clock = clock});
  REQUIRE(stored->complete(fixed_request()));
  clock->advance(std::chrono::seconds(100));
  CHECK(both->complete(fixed_request())->source == Source::stored_cache);
  CHECK(both->complete(fixed_request())->source == Source::memory_cache);
  Request fresh = fixed_request();
  fresh.call.cache = CachePolicy{.max_age = std::chrono::seconds(50)};
  CHECK(both->complete(fresh)->text == "2");
  CHECK(both->complete(fixed_request())->text == "2");
  CHECK(inner->requests().size() == 2);
}

TEST_CASE("a cache that fails is passed by with a warning") {
  const Provider provider = cached(counting_provider(), std::make_shared<BrokenCache>());
  const auto reply = provider->complete(fixed_request());
  REQUIRE(reply);
  CHECK(reply->text == "1");
  REQUIRE(reply->warnings.size() == 2);
  CHECK(reply->warnings[0].find("disk gone") != std::string::npos);

  const auto cache = memory_cache();
  const Provider readable = cached(counting_provider(), cache);
  REQUIRE(cache->put(cache_key("scripted", fixed_request()),
                     {"{\"text\": 3}", {}, std::chrono::system_clock::now() + std::chrono::hours(1)}));
  CHECK(readable->complete(fixed_request())->warnings.size() == 1);
  CHECK(readable->complete(fixed_request())->warnings.empty());
}

TEST_CASE("a memory cache keeps to its bytes and drops what was not used") {
  const auto cache = memory_cache(3 * 1400);
  const CachedReply reply{std::string(1000, 'x'), {}, {}};
  for (const char* key : {"a", "b", "c"}) REQUIRE(cache->put(key, reply));
  CHECK(cache->get("a")->has_value());
  REQUIRE(cache->put("d", reply));
  CHECK(!cache->get("b")->has_value());
  CHECK(cache->get("a")->has_value());
  REQUIRE(cache->put("huge", {std::string(5000, 'x'), {}, {}}));
  CHECK(!cache->get("huge")->has_value());
  REQUIRE(cache->put("e", reply));
  REQUIRE(cache->erase("e"));
  CHECK(!cache->get("e")->has_value());
}

TEST_CASE("a call that was stopped or is late gets no answer from the cache") {
  const auto clock = std::make_shared<FakeClock>();
  const Provider provider = cached(counting_provider(), memory_cache(), {.clock = clock});
  REQUIRE(provider->complete(fixed_request()));
  std::stop_source stop;
  stop.request_stop();
  CHECK(provider->complete(fixed_request(), {.stop = stop.get_token()}).error().code == Errc::cancelled);
  CHECK(provider->complete(fixed_request(), {.deadline = clock->now()}).error().code == Errc::deadline_exceeded);
}

TEST_CASE("an answer that does not fit its schema is not kept") {
  const auto script =
      std::make_shared<ScriptedProvider>(std::vector<testing::Step>{says(R"({"age":"ten"})"), says(R"({"age":10})")});
  const Provider provider = cached(script, memory_cache());
  Request request = fixed_request();
  request.json = JsonFormat{.schema = R"({"type":"object","properties":{"age":{"type":"integer"}}})"};
  CHECK(provider->complete(request)->text == R"({"age":"ten"})");
  CHECK(provider->complete(request)->text == R"({"age":10})");
  CHECK(provider->complete(request)->source == Source::stored_cache);
}
