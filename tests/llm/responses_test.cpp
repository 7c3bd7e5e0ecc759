//! OpenAI's responses.
#include <persona/llm/openai.hpp>

#include "dialect_check.hpp"

using namespace persona;
using namespace persona::dialect_testing;

namespace {

llm::Provider dialect(std::shared_ptr<http::Transport> transport) {
  return llm::openai_responses(std::move(transport), {.key = Secret(canary)});
}

const std::string usage =
    R"({"input_tokens":17,"input_tokens_details":{"cached_tokens":16,"cache_write_tokens":1},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":22})";

std::string response(const std::string& output, const std::string& status = R"("completed")",
                     const std::string& more = "") {
  return R"({"id":"resp_1","object":"response","model":"m-1","status":)" + status + R"(,"error":null,"output":)" +
         output + R"(,"usage":)" + usage + more + "}";
}

std::string text_item(const std::string& text) {
  return R"({"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":")" + text +
         R"(","annotations":[]}]})";
}

const std::string reasoning_item =
    R"({"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"enc"})";
const std::string call_item =
    R"({"type":"function_call","id":"fc_1","call_id":"call_9","name":"f","arguments":"{\"x\":1}"})";

llm::Reply reply_of(const std::string& body) {
  const Asked asked = complete(dialect, ask(), {.body = body});
  REQUIRE_MESSAGE(asked.reply.has_value(), to_string(asked.reply ? Error{} : asked.reply.error()));
  return *asked.reply;
}

std::string event(const std::string& type, const std::string& rest) {
  return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + rest + "}\n\n";
}

}  // namespace

TEST_CASE("a response request has all of the request, and stores nothing") {
  llm::Request request = ask();
  request.messages = {
      llm::Message::system("Be brief"),
      {llm::Role::user, {llm::Text{"What?"}, llm::Image{"", "", "https://x/y.png"}}},
      {llm::Role::assistant, {llm::Thinking{"hm", "rs_1 enc"}, llm::Text{"Look"}, llm::ToolCall{"c1", "look", ""}}},
      llm::Message::tool({"c1", "a cat", false}),
      llm::Message::system("Now answer")};
  request.max_output_tokens = 50;
  request.temperature = 0.5;
  request.effort = llm::Effort::low;
  request.user = "u1";
  request.tools = {{"look", "Looks", ""}};
  request.tool_use = llm::ToolUse::named;
  request.tool_name = "look";
  request.json = llm::JsonFormat{R"({"type":"object","properties":{}})"};
  const Asked asked = complete(dialect, request, {.body = response("[" + text_item("yes") + "]")});
  REQUIRE(asked.reply.has_value());
  CHECK_MESSAGE(same_json(asked.transport->last_body(), R"({
    "model": "m", "instructions": "Be brief", "store": false,
    "input": [
      {"role": "user", "content": [{"type": "input_text", "text": "What?"},
        {"type": "input_image", "image_url": "https://x/y.png", "detail": "auto"}]},
      {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "hm"}], "encrypted_content": "enc"},
      {"role": "assistant", "content": "Look"},
      {"type": "function_call", "call_id": "c1", "name": "look", "arguments": "{}"},
      {"type": "function_call_output", "call_id": "c1", "output": "a cat"},
      {"role": "system", "content": "Now answer"}],
    "max_output_tokens": 50, "temperature": 0.5, "reasoning": {"effort": "low"}, "safety_identifier": "u1",
    "tools": [{"type": "function", "name": "look", "description": "Looks", "strict": false,
      "parameters": {"type": "object", "properties": {}}}],
    "tool_choice": {"type": "function", "name": "look"},
    "text": {"format": {"type": "json_schema", "name": "answer", "strict": true,
      "schema": {"type": "object", "properties": {}, "required": [], "additionalProperties": false}}}})"),
                asked.transport->last_body().dump());
  CHECK(asked.transport->last().url == "https://api.openai.com/v1/responses");
}

TEST_CASE("what responses do not have") {
  llm::Request request = ask();
  request.seed = 1;
  request.top_k = 2;
  request.messages.push_back({llm::Role::assistant, {llm::Thinking{"of another", ""}, llm::Text{"x"}}});
  CHECK(complete(dialect, request, {.body = response("[]")}).reply->warnings.size() == 3);
  request.stop = {"END"};
  CHECK(failure(dialect, request, {}).code == Errc::unsupported);
}

TEST_CASE("an answer of every kind of item") {
  const llm::Reply reply = reply_of(
      response("[" + reasoning_item + "," + text_item("yes") + "," + call_item + R"(,{"type":"web_search_call"}])"));
  CHECK(reply.text == "yes");
  CHECK(reply.thinking == std::vector<llm::Thinking>{{"hm", "rs_1 enc"}});
  CHECK(reply.tool_calls == std::vector<llm::ToolCall>{{"call_9", "f", R"({"x":1})"}});
  CHECK(reply.finish == llm::Finish::tool_calls);
  CHECK(reply.usage ==
        llm::Usage{.input = 17, .input_cached = 16, .input_cache_write = 1, .output = 5, .output_reasoning = 2});
  CHECK(reply.warnings == std::vector<std::string>{"an item of the kind 'web_search_call' is left out"});
  CHECK(reply.id == "resp_1");
  CHECK(reply.model == "m-1");
}

