//! Gemini's content, embeddings, counts and errors.
#include <persona/llm/gemini.hpp>

#include "dialect_check.hpp"

using namespace persona;
using namespace persona::dialect_testing;
using std::chrono::milliseconds;

namespace {

llm::Provider dialect(std::shared_ptr<http::Transport> transport) {
  return llm::gemini(std::move(transport), {.key = Secret(canary)});
}

std::string content(
    const std::string& parts, const std::string& reason = R"("STOP")",
    const std::string& usage =
        R"({"promptTokenCount":17,"cachedContentTokenCount":16,"candidatesTokenCount":3,"thoughtsTokenCount":2,"totalTokenCount":22})") {
  return R"({"candidates":[{"content":{"role":"model","parts":)" + parts + R"(},"finishReason":)" + reason +
         R"(,"index":0}],"usageMetadata":)" + usage + R"(,"modelVersion":"g-1","responseId":"r1"})";
}

llm::Reply reply_of(const std::string& body) {
  const Asked asked = complete(dialect, ask(), {.body = body});
  REQUIRE_MESSAGE(asked.reply.has_value(), to_string(asked.reply ? Error{} : asked.reply.error()));
  return *asked.reply;
}

std::string event(const std::string& json) {
  return "data: " + json + "\r\n\r\n";
}

const std::string yes = content(R"([{"text":"yes"}])");

}  // namespace

TEST_CASE("a content request has all of the request, and the key in a header alone") {
  llm::Request request = ask("x", "gemini-3-pro");
  request.messages = {
      llm::Message::system("Be brief"),
      {llm::Role::user,
       {llm::Text{"What?"}, llm::Image{"image/png", "\x01\x02\x03", ""}, llm::Image{"image/png", "", "https://x/y"}}},
      {llm::Role::assistant,
       {llm::Thinking{"hm", "sig"}, llm::ToolCall{"c1", "look", R"({"at":1})"}, llm::ToolCall{"c2", "look", ""}}},
      llm::Message::tool({"c1", "a cat", false}),
      llm::Message::tool({"c2", "broken", true}),
      llm::Message::user("And?")};
  request.temperature = 2;
  request.top_p = 0.5;
  request.top_k = 40;
  request.seed = 7;
  request.max_output_tokens = 50;
  request.stop = {"END"};
  request.effort = llm::Effort::low;
  request.tools = {{"look", "Looks", ""}};
  request.tool_use = llm::ToolUse::named;
  request.tool_name = "look";
  request.json =
      llm::JsonFormat{R"({"type":"object","properties":{"a":{"type":"integer"}},"additionalProperties":false})"};
  request.extra = R"({"generationConfig":{"candidateCount":1}})";
  const Asked asked = complete(dialect, request, {.body = yes});
  REQUIRE_MESSAGE(asked.reply.has_value(), to_string(asked.reply ? Error{} : asked.reply.error()));
  CHECK_MESSAGE(same_json(asked.transport->last_body(), R"({
    "systemInstruction": {"parts": [{"text": "Be brief"}]},
    "contents": [
      {"role": "user", "parts": [{"text": "What?"}, {"inlineData": {"mimeType": "image/png", "data": "AQID"}},
        {"fileData": {"fileUri": "https://x/y", "mimeType": "image/png"}}]},
      {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {"at": 1}}, "thoughtSignature": "sig"},
        {"functionCall": {"name": "look", "args": {}}}]},
      {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {"output": "a cat"}}},
        {"functionResponse": {"name": "look", "response": {"error": "broken"}}}, {"text": "And?"}]}],
    "generationConfig": {"temperature": 2, "topP": 0.5, "topK": 40, "maxOutputTokens": 50, "stopSequences": ["END"], "seed": 7,
      "responseMimeType": "application/json", "candidateCount": 1, "thinkingConfig": {"thinkingLevel": "low"},
      "responseJsonSchema": {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": false}},
    "tools": [{"functionDeclarations": [{"name": "look", "description": "Looks",
      "parametersJsonSchema": {"type": "object", "properties": {}}}]}],
    "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["look"]}}})"),
                asked.transport->last_body().dump());
  const http::Request& sent = asked.transport->last();
  CHECK(sent.url == "https://generativelanguage.googleapis.com/v1beta/models/gemini-3-pro:generateContent");
  CHECK(sent.secrets[0].name == "x-goog-api-key");
  CHECK(stream(dialect, ask("x", "tunedModels/mine"), {.body = event(yes)}).transport->last().url ==
        "https://generativelanguage.googleapis.com/v1beta/tunedModels/mine:streamGenerateContent?alt=sse");
}

