//! The quick reader of JSON takes nothing that nlohmann/json does not, and understands it as it does.
#include "core/json_quick.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

using namespace persona;

namespace {

//! Documents of all kinds, some of them with a wrong piece.
class RandomJson {
 public:
  explicit RandomJson(unsigned seed) : draw_(seed) {}

  std::string document() {
    std::string text = value(0);
    if (below(3) == 0) {
      const std::size_t at = below(text.size());
      below(2) == 0 ? text.erase(at, 1) : text.replace(at, 1, 1, "{}[],:\"\\01-ez \n"[below(16)]);
    }
    return text;
  }

 private:
  std::size_t below(std::size_t count) { return draw_() % count; }

  std::string value(int depth) {
    static const char* const plain[] = {"null",
                                        "true",
                                        "false",
                                        "0",
                                        "-0",
                                        "-1",
                                        "1.50",
                                        "1E+5",
                                        "4.9e-324",
                                        "18446744073709551615",
                                        "18446744073709551616",
                                        "-9223372036854775808",
                                        "-9223372036854775809",
                                        "1e400",
                                        "01",
                                        "1.",
                                        "-"};
    static const char* const pieces[] = {
        "a",       "\\n",  "\\u00e4", "\\ud83d\\ude00", "\xc3\xb6", "\xf0\x9f\x98\x80", "\\/",
        "\\u0000", "\x7f", "\\\"",    "\\ud83d",        "\xff",     "\xed\xa0\x80",     "\\x",
        "\x1f"};
    std::string text;
    const std::size_t kind = below(depth > 4 ? 4 : 8);
    if (kind < 2) return plain[below(std::size(plain))];
    if (kind < 4) {
      for (std::size_t i = below(6); i > 0; --i) text += pieces[below(below(8) == 0 ? std::size(pieces) : 10)];
      return '"' + text + '"';
    }
    for (std::size_t i = below(5); i > 0; --i) {
      if (kind >= 6) text += "\"k" + std::to_string(below(12)) + "\" :\t";
      text += value(depth + 1) + (i > 1 ? " , " : "");
    }
    return kind < 6 ? '[' + text + ']' : '{' + text + '}';
  }

  std::mt19937 draw_;
};

std::string printed(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

TEST_CASE("what is read quickly is what nlohmann/json reads") {
  RandomJson random(20'261'121);
  int quick = 0;
  for (int i = 0; i < 30'000; ++i) {
    const std::string text = random.document();
    const auto read = parse_json_quickly(text, 64);
    if (!read) continue;
    ++quick;
    const Json peer = Json::parse(text, nullptr, false);
    REQUIRE_MESSAGE(!peer.is_discarded(), text);
    REQUIRE_MESSAGE(read->type() == peer.type(), text);
    REQUIRE_MESSAGE(printed(*read) == printed(peer), text);
  }
  CHECK(quick > 10'000);
}

TEST_CASE("what is unusual is left to the careful reader, which says what is wrong") {
  std::string many = "{\"k0\":0";
  for (int i = 1; i < 100; ++i) many += ",\"k" + std::to_string(i) + "\":0";
  many += '}';
  CHECK_FALSE(parse_json_quickly(many, 64));
  CHECK(parse_json_document(many)->size() == 100);
  CHECK(parse_json_quickly(std::string(64, '[') + std::string(64, ']'), 64));
  CHECK_FALSE(parse_json_quickly(std::string(65, '[') + std::string(65, ']'), 64));
  CHECK(parse_json_document("{\"a\":1,\"a\":2}").error().message.find("stands twice") != std::string::npos);
  for (const char* text :
       {"", " ", "[1,]", "{\"a\"}", "[1] 2", "\"", "nul", "\"\\u12g4\"", "\"\\ude00\"", "+1", "[1 2]"}) {
    CHECK_FALSE(parse_json_quickly(text, 64));
    CHECK_FALSE(parse_json_document(text).has_value());
  }
}

TEST_CASE("printed text is nlohmann/json's") {
  std::string every;
  for (int c = 0; c < 128; ++c) every += static_cast<char>(c);
  for (const std::string& text : {every, std::string("\xc3\xb6\xe2\x82\xac\xf0\x9f\x98\x80"),
                                  std::string("a\xff\xc3(\xf0\x9f\x98"), std::string("\xed\xa0\x80")})
    CHECK(print_json_compact(Json(text)) == printed(Json(text)));
}
