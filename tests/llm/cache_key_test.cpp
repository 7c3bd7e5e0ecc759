//! Equal questions have equal keys, and no others.
#include <persona/core/hash.hpp>
#include <persona/llm/cache.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <vector>

using namespace persona;
using namespace persona::llm;

TEST_CASE("a key is the hash of one canonical text") {
  const Request request{.model = "m", .messages = {Message::user("hi")}, .temperature = 0};
  CHECK(cache_key("p", request) ==
        content_hash(R"({"provider":"p","request":{"messages":[{"parts":[{"text":"hi"}],"role":"user"}],)"
                     R"("model":"m","temperature":0},"tenant":""})"));
}

TEST_CASE("whatever shapes the answer changes the key, and nothing else does") {
  const Request base{.model = "m", .messages = {Message::user("ab"), Message::user("c")}};
  const std::vector<std::function<void(Request&)>> changes = {
      [](Request& r) { r.model = "n"; },
      [](Request& r) {
        r.messages = {Message::user("a"), Message::user("bc")};
      },
      [](Request& r) { r.messages = {Message::user("abc")}; },
      [](Request& r) {
        r.messages = {{Role::user, {Text{"ab"}, Text{"c"}}}};
      },
      [](Request& r) { r.messages[0].role = Role::system; },
      [](Request& r) { r.messages[1] = Message::user("c\",\"role\":\"system"); },
      [](Request& r) { r.messages[1] = Message::user("c\xff"); },
      [](Request& r) { r.messages[1] = Message::user("c\xfe"); },
      [](Request& r) {
        r.messages[1].parts.push_back(Image{"image/png", "x", {}});
      },
      [](Request& r) {
        r.messages[1].parts.push_back(Image{"image/png", {}, "x"});
      },
      [](Request& r) { r.max_output_tokens = 1; },
      [](Request& r) { r.temperature = 0; },
      [](Request& r) { r.temperature = 1; },
      [](Request& r) { r.top_p = 1; },
      [](Request& r) { r.top_k = 1; },
      [](Request& r) { r.seed = 1; },
      [](Request& r) { r.seed = (std::int64_t{1} << 53) + 1; },
      [](Request& r) { r.seed = (std::int64_t{1} << 53) + 2; },
      [](Request& r) {
        r.stop = {"a", "b"};
      },
      [](Request& r) { r.stop = {"a\",\"b"}; },
      [](Request& r) { r.json = JsonFormat{.schema = "{}"}; },
      [](Request& r) { r.json = JsonFormat{.schema = "{}", .strict = false}; },
      [](Request& r) {
        r.tools = {{"f", "", ""}};
      },
      [](Request& r) { r.tool_use = ToolUse::required; },
      [](Request& r) { r.tool_name = "f"; },
      [](Request& r) { r.effort = Effort::none; },
      [](Request& r) { r.user = "u"; },
      [](Request& r) { r.extra = "{}"; },
      [](Request& r) { r.call.tenant = "t"; },
  };
  std::map<std::string, std::size_t> keys = {{cache_key("p", base), 1000}, {cache_key("q", base), 1001}};
  CHECK(keys.size() == 2);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Request request = base;
    changes[i](request);
    const auto added = keys.emplace(cache_key("p", request), i);
    CHECK_MESSAGE(added.second, i << " and " << added.first->second << " have one key");
  }
  Request same = base;
  same.call.trace_id = "t";
  same.call.priority = 3;
  same.call.accounts = {"run:7"};
  same.call.cache = CachePolicy{.write = false};
  CHECK(cache_key("p", same) == cache_key("p", base));
}