TEST_CASE("what Gemini does not have, and how hard it thinks") {
  llm::Request request = ask("x", "gemini-2.5-flash");
  request.user = "u";
  request.effort = llm::Effort::none;
  const Asked old = complete(dialect, request, {.body = yes});
  CHECK(old.transport->last_body()["generationConfig"]["thinkingConfig"]["thinkingBudget"] == 0);
  CHECK(old.reply->warnings.size() == 1);
  request.model = "gemini-3-flash";
  const Asked current = complete(dialect, request, {.body = yes});
  CHECK(current.transport->last_body()["generationConfig"]["thinkingConfig"]["thinkingLevel"] == "minimal");
  CHECK(current.reply->warnings.size() == 2);
  request.messages.push_back(llm::Message::tool({"nobody", "x", false}));
  CHECK(failure(dialect, request, {}).path == "/messages/1/parts/0");
}

TEST_CASE("an answer of every kind of part") {
  const llm::Reply reply = reply_of(content(R"([{"text":"hm","thought":true},{"text":"ye"},{"text":"s"},
    {"functionCall":{"name":"f","args":{"x":1}},"thoughtSignature":"sig"},{"functionCall":{"id":"own","name":"g"}},{"executableCode":{"code":"1"}}])"));
  CHECK(reply.text == "yes");
  CHECK(reply.thinking == std::vector<llm::Thinking>{{"hm", "sig"}});
  CHECK(reply.tool_calls == std::vector<llm::ToolCall>{{"call_0", "f", R"({"x":1})"}, {"own", "g", "{}"}});
  CHECK(reply.finish == llm::Finish::tool_calls);
  CHECK(reply.usage == llm::Usage{.input = 17, .input_cached = 16, .output = 5, .output_reasoning = 2});
  CHECK(reply.warnings == std::vector<std::string>{"a part of the kind 'executableCode' is left out"});
  CHECK(reply.id == "r1");
  CHECK(reply.model == "g-1");
}

TEST_CASE("why Gemini stopped") {
  const std::string text = R"([{"text":"x"}])";
  CHECK(reply_of(content(text, R"("MAX_TOKENS")")).finish == llm::Finish::length);
  for (const char* reason : {"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"}) {
    CHECK(reply_of(content(text, '"' + std::string(reason) + '"')).finish == llm::Finish::content_filter);
  }
  const llm::Reply malformed = reply_of(content(text, R"("MALFORMED_FUNCTION_CALL")"));
  CHECK(malformed.finish == llm::Finish::other);
  CHECK(malformed.warnings.size() == 1);
  const llm::Reply empty =
      reply_of(R"({"candidates":[{"finishReason":"SAFETY","index":0}],"usageMetadata":{"promptTokenCount":3}})");
  CHECK(empty.finish == llm::Finish::content_filter);
  CHECK(empty.text.empty());
  const llm::Reply blocked =
      reply_of(R"({"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":3}})");
  CHECK(blocked.finish == llm::Finish::content_filter);
  CHECK(blocked.refusal == "the prompt was blocked: SAFETY");
  CHECK(failure(dialect, ask(), {.body = "{}"}).code == Errc::invalid_output);
}

TEST_CASE("a stream is the same however it is cut, and as the whole answer") {
  const std::string none = R"({"promptTokenCount":17,"candidatesTokenCount":1})";
  const std::string body =
      event(content(R"([{"text":"h","thought":true}])", "null", none)) +
      event(content(R"([{"text":"m","thought":true}])", "null", none)) +
      event(content(R"([{"text":"Grö"}])", "null", none)) + event(content(R"([{"text":"ße"}])", "null", none)) +
      event(content(R"([{"functionCall":{"name":"f","args":{"x":1}},"thoughtSignature":"s"}])", "null", none)) +
      event(content(R"([{"text":""}])"));
  const llm::Reply reply = check_stream(dialect, ask(), body);
  CHECK(reply.text == "Größe");
  CHECK(reply.tool_calls.size() == 1);
  CHECK(reply.usage.output == 5);
  CHECK(reply.finish == llm::Finish::tool_calls);
}

