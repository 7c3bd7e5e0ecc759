//! Signatures and the values in answers.
#include <persona/prompt/signature.hpp>

#include <doctest/doctest.h>

using namespace persona;
using namespace persona::prompt;

TEST_CASE("a signature is read from a line and written back") {
  const auto read = parse_signature("context, question -> answer: int, sure: bool, label: 'yes'|'no, not yet'");
  REQUIRE(read.has_value());
  CHECK(read->inputs.size() == 2);
  CHECK(read->outputs[0].type == FieldType::whole_number);
  CHECK(read->outputs[2].choices == std::vector<std::string>{"yes", "no, not yet"});
  CHECK(to_string(*read) == "context, question -> answer: int, sure: bool, label: 'yes'|'no, not yet'");
  CHECK(parse_signature("x -> y: Literal['a', 'b']")->outputs[0].choices == std::vector<std::string>{"a", "b"});
}

TEST_CASE("what makes no sense in a signature is named") {
  for (const char* text :
       {"question answer", "-> answer", "a -> ", "a, a -> b", "a -> a", "a -> b: integer", "1a -> b"}) {
    CAPTURE(text);
    const auto read = parse_signature(text);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == Errc::invalid_argument);
  }
}

TEST_CASE("numbers are read with separators, signs and units; what is none is refused") {
  const Field whole{.name = "n", .type = FieldType::whole_number};
  CHECK(*read_value(whole, " 1,234,567. ") == FieldValue(std::int64_t{1234567}));
  CHECK(*read_value(whole, "0") == FieldValue(std::int64_t{0}));
  CHECK(*read_value(whole, "-3") == FieldValue(std::int64_t{-3}));
  CHECK(*read_value({.name = "p", .type = FieldType::number}, "$12.5") == FieldValue(12.5));
  for (const char* text : {"", "ten", "1,5", "12,34", "3 apples", "nan", "1.5"}) {
    CAPTURE(text);
    CHECK(read_value(whole, text).error().code == Errc::invalid_output);
  }
}

TEST_CASE("yes, choices and JSON") {
  CHECK(*read_value({.name = "b", .type = FieldType::yes_no}, "Yes.") == FieldValue(true));
  const Field label{.name = "l", .type = FieldType::choice, .choices = {"Card lost", "other"}};
  CHECK(*read_value(label, "\"card lost\"") == FieldValue(std::string("Card lost")));
  CHECK_FALSE(read_value(label, "lost").has_value());
  CHECK(*read_value({.name = "o", .type = FieldType::object}, "{ \"a\": 1 }") == FieldValue(JsonText{R"({"a":1})"}));
  CHECK_FALSE(read_value({.name = "o", .type = FieldType::object}, "[1]").has_value());
}
