//! Chat completions, whole and streamed, as replies.
#include <persona/llm/openai.hpp>

#include "dialect_check.hpp"

using namespace persona;
using namespace persona::dialect_testing;
using std::chrono::milliseconds;

namespace {

llm::Provider dialect(std::shared_ptr<http::Transport> transport) {
  return llm::openai(std::move(transport), {.key = Secret(canary)});
}

std::string chat(const std::string& message, const std::string& reason = "stop", const std::string& more = "") {
  return R"({"id":"c1","model":"m-1","choices":[{"index":0,"finish_reason":")" + reason + R"(","message":)" + message +
         "}]" + more + "}";
}

llm::Reply reply_of(const std::string& body) {
  const Asked asked = complete(dialect, ask(), {.body = body});
  REQUIRE_MESSAGE(asked.reply.has_value(), to_string(asked.reply ? Error{} : asked.reply.error()));
  return *asked.reply;
}

std::string event(const std::string& json) {
  return "data: " + json + "\n\n";
}

std::string delta(const std::string& json, const std::string& reason = "null") {
  return event(R"({"id":"c1","model":"m-1","choices":[{"index":0,"delta":)" + json + R"(,"finish_reason":)" + reason +
               R"(}],"usage":null})");
}

const std::string usage_event = event(
    R"({"id":"c1","choices":[],"usage":{"prompt_tokens":17,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":16},)"
    R"("completion_tokens_details":{"reasoning_tokens":2}}})");

}  // namespace

TEST_CASE("an answer has its text, usage, ids and allowance") {
  const Asked asked = complete(
      dialect, ask(),
      {.body = chat(R"({"role":"assistant","content":"yes"})", "stop",
                    R"(,"usage":{"prompt_tokens":17,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":16,
                       "cache_write_tokens":1},"completion_tokens_details":{"reasoning_tokens":2}})"),
       .headers = {{"X-Request-Id", "req-1"},
                   {"x-ratelimit-remaining-requests", "59"},
                   {"x-ratelimit-remaining-tokens", "149984"},
                   {"x-ratelimit-reset-requests", "1s"},
                   {"x-ratelimit-reset-tokens", "6m0.5s"}}});
  REQUIRE(asked.reply.has_value());
  const llm::Reply& reply = *asked.reply;
  CHECK(reply.text == "yes");
  CHECK(reply.json.empty());
  CHECK(reply.finish == llm::Finish::stop);
  CHECK(reply.id == "c1");
  CHECK(reply.request_id == "req-1");
  CHECK(reply.provider == "openai");
  CHECK(reply.model == "m-1");
  CHECK(reply.attempts.empty());
  CHECK(reply.usage ==
        llm::Usage{.input = 17, .input_cached = 16, .input_cache_write = 1, .output = 5, .output_reasoning = 2});
  REQUIRE(reply.allowance);
  CHECK(*reply.allowance == llm::Allowance{59, 149'984, 149'984, milliseconds(1000), milliseconds(360'500)});
}

TEST_CASE("why a model stopped") {
  const std::string message = R"({"content":"x"})";
  CHECK(reply_of(chat(message, "length")).finish == llm::Finish::length);
  CHECK(reply_of(chat(message, "content_filter")).finish == llm::Finish::content_filter);
  CHECK(reply_of(chat(message, "something new")).finish == llm::Finish::other);
  const llm::Reply refused = reply_of(chat(R"({"content":null,"refusal":"I will not"})"));
  CHECK(refused.finish == llm::Finish::refusal);
  CHECK(refused.refusal == "I will not");
}

TEST_CASE("tool calls, also where the server says stop or writes the arguments as an object") {
  const llm::Reply reply = reply_of(chat(R"({"content":null,"tool_calls":[
    {"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},
    {"type":"function","function":{"name":"g","arguments":{"y":[2]}}},
    {"id":"c","type":"function","function":{"name":"h","arguments":""}}]})"));
  CHECK(reply.finish == llm::Finish::tool_calls);
  CHECK(reply.tool_calls ==
        std::vector<llm::ToolCall>{{"a", "f", R"({"x":1})"}, {"call_1", "g", R"({"y":[2]})"}, {"c", "h", "{}"}});
}

TEST_CASE("thinking of servers that show it, content in parts, more answers than one") {
  CHECK(reply_of(chat(R"({"content":"yes","reasoning_content":"hm"})")).thinking ==
        std::vector<llm::Thinking>{{"hm", ""}});
  const llm::Reply parts = reply_of(chat(
      R"({"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"ye"},{"type":"text","text":"s"}]})"));
  CHECK(parts.text == "yes");
  CHECK(parts.thinking.size() == 1);
  const llm::Reply two =
      reply_of(R"({"choices":[{"message":{"content":"a"},"finish_reason":"stop"},{"message":{"content":"b"}}]})");
  CHECK(two.text == "a");
  CHECK(two.warnings == std::vector<std::string>{"the first of 2 answers is taken"});
  CHECK(two.usage.estimated);
  CHECK(two.usage.output == 1);
  CHECK(two.usage.input > 0);
}