TEST_CASE("a bare error in the middle of a stream is an error") {
  const std::string bare =
      "{\n  \"error\": {\n    \"code\": 503,\n    \"message\": \"The model is overloaded\",\n    \"status\": "
      "\"UNAVAILABLE\"\n  }\n}\n";
  for (const std::string& text :
       {bare, "[" + bare + "]",
        "data: " + bare.substr(0, 1) +
            R"("error":{"code":503,"message":"The model is overloaded","status":"UNAVAILABLE"}})"
            "\n\n"}) {
    CAPTURE(text);
    for (std::size_t cut = 1; cut < 40; ++cut) {
      const Error after =
          stream(dialect, ask(), {.body = event(content(R"([{"text":"ye"}])", "null")) + text, .cut = cut})
              .reply.error();
      REQUIRE(after.message == "gemini failed while it answered: The model is overloaded");
      CHECK(after.code == Errc::unavailable);
      CHECK(after.service->status == 503);
      CHECK_FALSE(after.service->retryable);
    }
    CHECK(stream(dialect, ask(), {.body = text}).reply.error().service->retryable);
  }
  const Error other =
      stream(dialect, ask(), {.body = event(content(R"([{"text":"ye"}])", "null")) + "{\"hello\": 1}"}).reply.error();
  CHECK(other.code == Errc::invalid_output);
}

TEST_CASE("when to try again stands in the body") {
  const std::string limited = R"([{"error":{"code":429,"message":"slower","status":"RESOURCE_EXHAUSTED","details":[
    {"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateRequestsPerMinutePerProjectPerModel"}]},
    {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"22.5s"}]}}])";
  const Error minute = failure(dialect, ask(), {.status = 429, .body = limited});
  CHECK(minute.code == Errc::rate_limited);
  CHECK(minute.service->retryable);
  CHECK(minute.service->retry_after == milliseconds(22'500));
  CHECK(minute.service->type == "RESOURCE_EXHAUSTED");
  std::string day = limited;
  day.replace(day.find("PerMinute"), 9, "PerDay");
  const Error exhausted = failure(dialect, ask(), {.status = 429, .body = day});
  CHECK(exhausted.code == Errc::quota_exceeded);
  CHECK_FALSE(exhausted.service->retryable);
}

TEST_CASE("words of Google") {
  const auto code = [](int status, const std::string& word, const std::string& message = "why",
                       const std::string& details = "[]") {
    return failure(dialect, ask(),
                   {.status = status,
                    .body = R"({"error":{"code":)" + std::to_string(status) + R"(,"message":")" + message +
                            R"(","status":")" + word + R"(","details":)" + details + "}}"})
        .code;
  };
  CHECK(code(400, "INVALID_ARGUMENT") == Errc::invalid_argument);
  CHECK(code(400, "INVALID_ARGUMENT", "API key not valid",
             R"([{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}])") ==
        Errc::unauthenticated);
  CHECK(code(400, "INVALID_ARGUMENT", "The input token count (9) exceeds the maximum number of tokens allowed (8)") ==
        Errc::context_too_long);
  CHECK(code(403, "PERMISSION_DENIED") == Errc::permission_denied);
  CHECK(code(404, "NOT_FOUND") == Errc::not_found);
  CHECK(code(500, "INTERNAL") == Errc::unavailable);
  CHECK(code(504, "DEADLINE_EXCEEDED") == Errc::unavailable);
}

TEST_CASE("embeddings in batches of a hundred; tokens counted with tools and system") {
  const auto list = [](int count) {
    std::string values;
    for (int i = 0; i < count; ++i)
      values += std::string(i > 0 ? "," : "") + R"({"values":[)" + std::to_string(i) + ",1]}";
    return Answered{.body = R"({"embeddings":[)" + values + "]}"};
  };
  const auto transport = std::make_shared<FakeTransport>(
      std::deque<Answered>{list(100), list(50), list(1), {.body = R"({"totalTokens":31})"}});
  const auto embeddings = dialect(transport)->embed({"e", std::vector<std::string>(150, "abc"), 2});
  REQUIRE(embeddings.has_value());
  CHECK(embeddings->vectors.size() == 150);
  CHECK(embeddings->vectors[149] == std::vector<float>{49, 1});
  CHECK(embeddings->usage == llm::Usage{.input = 150, .estimated = true});
  REQUIRE(dialect(transport)->embed({"e", {"a"}, 2}).has_value());
  CHECK(transport->last().url.ends_with("/models/e:batchEmbedContents"));
  CHECK(
      same_json(transport->last_body(),
                R"({"requests":[{"model":"models/e","content":{"parts":[{"text":"a"}]},"outputDimensionality":2}]})"));
  llm::Request request = ask("x", "g");
  request.messages.insert(request.messages.begin(), llm::Message::system("s"));
  CHECK(dialect(transport)->count_tokens(request) == 31);
  CHECK(transport->last().url.ends_with("/models/g:countTokens"));
  CHECK(same_json(transport->last_body(), R"({"generateContentRequest":{"model":"models/g",
    "contents":[{"role":"user","parts":[{"text":"x"}]}],"systemInstruction":{"parts":[{"text":"s"}]}}})"));
}
