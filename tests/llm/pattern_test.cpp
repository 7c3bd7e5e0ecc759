//! Regular expressions in linear time.
#include "llm/pattern.hpp"

#include <doctest/doctest.h>

#include <random>
#include <regex>
#include <string>
#include <vector>

using namespace persona;
using llm::Pattern;

namespace {

constexpr std::size_t plenty = std::size_t{1} << 40;

bool found(std::string_view pattern, std::string_view text) {
  const auto compiled = Pattern::compile(pattern);
  INFO(pattern << " in " << text);
  REQUIRE_MESSAGE(compiled.has_value(), (compiled ? "" : compiled.error().message));
  std::size_t budget = plenty;
  return *compiled->search(text, budget);
}

Errc refused(std::string_view pattern) {
  const auto compiled = Pattern::compile(pattern);
  INFO(pattern);
  REQUIRE_FALSE(compiled.has_value());
  return compiled.error().code;
}

std::size_t steps(std::string_view pattern, const std::string& text) {
  std::size_t budget = plenty;
  CHECK(Pattern::compile(pattern)->search(text, budget).has_value());
  return plenty - budget;
}

}  // namespace

TEST_CASE("patterns are found anywhere, unless they are anchored") {
  CHECK(found("b+", "aabbcc"));
  CHECK(found("", "anything"));
  CHECK(found("^a*$", "aaa"));
  CHECK_FALSE(found("^a*$", "aab"));
  CHECK(found("^(red|green|blue)$", "green"));
  CHECK_FALSE(found("^(red|green|blue)$", "greens"));
  CHECK(found("^\\d{3}-\\d{4}$", "555-0199"));
  CHECK_FALSE(found("^\\d{3}-\\d{4}$", "5555-0199"));
  CHECK(found("^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$", "a.b@example.com"));
  CHECK(found("^(a|b)*?c?$", "abba"));
  CHECK_FALSE(found("^.$", "\n"));
  CHECK(found("^[\\w.-]+$", "a-b.c_9"));
  CHECK(found("^[]-]?x{,2}$", "x{,2}") == false);  // [] is nothing at all: "-]?" is then outside
  CHECK(found("^a{2}{$", "aa{"));
  CHECK(found("^a{0}b{1,2}c{2,}$", "bbccc"));
  CHECK(found("^(?<year>\\d{4})(?:-\\d\\d)?$", "2024-05"));
}

TEST_CASE("text is code points") {
  CHECK(found("^.$", "\xc3\xa4"));
  CHECK(found("^.$", "\xf0\x9f\x90\xb2"));
  CHECK(found("^\\ud83d\\udc32$", "\xf0\x9f\x90\xb2"));
  CHECK(found("^\\u{1f432}$", "\xf0\x9f\x90\xb2"));
  CHECK(found("^[\xc3\xa0-\xc3\xbf]+$", "\xc3\xa4\xc3\xb6"));
  CHECK(found("^\\x41\\cA\\t\\0$", std::string_view("A\x01\t\0", 4)));
  CHECK(found("^\\s$", "\xc2\xa0"));
  CHECK_FALSE(found("^\\w$", "\xc3\xa4"));  // ASCII only, as ECMA-262 has it
  CHECK_FALSE(found("^\\d$", "\xd9\xa3"));
  CHECK(found("^\\p{Nd}\\p{Lu}\\p{Letter}$", "\xd9\xa3\xc3\x84\xe5\xad\x97"));
  CHECK_FALSE(found("\\P{L}", "abc\xc3\xa4"));
  CHECK(found("^[\\p{Ll}\\p{Lu}' -]+$", "Jos\xc3\xa9 O'Neill"));
  CHECK(found("^\\p{gc=Sc}\\p{General_Category=Decimal_Number}$",
              "\xe2\x82\xac"
              "5"));
}

TEST_CASE("what stands around a place is looked at") {
  CHECK(found("\\bcat\\b", "a cat sat"));
  CHECK_FALSE(found("\\bcat\\b", "concatenate"));
  CHECK(found("\\Bcat\\B", "concatenate"));
  CHECK(found("^(?=.*[A-Z])(?=.*\\d).{6,}$", "passWord1"));
  CHECK_FALSE(found("^(?=.*[A-Z])(?=.*\\d).{6,}$", "password1"));
  CHECK(found("^(?!\\s*$).+", " x"));
  CHECK_FALSE(found("^(?!\\s*$).+", "   "));
  CHECK(found("(?<=\\$)\\d+", "cost: $42"));
  CHECK_FALSE(found("(?<=\\$)\\d+", "cost: 42"));
  CHECK(found("(?<!un)happy", "so happy"));
  CHECK_FALSE(found("(?<!un)happy", "unhappy"));
  CHECK(found("^(?=(?!x)a(?<=a)b)ab$", "ab"));  // within each other
}

