//! Anthropic's messages and errors, whole and streamed.
#include <persona/llm/anthropic.hpp>

#include "dialect_check.hpp"

using namespace persona;
using namespace persona::dialect_testing;
using std::chrono::milliseconds;

namespace {

llm::Provider dialect(std::shared_ptr<http::Transport> transport) {
  return llm::anthropic(std::move(transport), {.key = Secret(canary)});
}

llm::Provider older(std::shared_ptr<http::Transport> transport) {
  return llm::anthropic(std::move(transport), {.key = Secret(canary), .tool_for_json = true});
}

std::string message(
    const std::string& content, const std::string& reason = "end_turn",
    const std::string& usage = R"({"input_tokens":1,"cache_creation_input_tokens":4,"cache_read_input_tokens":16,
                      "cache_creation":{"ephemeral_5m_input_tokens":1,"ephemeral_1h_input_tokens":3},"output_tokens":5,
                      "output_tokens_details":{"thinking_tokens":2}})") {
  return R"({"id":"msg_1","type":"message","role":"assistant","model":"m-1","content":)" + content +
         R"(,"stop_reason":")" + reason + R"(","stop_sequence":null,"usage":)" + usage + "}";
}

llm::Reply reply_of(const std::string& body) {
  const Asked asked = complete(dialect, ask(), {.body = body});
  REQUIRE_MESSAGE(asked.reply.has_value(), to_string(asked.reply ? Error{} : asked.reply.error()));
  return *asked.reply;
}

std::string event(const std::string& type, const std::string& rest = "") {
  return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + rest + "}\n\n";
}

std::string start() {
  return event(
      "message_start",
      R"(,"message":{"id":"msg_1","type":"message","role":"assistant","model":"m-1","content":[],"stop_reason":null,
"usage":{"input_tokens":1,"cache_read_input_tokens":16,"cache_creation_input_tokens":0,"output_tokens":1}})");
}

std::string without_newline(std::string text) {
  for (auto at = text.find(",\n\""); at != std::string::npos; at = text.find(",\n\"")) text.erase(at + 1, 1);
  return text;
}

std::string block(int index, const std::string& begin, const std::vector<std::string>& deltas) {
  const std::string at = R"(,"index":)" + std::to_string(index);
  std::string events = event("content_block_start", at + R"(,"content_block":)" + begin);
  for (const auto& delta : deltas) events += event("content_block_delta", at + R"(,"delta":)" + delta);
  return events + event("content_block_stop", at);
}

std::string end(const std::string& reason) {
  return event("message_delta",
               R"(,"delta":{"stop_reason":")" + reason + R"(","stop_sequence":null},"usage":{"output_tokens":5})") +
         event("message_stop");
}

}  // namespace

TEST_CASE("an answer's usage counts the cache in") {
  const Asked asked = complete(
      dialect, ask(), {.body = message(R"([{"type":"text","text":"yes"}])"), .headers = {{"request-id", "req_1"}}});
  REQUIRE(asked.reply.has_value());
  CHECK(asked.reply->usage == llm::Usage{.input = 21,
                                         .input_cached = 16,
                                         .input_cache_write = 4,
                                         .input_cache_write_1h = 3,
                                         .output = 5,
                                         .output_reasoning = 2});
  CHECK(asked.reply->text == "yes");
  CHECK(asked.reply->finish == llm::Finish::stop);
  CHECK(asked.reply->id == "msg_1");
  CHECK(asked.reply->model == "m-1");
  CHECK(asked.reply->request_id == "req_1");
}

TEST_CASE("blocks of every kind") {
  const llm::Reply reply =
      reply_of(message(R"([{"type":"thinking","thinking":"hm","signature":"s"},{"type":"redacted_thinking","data":"d"},
    {"type":"text","text":"ye"},{"type":"text","text":"s"},{"type":"tool_use","id":"t1","name":"f","input":{"x":1}},
    {"type":"server_tool_use","id":"x"}])",
                       "tool_use"));
  CHECK(reply.text == "yes");
  CHECK(reply.thinking == std::vector<llm::Thinking>{{"hm", "s"}, {"", "redacted:d"}});
  CHECK(reply.tool_calls == std::vector<llm::ToolCall>{{"t1", "f", R"({"x":1})"}});
  CHECK(reply.finish == llm::Finish::tool_calls);
  CHECK(reply.warnings == std::vector<std::string>{"a block of the kind 'server_tool_use' is left out"});
}

TEST_CASE("why Claude stopped") {
  const std::string text = R"([{"type":"text","text":"x"}])";
  CHECK(reply_of(message(text, "max_tokens")).finish == llm::Finish::length);
  CHECK(reply_of(message(text, "model_context_window_exceeded")).finish == llm::Finish::length);
  CHECK(reply_of(message(text, "stop_sequence")).finish == llm::Finish::stop);
  CHECK(reply_of(message(text, "pause_turn")).finish == llm::Finish::other);
  const llm::Reply refused = reply_of(message(text, "refusal"));
  CHECK(refused.finish == llm::Finish::refusal);
  CHECK(refused.refusal == "x");
}

