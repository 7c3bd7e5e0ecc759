//! Server-sent events, however the bytes are cut.
#include "llm/sse.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace persona;
using persona::llm::SseDecoder;
using persona::llm::SseEvent;

namespace {

using Seen = std::vector<std::string>;  // "name|data", "!data" where it was bare

// Fed `piece` bytes at a time.
Seen decode(std::string_view text, std::size_t piece) {
  Seen seen;
  SseDecoder decoder;
  const auto on_event = [&](const SseEvent& event) -> Status {
    seen.push_back((event.framed ? std::string(event.name) + "|" : "!") + std::string(event.data));
    return {};
  };
  for (std::size_t at = 0; at < text.size(); at += piece) REQUIRE(decoder.feed(text.substr(at, piece), on_event));
  REQUIRE(decoder.finish(on_event));
  return seen;
}

void check_in_every_cut(std::string_view text, const Seen& expected) {
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    CAPTURE(piece);
    CHECK(decode(text, piece) == expected);
  }
}

}  // namespace

TEST_CASE("lines end in LF, CR or CRLF") {
  const Seen both = {"|one", "|two"};
  check_in_every_cut("data: one\n\ndata: two\n\n", both);
  check_in_every_cut("data: one\r\rdata: two\r\r", both);
  check_in_every_cut("data: one\r\n\r\ndata: two\r\n\r\n", both);
  check_in_every_cut("data: one\r\n\rdata: two\n\r\n", both);
}

TEST_CASE("an event has a name, several lines, and one space less") {
  check_in_every_cut("event: ping\ndata: {}\n\ndata: x\n\n", {"ping|{}", "|x"});
  check_in_every_cut("data: a\ndata\ndata:b\ndata:  c\n\n", {"|a\n\nb\n c"});
  check_in_every_cut("data:\n\n", {"|"});
}

TEST_CASE("comments, ids, unknown fields and a name without data are no events") {
  check_in_every_cut(": OPENROUTER PROCESSING\n\n:\nid: 7\nretry: 10\nwhat: ever\nevent: lost\n\ndata: x\n\n", {"|x"});
}

TEST_CASE("a byte order mark is skipped, and only a whole one at the beginning") {
  check_in_every_cut(
      "\xef\xbb\xbf"
      "data: x\n\n",
      {"|x"});
  check_in_every_cut("\xef\xbb\n\ndata: x\n\n", {"|x"});
  check_in_every_cut("data: \xef\xbb\xbf\n\n", {"|\xef\xbb\xbf"});
}

TEST_CASE("letters of several bytes survive every cut") {
  check_in_every_cut("data: na\u00efve \u4f60\u597d \U0001f600\n\n", {"|na\u00efve \u4f60\u597d \U0001f600"});
}

TEST_CASE("the last event needs no empty line, not even an end of line") {
  check_in_every_cut("data: one\n\ndata: two\n", {"|one", "|two"});
  check_in_every_cut("data: one\n\ndata: two", {"|one", "|two"});
  check_in_every_cut("", {});
}

TEST_CASE("JSON without a frame is told apart, on one line or many") {
  check_in_every_cut("data: a\n\n{\"error\": {\"code\": 503}}", {"|a", "!{\"error\": {\"code\": 503}}"});
  check_in_every_cut("data: a\n{\n  \"error\": {\n    \"code\": 503\n  }\n}\n",
                     {"|a", "!{\n  \"error\": {\n    \"code\": 503\n  }\n}"});
  check_in_every_cut("[{\"error\": {}}\n]\n\ndata: b\n\n", {"![{\"error\": {}}\n]", "|b"});
  check_in_every_cut("{\"error\": 1}\ndata: b\n\n", {"!{\"error\": 1}", "|b"});
}

TEST_CASE("an event may be as large as allowed and no larger") {
  const auto nothing = [](const SseEvent&) -> Status { return {}; };
  const std::string line = "data: " + std::string(20, 'x') + "\n";
  SseDecoder enough(64);
  CHECK(enough.feed(line + line + "\n", nothing));
  SseDecoder many_lines(64);
  const auto refused = many_lines.feed(line + line + line + line, nothing);
  REQUIRE(!refused);
  CHECK(refused.error().code == Errc::invalid_output);
  SseDecoder one_line(64);
  Status fed;
  int pieces = 0;
  while (fed && pieces < 100) fed = one_line.feed("xxxxxxxxxx", nothing), ++pieces;
  CHECK(pieces == 7);
}

TEST_CASE("an error of the listener ends the feeding") {
  int events = 0;
  SseDecoder decoder;
  const auto ended = decoder.feed("data: 1\n\ndata: 2\n\n", [&](const SseEvent&) -> Status {
    ++events;
    return fail(Errc::refused, "enough");
  });
  REQUIRE(!ended);
  CHECK(ended.error().message == "enough");
  CHECK(events == 1);
}