TEST_CASE("a stream is the same however its bytes are cut") {
  const std::string body = ": keep-alive\n\n" + delta(R"({"role":"assistant","content":null})") +
                           delta(R"({"content":"Größe "})") + delta(R"({"reasoning_content":"hm"})") +
                           delta(R"({"content":"\ud83d\ude00"})") + delta(R"({})", R"("stop")") + usage_event +
                           "data: [DONE]\n\n";
  const llm::Reply reply = check_stream(dialect, ask(), body);
  CHECK(reply.text == "Größe 😀");
  CHECK(reply.thinking == std::vector<llm::Thinking>{{"hm", ""}});
  CHECK(reply.finish == llm::Finish::stop);
  CHECK(reply.usage == llm::Usage{.input = 17, .input_cached = 16, .output = 5, .output_reasoning = 2});
}

TEST_CASE("streamed tool calls and refusals") {
  const std::string body =
      delta(R"({"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]})") +
      delta(R"({"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":"}}]})") +
      delta(R"({"tool_calls":[{"index":1,"id":"b","function":{"name":"g","arguments":""}}]})") +
      delta(R"({"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]})") + delta("{}", R"("tool_calls")") +
      "data: [DONE]\n\n";
  const llm::Reply reply = check_stream(dialect, ask(), body);
  CHECK(reply.tool_calls == std::vector<llm::ToolCall>{{"a", "f", R"({"x":1})"}, {"b", "g", "{}"}});
  CHECK(reply.usage.estimated);

  const llm::Reply refused =
      check_stream(dialect, ask(), delta(R"({"refusal":"I will "})") + delta(R"({"refusal":"not"})", R"("stop")"));
  CHECK(refused.finish == llm::Finish::refusal);
  CHECK(refused.refusal == "I will not");
}

TEST_CASE("an old llama.cpp puts usage into its last chunk and ends without [DONE]") {
  const llm::Reply reply = check_stream(
      dialect, ask(),
      delta(R"({"content":"yes"})") +
          event(
              R"({"choices":[{"delta":{},"finish_reason":"stop","index":0}],"usage":{"prompt_tokens":4,"completion_tokens":1}})"));
  CHECK(reply.text == "yes");
  CHECK(reply.usage == llm::Usage{.input = 4, .output = 1});
}

TEST_CASE("a server that does not stream is understood all the same") {
  const Asked asked = stream(dialect, ask(), {.body = chat(R"({"content":"yes"})")});
  REQUIRE(asked.reply.has_value());
  CHECK(asked.shown == "yes");
}

TEST_CASE("the end of a stream before its answer is an error; after it, the answer stands") {
  const Asked early = stream(dialect, ask(), {.body = delta(R"({"content":"ye"})")});
  REQUIRE_FALSE(early.reply.has_value());
  CHECK(early.reply.error().code == Errc::unavailable);
  CHECK(early.reply.error().service->sent);
  CHECK_FALSE(early.reply.error().service->retryable);

  const Asked nothing = stream(dialect, ask(), {.body = ""});
  CHECK(nothing.reply.error().service->retryable);
  CHECK(nothing.reply.error().service->sent);

  const Asked late =
      stream(dialect, ask(), {.body = delta(R"({"content":"yes"})", R"("stop")"), .broken = broken_connection()});
  REQUIRE(late.reply.has_value());
  CHECK(late.reply->usage.estimated);
}

TEST_CASE("the reader of a stream may stop it with an error of its own") {
  auto transport = std::make_shared<FakeTransport>(std::deque{Answered{.body = delta(R"({"content":"yes"})")}});
  const Error enough{Errc::conflict, "enough", "/here"};
  const auto reply =
      dialect(transport)->stream(ask(), [&](const llm::Delta&) -> Status { return tl::unexpected(enough); });
  CHECK(reply.error() == enough);
}

TEST_CASE("answers that are none") {
  for (const char* body : {"", "<html>", "{}", R"({"choices":[]})", R"({"choices":[{"finish_reason":"stop"}]})",
                           "[1,2]", R"({"choices":[{"message":{"content":"a"},"message":{"content":"b"}}]})"}) {
    const Error error = failure(dialect, ask(), {.body = body});
    CHECK(error.code == Errc::invalid_output);
    CHECK(error.message.starts_with("openai sent "));
    REQUIRE(error.service);
    CHECK(error.service->sent);
    CHECK_FALSE(error.service->retryable);
  }
  const Error stream_error = stream(dialect, ask(), {.body = "data: {\"choices\":\n\n"}).reply.error();
  CHECK(stream_error.code == Errc::invalid_output);
}

TEST_CASE("arguments of a tool have an end") {
  const std::string piece(100'000, 'x');
  std::string body = delta(R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":""}}]})");
  for (int i = 0; i < 11; ++i)
    body += delta(R"({"tool_calls":[{"index":0,"function":{"arguments":")" + piece + R"("}}]})");
  const Error error = stream(dialect, ask(), {.body = body}).reply.error();
  CHECK(error.code == Errc::invalid_output);
  CHECK(error.message.find("tool 'f'") != std::string::npos);
}