TEST_CASE("a stream of all kinds of blocks is the same however it is cut") {
  const std::string body =
      without_newline(start()) + event("ping") +
      block(0, R"({"type":"thinking","thinking":"","signature":""})",
            {R"({"type":"thinking_delta","thinking":"h"})", R"({"type":"thinking_delta","thinking":"m"})",
             R"({"type":"signature_delta","signature":"s1"})"}) +
      block(1, R"({"type":"redacted_thinking","data":"d"})", {}) +
      block(2, R"({"type":"text","text":""})",
            {R"({"type":"text_delta","text":"Grö"})", R"({"type":"citations_delta","citation":{}})",
             R"({"type":"text_delta","text":"ße"})"}) +
      block(3, R"({"type":"tool_use","id":"t1","name":"f","input":{}})",
            {R"({"type":"input_json_delta","partial_json":""})",
             R"({"type":"input_json_delta","partial_json":"{\"x\":"})",
             R"({"type":"input_json_delta","partial_json":"1}"})"}) +
      block(4, R"({"type":"tool_use","id":"t2","name":"g","input":{}})", {}) + end("tool_use");
  const llm::Reply reply = check_stream(dialect, ask(), body);
  CHECK(reply.text == "Größe");
  CHECK(reply.thinking == std::vector<llm::Thinking>{{"hm", "s1"}, {"", "redacted:d"}});
  CHECK(reply.tool_calls == std::vector<llm::ToolCall>{{"t1", "f", R"({"x":1})"}, {"t2", "g", "{}"}});
  CHECK(reply.usage == llm::Usage{.input = 17, .input_cached = 16, .output = 5});
  CHECK(reply.finish == llm::Finish::tool_calls);
}

TEST_CASE("the tool that stands for a JSON answer is the answer") {
  llm::Request request = ask();
  request.json = llm::JsonFormat{R"({"type":"object","properties":{"a":{"type":"integer"}}})"};
  const Asked whole =
      complete(older, request,
               {.body = message(R"([{"type":"tool_use","id":"t","name":"answer","input":{"a":1}}])", "tool_use")});
  CHECK(whole.reply->text == R"({"a":1})");
  CHECK(whole.reply->tool_calls.empty());
  CHECK(whole.reply->finish == llm::Finish::stop);
  const llm::Reply streamed = check_stream(older, request,
                                           without_newline(start()) +
                                               block(0, R"({"type":"tool_use","id":"t","name":"answer","input":{}})",
                                                     {R"({"type":"input_json_delta","partial_json":"{\"a\":"})",
                                                      R"({"type":"input_json_delta","partial_json":"1}"})"}) +
                                               end("tool_use"));
  CHECK(streamed.text == R"({"a":1})");
  CHECK(streamed.finish == llm::Finish::stop);
}

TEST_CASE("errors, outside and inside a stream") {
  const auto error = [](const std::string& type, const std::string& text = "why") {
    return R"({"type":"error","error":{"type":")" + type + R"(","message":")" + text + R"("},"request_id":"req_7"})";
  };
  const std::tuple<const char*, int, Errc, bool> known[] = {
      {"invalid_request_error", 400, Errc::invalid_argument, false},
      {"authentication_error", 401, Errc::unauthenticated, false},
      {"billing_error", 402, Errc::quota_exceeded, false},
      {"permission_error", 403, Errc::permission_denied, false},
      {"not_found_error", 404, Errc::not_found, false},
      {"request_too_large", 413, Errc::context_too_long, false},
      {"rate_limit_error", 429, Errc::rate_limited, true},
      {"api_error", 500, Errc::unavailable, true},
      {"timeout_error", 504, Errc::unavailable, true},
      {"overloaded_error", 529, Errc::unavailable, true}};
  for (const auto& [type, status, code, retryable] : known) {
    CAPTURE(type);
    const Error outside =
        failure(dialect, ask(), {.status = status, .body = error(type), .headers = {{"retry-after", "3"}}});
    CHECK(outside.code == code);
    CHECK(outside.service->retryable == retryable);
    CHECK(outside.service->request_id == "req_7");
    CHECK(outside.service->retry_after == milliseconds(3000));
    CHECK(outside.message == "anthropic answered " + std::to_string(status) + ": why");
    const Error inside = stream(dialect, ask(), {.body = "event: error\ndata: " + error(type) + "\n\n"}).reply.error();
    CHECK(inside.code == code);
    CHECK(inside.service->retryable == retryable);
    CHECK(inside.service->status == status);
    CHECK(inside.service->type == type);
    const std::string begun =
        without_newline(start()) + block(0, R"({"type":"text","text":""})", {R"({"type":"text_delta","text":"ye"})"});
    CHECK_FALSE(stream(dialect, ask(), {.body = begun + "event: error\ndata: " + error(type) + "\n\n"})
                    .reply.error()
                    .service->retryable);
  }
  CHECK(failure(dialect, ask(),
                {.status = 400, .body = error("invalid_request_error", "prompt is too long: 3 tokens > 2 maximum")})
            .code == Errc::context_too_long);
  CHECK(failure(
            dialect, ask(),
            {.status = 400, .body = error("invalid_request_error", "Your credit balance is too low to access the API")})
            .code == Errc::quota_exceeded);
  CHECK(failure(dialect, ask(),
                {.status = 400, .body = error("invalid_request_error", "Output blocked by content filtering policy")})
            .code == Errc::refused);
  CHECK(failure(dialect, ask(), {.status = 401, .body = error("authentication_error", canary)}).message.find("***") !=
        std::string::npos);
}

TEST_CASE("an answer without content is none; usage may never come") {
  CHECK(failure(dialect, ask(), {.body = R"({"id":"x"})"}).code == Errc::invalid_output);
  CHECK(reply_of(message("[]", "end_turn", "{}")).usage.estimated);
}