TEST_CASE("what is no pattern is refused by what is wrong with it") {
  for (const char* bad : {"(", ")", "[a", "*a", "a**", "[b-a]", "(?<n", "\\", "\\x4", "\\u12", "\\q", "\\c1", "a{3,2}",
                          "^*", "(?=a)*", "\\u{110000}", "\xff", "[a-\\d]"})
    CHECK(refused(bad) == Errc::invalid_argument);
  for (const char* strange : {"(a)\\1", "(?<n>a)\\k<n>", "(?i)a", "\\p{Script=Greek}", "(?>a)"})
    CHECK(refused(strange) == Errc::unsupported);
  CHECK(refused("a{10001}") == Errc::invalid_argument);
  CHECK(refused("((a{100}){100}){100}") == Errc::invalid_argument);
  CHECK(refused("((){10000}){10000}") == Errc::invalid_argument);
  CHECK(refused(std::string(200, '(') + std::string(200, ')')) == Errc::invalid_argument);
  CHECK(Pattern::compile("a(b").error().message == "the pattern \"a(b\" has a group without its end at character 3");
}

TEST_CASE("evil patterns take steps in proportion to the text") {
  for (const char* evil : {"^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*a){20}b",
                           "^(?=(a+)+$)(?!(a*)*b)", "(a?){30}a{30}$", "(?<=(a+)+)b"}) {
    CAPTURE(evil);
    const std::size_t once = steps(evil, std::string(2'000, 'a') + "!"),
                      twice = steps(evil, std::string(4'000, 'a') + "!");
    CHECK(twice <= once * 2 + 1'000);
  }
  std::size_t budget = 1'000;
  CHECK_FALSE(Pattern::compile("(a+)+$")->search(std::string(10'000, 'a') + "!", budget).has_value());
  CHECK(budget == 0);
}

//! std::regex backtracks, but on texts of ten letters it can be asked for the truth.
TEST_CASE("random patterns match what std::regex matches") {
  std::mt19937 random(20240501);
  const auto pick = [&](std::size_t count) { return random() % count; };
  const std::vector<std::string> atoms = {"a", "b", "c", ".", "[ab]", "[^a]", "\\b", "\\w", "\\B", "(?=b)", "(?!c)"};
  const std::vector<std::string> counts = {"", "", "", "*", "+", "?", "{2}", "{1,2}", "{0,1}"};
  int compared = 0, matched = 0;
  for (int i = 0; i < 3'000; ++i) {
    std::string pattern = pick(3) == 0 ? "^" : "";
    for (std::size_t part = 0, parts = 1 + pick(3); part < parts; ++part) {
      const std::size_t atom = pick(atoms.size());
      const bool can_repeat = atoms[atom].starts_with("(?") == false && atoms[atom] != "\\b" && atoms[atom] != "\\B";
      if (pick(3) == 0)
        pattern += "(" + std::string(can_repeat ? atoms[atom] : "a") + "|" + atoms[pick(4)] + "c)" + counts[pick(7)];
      else
        pattern += atoms[atom] + (can_repeat ? counts[pick(counts.size())] : "");
    }
    if (pick(3) == 0) pattern += "$";
    const std::regex truth(pattern, std::regex::ECMAScript);
    for (int texts = 0; texts < 5; ++texts) {
      std::string text;
      for (std::size_t length = pick(8); text.size() < length;) text += "abc "[pick(4)];
      INFO(pattern << " in '" << text << "'");
      const bool expected = std::regex_search(text, truth);
      CHECK(found(pattern, text) == expected);
      ++compared;
      matched += expected ? 1 : 0;
    }
  }
  CHECK(matched > compared / 5);
  CHECK(matched < compared * 4 / 5);
}

TEST_CASE("any bytes are a pattern or an error") {
  std::mt19937 random(7);
  const std::string_view letters = "ab01()[]{}|*+?^$.\\-,:=!<>pdbuxkLN\xc3\xa4";
  int valid = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string pattern;
    for (std::size_t length = random() % 12; pattern.size() < length;) pattern += letters[random() % letters.size()];
    const auto compiled = Pattern::compile(pattern);
    if (!compiled) {
      CHECK_FALSE(compiled.error().message.empty());
      continue;
    }
    ++valid;
    std::size_t budget = 100'000;
    compiled->search("ab10 aabb", budget);
  }
  CHECK(valid > 1'000);
}
