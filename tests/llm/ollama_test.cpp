//! Ollama's chats and embeddings.
#include <persona/llm/ollama.hpp>

#include "dialect_check.hpp"

using namespace persona;
using namespace persona::dialect_testing;

namespace {

llm::Provider dialect(std::shared_ptr<http::Transport> transport) {
  return llm::ollama(std::move(transport), {});
}

llm::Provider tuned(std::shared_ptr<http::Transport> transport) {
  return llm::ollama(std::move(transport),
                     {.base_url = "http://gpu:11434", .keep_alive = "10m", .context_tokens = 8192});
}

std::string line(const std::string& message, const std::string& more = R"("done":false)") {
  return R"({"model":"m-1","created_at":"2026-11-21T12:00:00Z","message":)" + message + "," + more + "}";
}

const std::string done = R"("done":true,"done_reason":"stop","prompt_eval_count":17,"eval_count":5)";
const std::string yes = line(R"({"role":"assistant","content":"yes"})", done);

llm::Reply reply_of(const std::string& body) {
  const Asked asked = complete(dialect, ask(), {.body = body});
  REQUIRE_MESSAGE(asked.reply.has_value(), to_string(asked.reply ? Error{} : asked.reply.error()));
  return *asked.reply;
}

}  // namespace

TEST_CASE("a chat has all of the request, and is not cut off unseen") {
  llm::Request request = ask();
  request.messages = {llm::Message::system("Be brief"),
                      {llm::Role::user, {llm::Text{"What?"}, llm::Image{"image/png", "\x01\x02\x03", ""}}},
                      {llm::Role::assistant, {llm::Thinking{"hm", ""}, llm::ToolCall{"c1", "look", R"({"at":1})"}}},
                      llm::Message::tool({"c1", "a cat", false})};
  request.temperature = 0;
  request.top_p = 0.5;
  request.top_k = 40;
  request.seed = 7;
  request.max_output_tokens = 50;
  request.stop = {"END"};
  request.effort = llm::Effort::low;
  request.tools = {{"look", "Looks", ""}};
  request.json = llm::JsonFormat{R"({"type":"object"})"};
  request.extra = R"({"options":{"mirostat":1}})";
  const Asked asked = complete(tuned, request, {.body = yes});
  REQUIRE(asked.reply.has_value());
  CHECK_MESSAGE(same_json(asked.transport->last_body(), R"({
    "model": "m", "stream": false, "truncate": false, "keep_alive": "10m", "think": "low", "format": {"type": "object"},
    "messages": [{"role": "system", "content": "Be brief"}, {"role": "user", "content": "What?", "images": ["AQID"]},
      {"role": "assistant", "content": "", "thinking": "hm",
        "tool_calls": [{"function": {"name": "look", "arguments": {"at": 1}}}]},
      {"role": "tool", "tool_name": "look", "content": "a cat"}],
    "tools": [{"type": "function", "function": {"name": "look", "description": "Looks",
      "parameters": {"type": "object", "properties": {}}}}],
    "options": {"temperature": 0, "top_p": 0.5, "top_k": 40, "seed": 7, "num_predict": 50, "num_ctx": 8192,
      "stop": ["END"], "mirostat": 1}})"),
                asked.transport->last_body().dump());
  CHECK(asked.transport->last().url == "http://gpu:11434/api/chat");
  CHECK(asked.reply->provider == "ollama@gpu:11434");
  CHECK(complete(dialect, ask(), {.body = yes}).reply->provider == "ollama");
}

TEST_CASE("what Ollama does not have") {
  llm::Request request = ask();
  request.user = "u";
  request.effort = llm::Effort::maximum;
  CHECK(complete(dialect, request, {.body = yes}).reply->warnings.size() == 2);
  request = ask();
  request.messages[0].parts.emplace_back(llm::Image{"", "", "https://x/y.png"});
  CHECK(failure(dialect, request, {}).code == Errc::unsupported);
  request = ask();
  request.tools = {{"f", "", ""}};
  request.tool_use = llm::ToolUse::required;
  CHECK(failure(dialect, request, {}).code == Errc::unsupported);
  request.tool_use = llm::ToolUse::none;
  CHECK_FALSE(complete(dialect, request, {.body = yes}).transport->last_body().contains("tools"));
  request.json = llm::JsonFormat{R"({"type":"object"})", "answer", "Somebody"};
  CHECK(same_json(complete(dialect, request, {.body = yes}).transport->last_body()["format"],
                  R"({"type":"object","description":"Somebody"})"));
  request.json = llm::JsonFormat{};
  CHECK(complete(dialect, request, {.body = yes}).transport->last_body()["format"] == "json");
}

