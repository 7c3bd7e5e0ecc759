//! Requests as OpenAI, servers like it and Azure get them.
#include <persona/llm/openai.hpp>

#include "dialect_check.hpp"

using namespace persona;
using namespace persona::dialect_testing;

namespace {

llm::Provider at_openai(std::shared_ptr<http::Transport> transport) {
  return llm::openai(std::move(transport), {.key = Secret(canary), .organization = "org", .project = "proj"});
}

llm::Provider at_local(std::shared_ptr<http::Transport> transport) {
  return llm::openai(std::move(transport), {.base_url = "http://127.0.0.1:8080/v1/"});
}

const std::string yes = R"({"id":"c1","model":"m-1","choices":[{"index":0,"finish_reason":"stop",
  "message":{"role":"assistant","content":"yes"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}})";

Json body_of(const MakeDialect& make, const llm::Request& request) {
  const Asked asked = complete(make, request, {.body = yes});
  REQUIRE_MESSAGE(asked.reply.has_value(), to_string(asked.reply ? Error{} : asked.reply.error()));
  return asked.transport->last_body();
}

llm::Request full_request() {
  llm::Request request = ask();
  request.messages = {llm::Message::system("Be brief"),
                      {llm::Role::user, {llm::Text{"What is it?"}, llm::Image{"image/png", "\x01\x02\x03", ""}}},
                      {llm::Role::assistant, {llm::ToolCall{"c1", "look", R"({"at":1})"}}},
                      llm::Message::tool({"c1", "a cat", false})};
  request.max_output_tokens = 50;
  request.temperature = 0.5;
  request.top_p = 1;
  request.seed = 7;
  request.stop = {"END"};
  request.tools = {{"look", "Looks", R"({"type":"object","properties":{"at":{"type":"integer"}}})"}};
  request.tool_use = llm::ToolUse::named;
  request.tool_name = "look";
  request.effort = llm::Effort::maximum;
  request.user = "u1";
  return request;
}

}  // namespace

