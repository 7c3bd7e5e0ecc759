//! Requests as Anthropic gets them.
#include <persona/llm/anthropic.hpp>

#include "dialect_check.hpp"
#include "llm/anthropic/schema.hpp"

using namespace persona;
using namespace persona::dialect_testing;

namespace {

llm::Provider dialect(std::shared_ptr<http::Transport> transport) {
  return llm::anthropic(std::move(transport), {.key = Secret(canary)});
}

llm::Provider older(std::shared_ptr<http::Transport> transport) {
  return llm::anthropic(std::move(transport), {.key = Secret(canary), .tool_for_json = true});
}

const std::string yes =
    R"({"id":"msg_1","type":"message","role":"assistant","model":"m-1","content":[{"type":"text","text":"yes"}],
  "stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":1}})";

Json body_of(const MakeDialect& make, const llm::Request& request) {
  const Asked asked = complete(make, request, {.body = yes});
  REQUIRE_MESSAGE(asked.reply.has_value(), to_string(asked.reply ? Error{} : asked.reply.error()));
  return asked.transport->last_body();
}

const std::string schema = R"({"type":"object","properties":{"a":{"type":"integer","minimum":1}},"required":["a"]})";

}  // namespace

TEST_CASE("a message request has all of the request") {
  llm::Request request = ask();
  request.messages = {
      llm::Message::system("Be brief"),
      {llm::Role::user,
       {llm::Text{"What?"}, llm::Image{"image/png", "\x01\x02\x03", ""}, llm::Image{"", "", "https://x/y.png"}}},
      {llm::Role::assistant,
       {llm::Thinking{"hm", "sig"}, llm::Thinking{"", "redacted:data"}, llm::Text{"Look"},
        llm::ToolCall{"t1", "look", R"({"at":1})"}, llm::ToolCall{"t2", "look", ""}}},
      llm::Message::tool({"t1", "a cat", false}),
      llm::Message::tool({"t2", "broken", true}),
      llm::Message::user("And?")};
  request.temperature = 1;
  request.top_p = 0.5;
  request.top_k = 40;
  request.stop = {"END"};
  request.tools = {{"look", "Looks", ""}};
  request.tool_use = llm::ToolUse::required;
  request.effort = llm::Effort::high;
  request.user = "u1";
  const Asked asked = complete(dialect, request, {.body = yes});
  REQUIRE(asked.reply.has_value());
  CHECK_MESSAGE(same_json(asked.transport->last_body(), R"({
    "model": "m", "max_tokens": 4096, "system": "Be brief",
    "messages": [
      {"role": "user", "content": [{"type": "text", "text": "What?"},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AQID"}},
        {"type": "image", "source": {"type": "url", "url": "https://x/y.png"}}]},
      {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm", "signature": "sig"},
        {"type": "redacted_thinking", "data": "data"}, {"type": "text", "text": "Look"},
        {"type": "tool_use", "id": "t1", "name": "look", "input": {"at": 1}},
        {"type": "tool_use", "id": "t2", "name": "look", "input": {}}]},
      {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "a cat"},
        {"type": "tool_result", "tool_use_id": "t2", "content": "broken", "is_error": true},
        {"type": "text", "text": "And?"}]}],
    "tools": [{"name": "look", "description": "Looks", "input_schema": {"type": "object", "properties": {}}}],
    "tool_choice": {"type": "any"}, "output_config": {"effort": "high"},
    "temperature": 1, "top_p": 0.5, "top_k": 40, "stop_sequences": ["END"], "metadata": {"user_id": "u1"}})"),
                asked.transport->last_body().dump());
  const http::Request& sent = asked.transport->last();
  CHECK(sent.url == "https://api.anthropic.com/v1/messages");
  CHECK(http::header(sent.headers, "anthropic-version") == "2023-06-01");
  CHECK(sent.secrets[0].name == "x-api-key");
  CHECK(*sent.secrets[0].value.reveal() == canary);
  CHECK(asked.reply->warnings.empty());
}

TEST_CASE("results of tools come before what else the user says") {
  llm::Request request = ask();
  request.messages = {llm::Message::user("go"),
                      {llm::Role::assistant, {llm::ToolCall{"t1", "f", ""}}},
                      {llm::Role::user, {llm::Text{"here"}, llm::ToolResult{"t1", "done", false}}}};
  const Json turn = body_of(dialect, request)["messages"][2]["content"];
  CHECK(turn[0]["type"] == "tool_result");
  CHECK(turn[1]["type"] == "text");
}

