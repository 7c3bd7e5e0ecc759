//! What every dialect's tests do: ask once, stream a body cut everywhere, look for the key.
#pragma once

#include "fake_transport.hpp"

#include <persona/llm/provider.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace persona::dialect_testing {

using testing::Answered;
using testing::broken_connection;
using testing::FakeTransport;

inline constexpr const char* canary = "canary-5a17e9-never-show-this";

//! A provider that speaks to a script.
using MakeDialect = std::function<llm::Provider(std::shared_ptr<http::Transport>)>;

struct Asked {
  std::shared_ptr<FakeTransport> transport;
  Result<llm::Reply> reply;
  std::string shown = {};      //!< text of a stream
  std::string thought = {};    //!< its thinking
  std::string arguments = {};  //!< of all its tool calls, joined
};

inline void check_no_key(const Asked& asked) {
  for (const http::Request& request : asked.transport->requests()) {
    CHECK(request.body.find(canary) == std::string::npos);
    CHECK(request.url.find(canary) == std::string::npos);
    for (const auto& header : request.headers) CHECK(header.value.find(canary) == std::string::npos);
  }
  if (asked.reply) return;
  const Error& error = asked.reply.error();
  CHECK(to_string(error).find(canary) == std::string::npos);
  if (error.service) CHECK((error.service->type + error.service->request_id).find(canary) == std::string::npos);
}

inline Asked complete(const MakeDialect& make, const llm::Request& request, Answered answer) {
  auto transport = std::make_shared<FakeTransport>(std::deque{std::move(answer)});
  Asked asked{transport, make(transport)->complete(request)};
  check_no_key(asked);
  return asked;
}

inline Asked stream(const MakeDialect& make, const llm::Request& request, Answered answer) {
  auto transport = std::make_shared<FakeTransport>(std::deque{std::move(answer)});
  Asked asked{transport, fail(Errc::internal, "not asked yet")};
  asked.reply = make(transport)->stream(request, [&](const llm::Delta& delta) -> Status {
    if (const auto* text = std::get_if<llm::TextDelta>(&delta)) asked.shown += text->text;
    if (const auto* thought = std::get_if<llm::ThinkingDelta>(&delta)) asked.thought += thought->text;
    if (const auto* call = std::get_if<llm::ToolCallDelta>(&delta)) asked.arguments += call->arguments;
    return {};
  });
  check_no_key(asked);
  return asked;
}

//! What must not depend on how the bytes came.
inline std::string essence(const llm::Reply& reply) {
  std::string all = reply.text + '|' + reply.refusal + '|' + std::string(to_string(reply.finish)) + '|' + reply.id +
                    '|' + reply.model + '|' + std::to_string(reply.usage.input) + '|' +
                    std::to_string(reply.usage.output) + '|' + (reply.usage.estimated ? "estimated" : "told");
  for (const auto& call : reply.tool_calls) all += '|' + call.id + ',' + call.name + ',' + call.arguments;
  for (const auto& thought : reply.thinking) all += '|' + thought.text + ',' + thought.signature;
  for (const auto& warning : reply.warnings) all += '|' + warning;
  return all;
}

//! The stream cut into pieces of every size, with LF and CRLF, gives the same answer; ended at any byte
//! it gives that answer or an error, never another answer.
inline llm::Reply check_stream(const MakeDialect& make, const llm::Request& request, const std::string& body) {
  const Asked whole = stream(make, request, {.body = body});
  REQUIRE_MESSAGE(whole.reply.has_value(), to_string(whole.reply ? Error{} : whole.reply.error()));
  const std::string expected = essence(*whole.reply);
  CHECK(whole.shown == whole.reply->text);
  std::string crlf;
  for (const char c : body) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  for (std::size_t cut = 1; cut <= body.size(); ++cut) {
    for (const std::string* text : {&body, static_cast<const std::string*>(&crlf)}) {
      const Asked pieces = stream(make, request, {.body = *text, .cut = cut});
      REQUIRE(pieces.reply.has_value());
      REQUIRE(essence(*pieces.reply) == expected);
      REQUIRE(pieces.shown == whole.shown);
      REQUIRE(pieces.arguments == whole.arguments);
    }
    const Asked ended = stream(make, request, {.body = body.substr(0, cut), .broken = broken_connection()});
    if (ended.reply) {
      CHECK(ended.reply->text == whole.reply->text);
      CHECK(ended.reply->tool_calls == whole.reply->tool_calls);
      continue;
    }
    REQUIRE(ended.reply.error().service);
    const bool shown = !ended.shown.empty() || !ended.thought.empty() || !ended.arguments.empty();
    if (shown) CHECK_FALSE(ended.reply.error().service->retryable);
    CHECK(ended.reply.error().service->sent);
  }
  return *whole.reply;
}

//! The error of an answer.
inline Error failure(const MakeDialect& make, const llm::Request& request, Answered answer) {
  const Asked asked = complete(make, request, std::move(answer));
  REQUIRE_FALSE(asked.reply.has_value());
  return asked.reply.error();
}

inline Json json(std::string_view text) {
  auto parsed = parse_json_document(text);
  REQUIRE_MESSAGE(parsed.has_value(), text);
  return *parsed;
}

//! Equal whatever the order of the keys.
inline bool same_json(const Json& a, std::string_view b) {
  return nlohmann::json::parse(a.dump()) == nlohmann::json::parse(json(b).dump());
}

inline llm::Request ask(std::string text = "Say yes", std::string model = "m") {
  llm::Request request;
  request.model = std::move(model);
  request.messages = {llm::Message::user(std::move(text))};
  return request;
}

}  // namespace persona::dialect_testing