TEST_CASE("a chat completion has all of the request") {
  const Asked asked = complete(at_openai, full_request(), {.body = yes});
  REQUIRE_MESSAGE(asked.reply.has_value(), to_string(asked.reply ? Error{} : asked.reply.error()));
  CHECK(same_json(asked.transport->last_body(), R"({
    "model": "m",
    "messages": [
      {"role": "system", "content": "Be brief"},
      {"role": "user", "content": [{"type": "text", "text": "What is it?"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AQID"}}]},
      {"role": "assistant", "content": null, "tool_calls": [
        {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{\"at\":1}"}}]},
      {"role": "tool", "tool_call_id": "c1", "content": "a cat"}],
    "max_completion_tokens": 50, "temperature": 0.5, "top_p": 1, "seed": 7, "stop": ["END"],
    "reasoning_effort": "max", "safety_identifier": "u1",
    "tools": [{"type": "function", "function": {"name": "look", "description": "Looks",
      "parameters": {"type": "object", "properties": {"at": {"type": "integer"}}}}}],
    "tool_choice": {"type": "function", "function": {"name": "look"}}})"));
  const http::Request& sent = asked.transport->last();
  CHECK(sent.url == "https://api.openai.com/v1/chat/completions");
  CHECK(http::header(sent.headers, "openai-organization") == "org");
  CHECK(http::header(sent.headers, "openai-project") == "proj");
  REQUIRE(sent.secrets.size() == 1);
  CHECK(sent.secrets[0].name + ": " + sent.secrets[0].prefix + *sent.secrets[0].value.reveal() ==
        std::string("Authorization: Bearer ") + canary);
}

TEST_CASE("servers like OpenAI get the older words, no key, and top_k") {
  llm::Request request = ask();
  request.max_output_tokens = 5;
  request.top_k = 40;
  request.user = "u1";
  const Asked asked = complete(at_local, request, {.body = yes});
  CHECK(same_json(
      asked.transport->last_body(),
      R"({"model":"m","messages":[{"role":"user","content":"Say yes"}],"max_tokens":5,"top_k":40,"user":"u1"})"));
  CHECK(asked.transport->last().url == "http://127.0.0.1:8080/v1/chat/completions");
  CHECK(asked.transport->last().secrets.empty());
  CHECK(asked.reply->provider == "openai@127.0.0.1:8080");
  CHECK(asked.reply->warnings.empty());
}

TEST_CASE("OpenAI has no top_k: the reply says so") {
  llm::Request request = ask();
  request.top_k = 40;
  const Asked asked = complete(at_openai, request, {.body = yes});
  CHECK_FALSE(asked.transport->last_body().contains("top_k"));
  CHECK(asked.reply->warnings == std::vector<std::string>{"chat completions have no top_k"});
}

TEST_CASE("a stream asks for usage, and for no padding where there is any") {
  const auto body_at = [](const MakeDialect& make) {
    return stream(make, ask(), {.body = "data: [DONE]\n\n"}).transport->last_body();
  };
  CHECK(same_json(body_at(at_openai)["stream_options"], R"({"include_usage":true,"include_obfuscation":false})"));
  CHECK(same_json(body_at(at_local)["stream_options"], R"({"include_usage":true})"));
}

TEST_CASE("extra is merged member by member, but cannot make a stream of it") {
  llm::Request request = ask();
  request.extra = R"({"verbosity":"low","response_format":{"type":"json_object"},"metadata":{"a":"b"}})";
  CHECK(same_json(body_of(at_openai, request),
                  R"({"model":"m","messages":[{"role":"user","content":"Say yes"}],"verbosity":"low",
                      "response_format":{"type":"json_object"},"metadata":{"a":"b"}})"));
  request.extra = R"({"stream":true})";
  const Error error = failure(at_openai, request, {.body = yes});
  CHECK(error.code == Errc::invalid_argument);
  CHECK(error.path == "/extra/stream");
}

TEST_CASE("a schema is made strict, or is sent as it is with a warning") {
  llm::Request request = ask();
  request.json = llm::JsonFormat{R"({"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]})"};
  CHECK(same_json(body_of(at_openai, request)["response_format"],
                  R"({"type":"json_schema","json_schema":{"name":"answer","strict":true,"schema":{"type":"object",
                      "properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}}})"));
  request.json->schema = R"({"type":"object","additionalProperties":{"type":"integer"}})";
  const Asked open = complete(at_openai, request, {.body = yes});
  CHECK(same_json(
      open.transport->last_body()["response_format"]["json_schema"],
      R"({"name":"answer","strict":false,"schema":{"type":"object","additionalProperties":{"type":"integer"}}})"));
  REQUIRE(open.reply->warnings.size() == 1);
  CHECK(open.reply->warnings[0].find("'/additionalProperties'") != std::string::npos);
  request.json->strict = false;
  CHECK(complete(at_openai, request, {.body = yes}).reply->warnings.empty());
  request.json->schema.clear();
  CHECK(same_json(body_of(at_openai, request)["response_format"], R"({"type":"json_object"})"));
}

TEST_CASE("Azure's path has the deployment and the version, its header the key or the token") {
  const auto by_key = [](auto transport) {
    return llm::azure(std::move(transport), {.endpoint = "https://x.openai.azure.com/", .key = Secret(canary)});
  };
  llm::Request request = ask("Say yes", "my deployment");
  request.max_output_tokens = 5;
  const Asked asked = complete(by_key, request, {.body = yes});
  const http::Request& sent = asked.transport->last();
  CHECK(sent.url ==
        "https://x.openai.azure.com/openai/deployments/my%20deployment/chat/completions?api-version=2024-10-21");
  CHECK(sent.secrets[0].name == "api-key");
  CHECK(sent.secrets[0].prefix.empty());
  CHECK(asked.transport->last_body().contains("max_completion_tokens"));
  CHECK(asked.reply->provider == "azure@x.openai.azure.com");

  const auto by_token = [](auto transport) {
    return llm::azure(std::move(transport), {.endpoint = "https://x.openai.azure.com", .token = Secret(canary)});
  };
  CHECK(complete(by_token, ask(), {.body = yes}).transport->last().secrets[0].prefix == "Bearer ");
}

TEST_CASE("without a key nothing is sent to where one is needed") {
  const auto no_key = [](auto transport) { return llm::openai(std::move(transport)); };
  const Asked asked = complete(no_key, ask(), {.body = yes});
  CHECK(asked.reply.error().code == Errc::unauthenticated);
  CHECK(asked.transport->requests().empty());
}

TEST_CASE("what no provider can make sense of is not sent, and named") {
  const auto refused = [](const std::function<void(llm::Request&)>& spoil) {
    llm::Request request = ask();
    spoil(request);
    const Asked asked = complete(at_openai, request, {.body = yes});
    CHECK(asked.transport->requests().empty());
    REQUIRE_FALSE(asked.reply.has_value());
    return std::string(to_string(asked.reply.error().code)) + ' ' + asked.reply.error().path;
  };
  CHECK(refused([](auto& r) { r.model.clear(); }) == "invalid_argument /model");
  CHECK(refused([](auto& r) { r.messages.clear(); }) == "invalid_argument /messages");
  CHECK(refused([](auto& r) { r.messages[0].parts.clear(); }) == "invalid_argument /messages/0");
  CHECK(refused([](auto& r) { r.messages[0].parts = {llm::Text{"\xff"}}; }) == "invalid_argument /messages/0/parts/0");
  CHECK(refused([](auto& r) {
          r.messages[0].parts = {llm::ToolCall{"", "f", ""}};
        }) == "invalid_argument /messages/0/parts/0");
  CHECK(refused([](auto& r) { r.messages[0].parts = {llm::Image{}}; }) == "invalid_argument /messages/0/parts/0");
  CHECK(refused([](auto& r) {
          r.messages.push_back({llm::Role::assistant, {llm::Image{"image/png", "x", ""}}});
        }) == "unsupported /messages/1/parts/0");
  CHECK(refused([](auto& r) { r.temperature = std::numeric_limits<double>::quiet_NaN(); }) ==
        "invalid_argument /temperature");
  CHECK(refused([](auto& r) { r.max_output_tokens = 0; }) == "invalid_argument /max_output_tokens");
  CHECK(refused([](auto& r) { r.stop = {"a", ""}; }) == "invalid_argument /stop/1");
  CHECK(refused([](auto& r) { r.json = llm::JsonFormat{"[1]"}; }) == "invalid_argument /json/schema");
  CHECK(refused([](auto& r) { r.json = llm::JsonFormat{"{}", "no spaces"}; }) == "invalid_argument /json/name");
  CHECK(refused([](auto& r) { r.tools = {{"f", "", "{\"a\":"}}; }) == "invalid_argument /tools/0/parameters/a");
  CHECK(refused([](auto& r) { r.tool_use = llm::ToolUse::required; }) == "invalid_argument /tool_use");
  CHECK(refused([](auto& r) {
          r.tools = {{"f", "", ""}};
          r.tool_use = llm::ToolUse::named;
          r.tool_name = "g";
        }) == "invalid_argument /tool_name");
  CHECK(refused([](auto& r) { r.extra = "7"; }) == "invalid_argument /extra");
}
