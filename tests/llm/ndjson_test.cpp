//! Lines of JSON, however the bytes are cut.
#include "llm/ndjson.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace persona;
using persona::llm::NdjsonDecoder;

TEST_CASE("lines come out whole in every cut, blank ones not at all") {
  const std::string text = "{\"a\":1}\n\n{\"b\":\"\u4f60\"}\r\n \r\n{\"done\":true}";
  const std::vector<std::string> expected = {"{\"a\":1}", "{\"b\":\"\u4f60\"}", "{\"done\":true}"};
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    std::vector<std::string> seen;
    NdjsonDecoder decoder;
    const auto on_line = [&](std::string_view line) -> Status {
      seen.emplace_back(line);
      return {};
    };
    for (std::size_t at = 0; at < text.size(); at += piece) REQUIRE(decoder.feed(text.substr(at, piece), on_line));
    REQUIRE(decoder.finish(on_line));
    REQUIRE(decoder.finish(on_line));
    CAPTURE(piece);
    CHECK(seen == expected);
  }
}

TEST_CASE("a line may be as long as allowed and no longer; a listener's error ends the feeding") {
  const auto nothing = [](std::string_view) -> Status { return {}; };
  NdjsonDecoder decoder(8);
  CHECK(decoder.feed("12345678\n1234", nothing));
  const auto refused = decoder.feed("56789\n", nothing);
  REQUIRE(!refused);
  CHECK(refused.error().code == Errc::invalid_output);

  int lines = 0;
  const auto ended = NdjsonDecoder().feed("1\n2\n", [&](std::string_view) -> Status {
    ++lines;
    return fail(Errc::refused, "enough");
  });
  CHECK(!ended);
  CHECK(lines == 1);
}