TEST_CASE("how a response ended") {
  const std::string text = "[" + text_item("x") + "]";
  CHECK(reply_of(response(text)).finish == llm::Finish::stop);
  CHECK(reply_of(response(text, R"("incomplete","incomplete_details":{"reason":"max_output_tokens"})")).finish ==
        llm::Finish::length);
  CHECK(reply_of(response(text, R"("incomplete","incomplete_details":{"reason":"content_filter"})")).finish ==
        llm::Finish::content_filter);
  const llm::Reply refused =
      reply_of(response(R"([{"type":"message","content":[{"type":"refusal","refusal":"I will not"}]}])"));
  CHECK(refused.finish == llm::Finish::refusal);
  CHECK(refused.refusal == "I will not");
  CHECK(failure(dialect, ask(), {.body = R"({"id":"x"})"}).code == Errc::invalid_output);
}

TEST_CASE("a stream of events is the same however it is cut, and as the whole answer") {
  const std::string output = "[" + reasoning_item + "," + text_item("Größe") + "," + call_item + "]";
  const std::string body =
      event("response.created", R"("response":)" + response("[]", R"("in_progress")")) +
      event("response.output_item.added", R"("output_index":0,"item":{"type":"reasoning","id":"rs_1","summary":[]})") +
      event("response.reasoning_summary_text.delta", R"("output_index":0,"delta":"h")") +
      event("response.reasoning_summary_text.delta", R"("output_index":0,"delta":"m")") +
      event("response.output_item.done", R"("output_index":0,"item":)" + reasoning_item) +
      event("response.output_item.added", R"("output_index":1,"item":{"type":"message","content":[]})") +
      event("response.output_text.delta", R"("output_index":1,"delta":"Grö")") +
      event("response.output_text.delta", R"("output_index":1,"delta":"ße")") +
      event("response.output_text.done", R"("output_index":1,"text":"Größe")") +
      event("response.output_item.done", R"("output_index":1,"item":)" + text_item("Größe")) +
      event("response.output_item.added",
            R"("output_index":2,"item":{"type":"function_call","call_id":"call_9","name":"f","arguments":""})") +
      event("response.function_call_arguments.delta", R"("output_index":2,"delta":"{\"x\":1}")") +
      event("response.output_item.done", R"("output_index":2,"item":)" + call_item) +
      event("response.completed", R"("response":)" + response(output));
  const llm::Reply streamed = check_stream(dialect, ask(), body);
  CHECK(essence(streamed) == essence(reply_of(response(output))));
}

TEST_CASE("a stream without pieces shows its items whole, once") {
  const std::string output = "[" + reasoning_item + "," + text_item("yes") + "," + call_item + "]";
  const Asked last = stream(dialect, ask(), {.body = event("response.completed", R"("response":)" + response(output))});
  CHECK(last.shown == "yes");
  CHECK(essence(*last.reply) == essence(reply_of(response(output))));
  const Asked items =
      stream(dialect, ask(),
             {.body = event("response.output_item.done", R"("output_index":0,"item":)" + text_item("yes")) +
                      event("response.completed", R"("response":)" + response("[" + text_item("yes") + "]"))});
  CHECK(items.reply->text == "yes");
}

TEST_CASE("a response fails in several ways") {
  const Error failed =
      stream(dialect, ask(),
             {.body =
                  event("response.failed",
                        R"("response":{"id":"r","status":"failed","error":{"code":"server_error","message":"oops"}})")})
          .reply.error();
  CHECK(failed.code == Errc::unavailable);
  CHECK(failed.service->retryable);
  CHECK(failed.message == "openai failed while it answered: oops");
  const Error flat = stream(dialect, ask(),
                            {.body = event("error", R"("code":"rate_limit_exceeded","message":"slower","param":null)")})
                         .reply.error();
  CHECK(flat.code == Errc::rate_limited);
  CHECK(flat.service->type == "rate_limit_exceeded");
  const Error whole = failure(
      dialect, ask(),
      {.body =
           R"({"id":"r","status":"failed","error":{"code":"rate_limit_exceeded","message":"slower"},"output":[]})"});
  CHECK(whole.code == Errc::rate_limited);
  const Error cut =
      stream(dialect, ask(), {.body = event("response.output_text.delta", R"("output_index":0,"delta":"ye")")})
          .reply.error();
  CHECK(cut.code == Errc::unavailable);
  CHECK_FALSE(cut.service->retryable);
}
