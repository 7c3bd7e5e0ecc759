//! Requests and replies as JSON documents and back.
#include <persona/llm/json.hpp>

#include "llm/canonical_json.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace persona;
using namespace persona::llm;

namespace {

Request full_request() {
  Request request{
      .model = "openai/gpt-4o-mini", .max_output_tokens = 100, .temperature = 0.7, .top_p = 0.1, .top_k = 4};
  request.messages = {
      Message::system("Be brief."),
      Message::user("\"q\"\n\t\x01 é € 😀 \x7f"),
      {Role::assistant, {Thinking{"hm", "sig"}, ToolCall{"c1", "find", "{\"a\": 1}"}}},
      Message::tool({"c1", "none", true}),
      {Role::user, {Image{"image/png", std::string("\0\xff\x10z", 4), {}}, Image{{}, {}, "https://a/b.png"}}},
      Message{Role::user, {}}};
  request.seed = std::numeric_limits<std::int64_t>::max();
  request.stop = {"END", ""};
  request.json =
      JsonFormat{.schema = R"({"type":"object"})", .name = "person", .description = "a person", .strict = false};
  request.tools = {{"find", "finds", R"({"type":"object"})"}, {}};
  request.tool_use = ToolUse::named;
  request.tool_name = "find";
  request.effort = Effort::maximum;
  request.user = "u1";
  request.extra = R"({"n": 1})";
  return request;
}

Reply full_reply() {
  Error error{Errc::rate_limited, "slow down", "/x"};
  error.service = ServiceFailure{429, "rate_limit", "req_1", std::chrono::milliseconds(1500), true, true, Money{77}};
  Reply reply{.text = "yes", .json = "{\"a\":1}", .tool_calls = {{"c", "n", "{}"}}, .thinking = {{"t", "s"}, {}}};
  reply.finish = Finish::tool_calls;
  reply.refusal = "no";
  reply.id = "id", reply.request_id = "rid", reply.provider = "openai", reply.model = "gpt";
  reply.usage = {1, 2, 3, 4, 5, 6, true};
  reply.cost = Money{std::numeric_limits<std::int64_t>::max()};
  reply.attempts = {{"openai", "gpt", std::chrono::microseconds(12), error, {.input = 9}, Money{0}, true}, {}};
  reply.warnings = {"no seed"};
  reply.source = Source::stored_cache;
  reply.allowance = Allowance{1, {}, 3, std::chrono::milliseconds(4), std::chrono::milliseconds(5)};
  reply.first_token = std::chrono::microseconds(6), reply.total = std::chrono::microseconds(7);
  return reply;
}

std::string number_text(double number) {
  CanonicalJson out;
  out.value(number);
  return out.take();
}

}  // namespace

TEST_CASE("a request comes back with all it had, save what concerns the call") {
  Request request = full_request();
  request.call.tenant = "t";
  const std::string json = to_json(request);
  const auto back = parse_request(json);
  REQUIRE(back);
  CHECK(to_json(*back) == json);
  CHECK(json.find('\n') == std::string::npos);
  CHECK(back->model == request.model);
  CHECK(back->messages == request.messages);
  CHECK(back->seed == request.seed);
  CHECK(back->temperature == request.temperature);
  CHECK(back->stop == request.stop);
  CHECK(back->json->schema == request.json->schema);
  CHECK(back->json->strict == false);
  CHECK(back->tools.size() == 2);
  CHECK(back->tool_use == ToolUse::named);
  CHECK(back->effort == Effort::maximum);
  CHECK(back->extra == request.extra);
  CHECK(back->call.tenant.empty());
  CHECK(to_json(*parse_request("{}")) == to_json(Request{}));
}

TEST_CASE("a reply comes back with all it had") {
  const Reply reply = full_reply();
  const std::string json = to_json(reply);
  const auto back = parse_reply(json);
  REQUIRE(back);
  CHECK(to_json(*back) == json);
  CHECK(back->attempts == reply.attempts);
  CHECK(back->usage == reply.usage);
  CHECK(back->cost == reply.cost);
  CHECK(back->allowance == reply.allowance);
  CHECK(back->thinking == reply.thinking);
  CHECK(back->tool_calls == reply.tool_calls);
  CHECK(back->source == Source::stored_cache);
  CHECK(back->total == reply.total);
  CHECK(to_json(*parse_reply("{}")) == "{}");
}

TEST_CASE("what is wrong in a document is pointed to") {
  const auto path = [](const auto& result) {
    REQUIRE(!result);
    CHECK(result.error().code == Errc::invalid_argument);
    return result.error().path;
  };
  CHECK(path(parse_request("[]")) == "");
  CHECK(path(parse_request("{")) == "");
  CHECK(path(parse_request(R"({"model": 3})")) == "/model");
  CHECK(path(parse_request(R"({"colour": 3})")) == "/colour");
  CHECK(path(parse_request(R"({"seed": 1.5})")) == "/seed");
  CHECK(path(parse_request(R"({"seed": 18446744073709551615})")) == "/seed");
  CHECK(path(parse_request(R"({"messages":[{"role":"user"},{"role":"boss"}]})")) == "/messages/1/role");
  CHECK(path(parse_request(R"({"messages":[{"parts":[{"text":"a","image":{}}]}]})")) == "/messages/0/parts/0");
  CHECK(path(parse_request(R"({"messages":[{"parts":[{"image":{"bytes":"a"}}]}]})")) ==
        "/messages/0/parts/0/image/bytes");
  CHECK(path(parse_request(R"({"messages":[{"parts":[{"image":{"bytes":"a=bc"}}]}]})")) ==
        "/messages/0/parts/0/image/bytes");
  CHECK(path(parse_reply(R"({"attempts":[{"error":{"service":{"sent":1}}}]})")) == "/attempts/0/error/service/sent");
}

TEST_CASE("numbers are written as RFC 8785 writes them") {
  // Appendix B of the RFC.
  CHECK(number_text(0) == "0");
  CHECK(number_text(-0.0) == "0");
  CHECK(number_text(5e-324) == "5e-324");
  CHECK(number_text(-1.7976931348623157e308) == "-1.7976931348623157e+308");
  CHECK(number_text(9007199254740992.0) == "9007199254740992");
  CHECK(number_text(295147905179352830000.0) == "295147905179352830000");
  CHECK(number_text(9.999999999999997e22) == "9.999999999999997e+22");
  CHECK(number_text(1e21) == "1e+21");
  CHECK(number_text(999999999999999900000.0) == "999999999999999900000");
  CHECK(number_text(333333333.3333332) == "333333333.3333332");
  CHECK(number_text(0.000001) == "0.000001");
  CHECK(number_text(1e-7) == "1e-7");
  CHECK(number_text(-0.0000033333333333333333) == "-0.0000033333333333333333");
  CHECK(number_text(1424953923781206.2) == "1424953923781206.2");
  CHECK(number_text(std::nan("")) == "null");
}

TEST_CASE("bytes that are not text stay apart where they must") {
  const auto written = [](CanonicalJson::NotText not_text, std::string_view text) {
    CanonicalJson out(not_text);
    out.value(text);
    return out.take();
  };
  using enum CanonicalJson::NotText;
  CHECK(written(replaced, "a\xff") == written(replaced, "a\xfe"));
  CHECK(written(kept_apart, "a\xff") != written(kept_apart, "a\xfe"));
  CHECK(written(kept_apart, "a\xff") == "\"a\\udcff\"");
  CHECK(written(replaced, "\x1f\b\"\\/é") == "\"\\u001f\\b\\\"\\\\/é\"");
}