TEST_CASE("what Anthropic does not have is a warning or an error") {
  llm::Request request = ask();
  request.seed = 7;
  request.effort = llm::Effort::minimal;
  request.messages = {llm::Message::user("a"), llm::Message::system("late")};
  const Asked asked = complete(dialect, request, {.body = yes});
  CHECK(asked.reply->warnings.size() == 3);
  CHECK(asked.transport->last_body()["system"] == "late");
  CHECK(asked.transport->last_body()["output_config"]["effort"] == "low");
  request.effort = llm::Effort::none;
  CHECK(same_json(body_of(dialect, request)["thinking"], R"({"type":"disabled"})"));
  request.temperature = 1.5;
  CHECK(failure(dialect, request, {}).path == "/temperature");
  request = ask();
  request.messages.push_back({llm::Role::assistant, {llm::ToolCall{"t", "f", "[1]"}}});
  CHECK(failure(dialect, request, {}).path == "/messages/1/parts/0");
  request.messages = {llm::Message::system("alone")};
  CHECK(failure(dialect, request, {}).code == Errc::invalid_argument);
}

TEST_CASE("JSON by output_config, or by a tool for older models") {
  llm::Request request = ask();
  request.json = llm::JsonFormat{schema};
  CHECK(same_json(body_of(dialect, request)["output_config"],
                  R"({"format":{"type":"json_schema","schema":{"type":"object","properties":{"a":{"type":"integer",
                      "description":"{minimum: 1}"}},"required":["a"],"additionalProperties":false}}})"));
  const Json by_tool = body_of(older, request);
  CHECK_FALSE(by_tool.contains("output_config"));
  CHECK(same_json(by_tool["tool_choice"], R"({"type":"tool","name":"answer"})"));
  CHECK(same_json(by_tool["tools"],
                  R"([{"name":"answer","description":"Gives the answer.","input_schema":)" + schema + "}]"));
  request.tools = {{"look", "", ""}};
  CHECK(same_json(body_of(older, request)["tool_choice"], R"({"type":"any"})"));
  request.tools = {{"answer", "", ""}};
  CHECK(failure(older, request, {}).path == "/json/name");
}

TEST_CASE("a schema keeps what is enforced and tells the rest") {
  std::vector<std::string> warnings;
  const Json made = llm::anthropic_api::enforced_schema(
      json(R"({"$schema":"x","type":"object","title":"T","required":["a"],"properties":{
        "a":{"type":"string","description":"Name","minLength":2,"format":"email"},
        "b":{"type":"string","format":"phone"},
        "c":{"type":"array","items":{"$ref":"#/$defs/n","title":"dropped"},"minItems":1,"maxItems":3},
        "d":{"oneOf":[{"type":"null"},{"type":"array","items":{"type":"number"},"minItems":2}]},
        "e":{"enum":["x","y"]},
        "f":{"type":"object","additionalProperties":{"type":"integer"}}},
        "$defs":{"n":{"type":"integer","maximum":9}}})"),
      warnings);
  CHECK_MESSAGE(
      same_json(made, R"({"type":"object","title":"T","required":["a"],"additionalProperties":false,"properties":{
        "a":{"type":"string","description":"Name\n\n{minLength: 2}","format":"email"},
        "b":{"type":"string","description":"{format: \"phone\"}"},
        "c":{"type":"array","items":{"$ref":"#/$defs/n"},"minItems":1,"description":"{maxItems: 3}"},
        "d":{"anyOf":[{"type":"null"},{"type":"array","items":{"type":"number"},"description":"{minItems: 2}"}]},
        "e":{"enum":["x","y"]},
        "f":{"type":"object","properties":{},"additionalProperties":false}},
        "$defs":{"n":{"type":"integer","description":"{maximum: 9}"}}})"),
      made.dump());
  CHECK(warnings ==
        std::vector<std::string>{"Anthropic closes objects: no other keys are possible at '/properties/f'"});
}

TEST_CASE("tokens are counted for what is asked, not for how it is answered") {
  llm::Request request = ask();
  request.temperature = 0;
  request.max_output_tokens = 5;
  request.stop = {"END"};
  request.tools = {{"look", "", ""}};
  const auto transport = std::make_shared<FakeTransport>(std::deque<Answered>{{.body = R"({"input_tokens":14})"}});
  CHECK(dialect(transport)->count_tokens(request) == 14);
  CHECK(transport->last().url == "https://api.anthropic.com/v1/messages/count_tokens");
  CHECK(same_json(transport->last_body(),
                  R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"Say yes"}]}],
                      "tools":[{"name":"look","input_schema":{"type":"object","properties":{}}}]})"));
  CHECK(dialect(transport)->embed({"m", {"a"}}).error().code == Errc::unsupported);
}