TEST_CASE("an answer, its calls, its thinking, its end") {
  const llm::Reply reply = reply_of(line(
      R"({"role":"assistant","content":"yes","thinking":"hm","tool_calls":[{"function":{"name":"f","arguments":{"x":1}}},{"id":"own","function":{"name":"g","arguments":{}}}]})",
      done));
  CHECK(reply.text == "yes");
  CHECK(reply.thinking == std::vector<llm::Thinking>{{"hm", ""}});
  CHECK(reply.tool_calls == std::vector<llm::ToolCall>{{"call_0", "f", R"({"x":1})"}, {"own", "g", "{}"}});
  CHECK(reply.finish == llm::Finish::tool_calls);
  CHECK(reply.usage == llm::Usage{.input = 17, .output = 5});
  CHECK(reply.model == "m-1");
  const std::string text = R"({"content":"x"})";
  CHECK(reply_of(line(text, R"("done":true,"done_reason":"length","prompt_eval_count":1,"eval_count":1)")).finish ==
        llm::Finish::length);
  CHECK(reply_of(line(text, R"("done":true,"done_reason":"load")")).finish == llm::Finish::other);
  CHECK(reply_of(line(text, R"("done":true,"eval_count":1)")).usage.estimated);
  CHECK(failure(dialect, ask(), {.body = "{}"}).code == Errc::invalid_output);
}

TEST_CASE("a stream of lines is the same however it is cut") {
  const std::string body = line(R"({"role":"assistant","content":"","thinking":"hm"})") + "\n" +
                           line(R"({"content":"Grö"})") + "\n" + line(R"({"content":"ße"})") + "\n\n" +
                           line(R"({"content":"","tool_calls":[{"function":{"name":"f","arguments":{"x":1}}}]})") +
                           "\n" + line(R"({"content":""})", done) + "\n";
  const llm::Reply reply = check_stream(dialect, ask(), body);
  CHECK(reply.text == "Größe");
  CHECK(reply.tool_calls == std::vector<llm::ToolCall>{{"call_0", "f", R"({"x":1})"}});
  CHECK(reply.finish == llm::Finish::tool_calls);
}

TEST_CASE("errors are one text, also as a line of a stream") {
  const auto code = [](int status, const std::string& text) {
    return failure(dialect, ask(), {.status = status, .body = R"({"error":")" + text + "\"}"}).code;
  };
  CHECK(code(404, "model 'm' not found") == Errc::not_found);
  CHECK(code(400, "the input length exceeds the context length") == Errc::context_too_long);
  CHECK(code(503, "server busy, please try again") == Errc::unavailable);
  CHECK(code(400, "m does not support tools") == Errc::invalid_argument);
  const Error first = stream(dialect, ask(),
                             {.body = R"({"error":"model runner stopped"})"
                                      "\n"})
                          .reply.error();
  CHECK(first.message == "ollama failed while it answered: model runner stopped");
  CHECK(first.service->retryable);
  const Error later =
      stream(dialect, ask(), {.body = line(R"({"content":"ye"})") + "\n" + R"({"error":"model runner stopped"})"})
          .reply.error();
  CHECK_FALSE(later.service->retryable);
  CHECK(stream(dialect, ask(), {.body = line(R"({"content":"ye"})") + "\n"}).reply.error().code == Errc::unavailable);
}

TEST_CASE("embeddings, not cut off unseen either") {
  const auto transport = std::make_shared<FakeTransport>(
      std::deque<Answered>{{.body = R"({"model":"e-1","embeddings":[[1,2],[3,4.5]],"prompt_eval_count":9})"},
                           {.body = R"({"embeddings":[[1]]})"}});
  const auto embeddings = tuned(transport)->embed({"e", {"a", "b"}, 2});
  REQUIRE(embeddings.has_value());
  CHECK(embeddings->vectors == std::vector<std::vector<float>>{{1, 2}, {3, 4.5F}});
  CHECK(embeddings->usage == llm::Usage{.input = 9});
  CHECK(transport->last().url == "http://gpu:11434/api/embed");
  CHECK(same_json(transport->last_body(),
                  R"({"model":"e","input":["a","b"],"truncate":false,"dimensions":2,"keep_alive":"10m"})"));
  CHECK(dialect(transport)->embed({"e", {"a", "b"}}).error().code == Errc::invalid_output);
  CHECK(dialect(transport)->count_tokens(ask()).error().code == Errc::unsupported);
}
