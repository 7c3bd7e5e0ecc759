//! Batches at OpenAI.
#include <persona/llm/openai.hpp>

#include "dialect_check.hpp"

using namespace persona;
using namespace persona::dialect_testing;
using llm::OpenAIBatches;

namespace {

const std::string in_progress =
    R"({"id":"batch_1","object":"batch","status":"in_progress","request_counts":{"total":2,"completed":1,"failed":0}})";

std::shared_ptr<FakeTransport> transport_of(std::deque<Answered> script) {
  return std::make_shared<FakeTransport>(std::move(script));
}

OpenAIBatches batches(std::shared_ptr<http::Transport> transport) {
  return {std::move(transport), {.key = Secret(canary)}};
}

}  // namespace

TEST_CASE("a batch goes up as a file of lines and is ordered") {
  const auto transport = transport_of({{.body = R"({"id":"file-1"})"}, {.body = in_progress}});
  std::vector<OpenAIBatches::Item> items{{"first", ask("one")}, {"second", ask("two")}};
  items[1].request.top_k = 3;
  const auto state = batches(transport).submit(items);
  REQUIRE(state.has_value());
  CHECK(state->id == "batch_1");
  CHECK(state->total == 2);
  CHECK(state->completed == 1);
  CHECK_FALSE(state->is_over());
  CHECK(state->warnings == std::vector<std::string>{"'second': chat completions have no top_k"});

  const http::Request& upload = transport->requests()[0];
  CHECK(upload.url == "https://api.openai.com/v1/files");
  CHECK(http::header(upload.headers, "content-type") == "multipart/form-data; boundary=persona-form");
  CHECK(
      upload.body ==
      "--persona-form\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n"
      "--persona-form\r\nContent-Disposition: form-data; name=\"file\"; filename=\"requests.jsonl\"\r\n"
      "Content-Type: application/jsonl\r\n\r\n"
      R"({"custom_id":"first","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"one"}]}})"
      "\n"
      R"({"custom_id":"second","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"two"}]}})"
      "\n\r\n--persona-form--\r\n");
  CHECK(same_json(transport->last_body(),
                  R"({"input_file_id":"file-1","endpoint":"/v1/chat/completions","completion_window":"24h"})"));
}

TEST_CASE("the boundary of the form is not in the file") {
  const auto transport = transport_of({{.body = R"({"id":"file-1"})"}, {.body = in_progress}});
  const std::vector<OpenAIBatches::Item> items{{"a", ask("--persona-form")}};
  REQUIRE(batches(transport).submit(items).has_value());
  CHECK(http::header(transport->requests()[0].headers, "content-type") ==
        "multipart/form-data; boundary=persona-form-0");
}

TEST_CASE("answers are matched by id, failures are answers too") {
  const std::string output =
      R"({"custom_id":"b","response":{"status_code":200,"request_id":"r1","body":{"id":"c","model":"m","choices":[)"
      R"({"message":{"content":"two"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}},"error":null})"
      "\n"
      R"({"custom_id":"c","response":{"status_code":429,"body":{"error":{"message":"slower","code":"rate_limit_exceeded"}}}})";
  const std::string errors =
      "\n"
      R"({"custom_id":"a","response":null,"error":{"code":"batch_expired","message":"too late"}})"
      "\n";
  const auto files = transport_of({{.body = output}, {.body = errors}});
  const auto answers =
      batches(files).answers({.id = "batch_1", .status = "expired", .output_file = "out", .error_file = "err"});
  REQUIRE_MESSAGE(answers.has_value(), to_string(answers ? Error{} : answers.error()));
  REQUIRE(answers->size() == 3);
  CHECK((*answers)[0].id == "b");
  CHECK((*answers)[0].reply->text == "two");
  CHECK((*answers)[0].reply->usage == llm::Usage{.input = 1, .output = 2});
  CHECK((*answers)[0].reply->request_id == "r1");
  CHECK((*answers)[1].id == "c");
  CHECK((*answers)[1].reply.error().code == Errc::rate_limited);
  CHECK((*answers)[2].id == "a");
  CHECK((*answers)[2].reply.error().code == Errc::deadline_exceeded);
  CHECK((*answers)[2].reply.error().message == "openai failed while it answered: too late");
  CHECK(files->requests()[0].url == "https://api.openai.com/v1/files/out/content");
  CHECK(files->requests()[0].method == "GET");
  CHECK(files->requests()[1].url == "https://api.openai.com/v1/files/err/content");
}

TEST_CASE("a batch is found, cancelled, and waited for") {
  const auto transport = transport_of({{.body = in_progress}, {.body = R"({"id":"batch_1","status":"cancelling"})"}});
  CHECK(batches(transport).find("batch_1")->status == "in_progress");
  CHECK(transport->last().method == "GET");
  CHECK(transport->last().url == "https://api.openai.com/v1/batches/batch_1");
  CHECK(batches(transport).cancel("batch/1")->status == "cancelling");
  CHECK(transport->last().method == "POST");
  CHECK(transport->last().url == "https://api.openai.com/v1/batches/batch%2F1/cancel");
  CHECK(batches(transport).answers({.id = "batch_1", .status = "cancelling"}).error().code == Errc::conflict);
}

TEST_CASE("why a batch failed as a whole") {
  const auto transport = transport_of(
      {{.body =
            R"({"id":"b","status":"failed","errors":{"data":[{"code":"x","message":"bad","line":2},{"message":"worse"}]}})"}});
  CHECK(batches(transport).find("b")->errors == std::vector<std::string>{"line 2: bad", "worse"});
}

TEST_CASE("a wrong batch is not sent") {
  const auto refused = [](const std::vector<OpenAIBatches::Item>& items) {
    const auto transport = transport_of({});
    const auto state = batches(transport).submit(items);
    CHECK(transport->requests().empty());
    REQUIRE_FALSE(state.has_value());
    CHECK(state.error().code == Errc::invalid_argument);
    return state.error().path;
  };
  CHECK(refused({}).empty());
  CHECK(refused({{"a", ask()}, {"a", ask()}}) == "/1/id");
  CHECK(refused({{"", ask()}}) == "/0/id");
  llm::Request nameless = ask();
  nameless.model.clear();
  CHECK(refused({{"a", ask()}, {"b", nameless}}) == "/1/request/model");
  CHECK(refused(std::vector<OpenAIBatches::Item>(50'001)).empty());
  CHECK(refused({{"a", ask(std::string(100'000'000, 'x'))}, {"b", ask(std::string(100'000'000, 'x'))}}).empty());
}
