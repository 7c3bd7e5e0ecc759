//! What OpenAI and servers like it fail with, and what that means.
#include <persona/llm/openai.hpp>

#include "dialect_check.hpp"

using namespace persona;
using namespace persona::dialect_testing;
using std::chrono::milliseconds;

namespace {

llm::Provider dialect(std::shared_ptr<http::Transport> transport) {
  return llm::openai(std::move(transport), {.key = Secret(canary)});
}

std::string document(const std::string& message, const std::string& type = "", const std::string& code = "null") {
  return R"({"error":{"message":")" + message + R"(","type":")" + type + R"(","param":null,"code":)" + code + "}}";
}

struct Meaning {
  int status;
  std::string body;
  Errc code;
  bool retryable;
};

}  // namespace

TEST_CASE("statuses and words have one meaning each") {
  const std::vector<Meaning> meanings{
      {400, document("bad"), Errc::invalid_argument, false},
      {401, document("no key", "invalid_request_error", "\"invalid_api_key\""), Errc::unauthenticated, false},
      {403, document("not yours"), Errc::permission_denied, false},
      {404, document("no such model", "", "\"model_not_found\""), Errc::not_found, false},
      {408, document("slow"), Errc::unavailable, true},
      {409, document("locked"), Errc::unavailable, true},
      {413, document("large"), Errc::context_too_long, false},
      {422, R"({"detail":"wrong"})", Errc::invalid_argument, false},
      {429, document("slower", "requests", "\"rate_limit_exceeded\""), Errc::rate_limited, true},
      {429, document("pay", "insufficient_quota", "\"insufficient_quota\""), Errc::quota_exceeded, false},
      {429, document("pay", "insufficient_quota"), Errc::quota_exceeded, false},
      {429,
       document("Request too large for m on tokens per min (TPM): Limit 1, Requested 2", "tokens",
                "\"rate_limit_exceeded\""),
       Errc::rate_limited, false},
      {500, document("oops", "server_error"), Errc::unavailable, true},
      {501, document("start with --embeddings"), Errc::unsupported, false},
      {502, "<html>bad gateway</html>", Errc::unavailable, true},
      {503, "", Errc::unavailable, true},
      {529, document("Overloaded", "overloaded_error"), Errc::unavailable, true},
      {400, document("too long", "invalid_request_error", "\"context_length_exceeded\""), Errc::context_too_long,
       false},
      {400, document("This model's maximum context length is 8192 tokens", "BadRequestError", "400"),
       Errc::context_too_long, false},
      {400, document("the request exceeds the available context size", "exceed_context_size_error", "400"),
       Errc::context_too_long, false},
      {400, document("flagged", "invalid_request_error", "\"content_policy_violation\""), Errc::refused, false},
      {400, document("The response was filtered", "", "\"content_filter\""), Errc::refused, false},
      {500, document("[json.exception.parse_error.101] parse error at line 1", "server_error", "500"),
       Errc::invalid_argument, false},
      {400, R"({"object":"error","message":"old vLLM","type":"BadRequestError","code":400})", Errc::invalid_argument,
       false},
      {400, R"({"error":"only a text"})", Errc::invalid_argument, false},
  };
  for (const Meaning& meaning : meanings) {
    CAPTURE(meaning.status);
    CAPTURE(meaning.body);
    const Error error = failure(dialect, ask(), {.status = meaning.status, .body = meaning.body});
    CHECK(to_string(error.code) == to_string(meaning.code));
    REQUIRE(error.service);
    CHECK(error.service->retryable == meaning.retryable);
    CHECK(error.service->status == meaning.status);
    CHECK(error.message.starts_with("openai answered " + std::to_string(meaning.status)));
  }
}

TEST_CASE("an error tells what the service said, and for whom to ask about it") {
  const Error error = failure(dialect, ask(),
                              {.status = 429,
                               .body = document("slower", "requests", "\"rate_limit_exceeded\""),
                               .headers = {{"x-request-id", "req-9"}, {"Retry-After", "2"}}});
  CHECK(error.message == "openai answered 429: slower");
  CHECK(error.service->type == "rate_limit_exceeded");
  CHECK(error.service->request_id == "req-9");
  CHECK(error.service->retry_after == milliseconds(2000));
  CHECK_FALSE(error.service->sent);
}

TEST_CASE("the server's advice on trying again is taken") {
  const auto advised = [](int status, const std::string& advice) {
    return failure(dialect, ask(), {.status = status, .body = document("x"), .headers = {{"x-should-retry", advice}}})
        .service->retryable;
  };
  CHECK(advised(400, "true"));
  CHECK_FALSE(advised(500, "false"));
  CHECK(advised(500, "perhaps"));
}

TEST_CASE("a key that the server repeats is not shown") {
  const std::string body = document(std::string("Incorrect API key provided: ") + canary, canary);
  const Error error = failure(dialect, ask(), {.status = 401, .body = body, .headers = {{"x-request-id", canary}}});
  CHECK(error.message.find("***") != std::string::npos);
  CHECK_FALSE(stream(dialect, ask(), {.body = "data: " + body + "\n\n"}).reply.has_value());
}

TEST_CASE("errors inside an answer that began well") {
  const Error whole = failure(dialect, ask(), {.body = document("slower", "", "429")});
  CHECK(whole.code == Errc::rate_limited);
  CHECK(whole.message == "openai failed while it answered: slower");
  CHECK(whole.service->retryable);
  CHECK(whole.service->sent);

  const std::string begun = R"(data: {"choices":[{"index":0,"delta":{"content":"ye"}}]})"
                            "\n\n";
  const std::string oops = document("oops", "server_error");
  for (const std::string& rest : {"data: " + oops + "\n\n", "event: error\ndata: " + oops + "\n\n", oops}) {
    const Error before = stream(dialect, ask(), {.body = rest}).reply.error();
    CHECK(before.code == Errc::unavailable);
    CHECK(before.service->retryable);
    CHECK(before.service->sent);
    const Error after = stream(dialect, ask(), {.body = begun + rest}).reply.error();
    CHECK(after.message == "openai failed while it answered: oops");
    CHECK_FALSE(after.service->retryable);
    CHECK(after.service->sent);
  }
}

TEST_CASE("what the transport met is told, and whether it helps to try again") {
  Error broken = broken_connection();
  const Asked asked = complete(dialect, ask(), {.status = 0, .broken = broken});
  CHECK(asked.reply.error().message == "openai: the connection was closed");
  CHECK(asked.reply.error().service->retryable);
  CHECK(asked.reply.error().service->sent);
  const Error url{Errc::invalid_argument, "not a URL", ""};
  CHECK_FALSE(complete(dialect, ask(), {.status = 0, .broken = url}).reply.error().service->retryable);
}

TEST_CASE("a stop or deadline is seen before anything is sent") {
  auto transport = std::make_shared<FakeTransport>();
  std::stop_source stop;
  stop.request_stop();
  CHECK(dialect(transport)->complete(ask(), {.stop = stop.get_token()}).error().code == Errc::cancelled);
  const Context late{.deadline = std::chrono::steady_clock::now() - milliseconds(1)};
  CHECK(dialect(transport)->stream(ask(), {}, late).error().code == Errc::deadline_exceeded);
  CHECK(dialect(transport)->embed({"m", {"x"}}, late).error().code == Errc::deadline_exceeded);
  CHECK(transport->requests().empty());
}
