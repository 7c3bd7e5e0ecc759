//! Schemas made strict for OpenAI.
#include "llm/openai/strict_schema.hpp"

#include "dialect_check.hpp"

using namespace persona;
using namespace persona::dialect_testing;
using llm::openai_api::strict_schema;

namespace {

void check_strict(std::string_view given, std::string_view expected, std::size_t warnings = 0) {
  CAPTURE(given);
  const auto strict = strict_schema(json(given));
  REQUIRE_MESSAGE(strict.has_value(), to_string(strict ? Error{} : strict.error()));
  CHECK_MESSAGE(same_json(strict->schema, expected), strict->schema.dump());
  CHECK(strict->warnings.size() == warnings);
}

std::string why_not(std::string_view given) {
  const auto strict = strict_schema(json(given));
  if (strict) return "strict";
  CHECK(strict.error().code == Errc::unsupported);
  return strict.error().path;
}

}  // namespace

TEST_CASE("objects are closed and all their keys required") {
  check_strict(
      R"({"type":"object","properties":{"a":{"type":"string"},"b":{"type":["integer","null"]}},"required":["a"]})",
      R"({"type":"object","properties":{"a":{"type":"string"},"b":{"type":["integer","null"]}},
                   "required":["a","b"],"additionalProperties":false})");
  check_strict(
      R"({"type":"object","properties":{"list":{"type":"array","items":{"type":"object","properties":{}}}}})",
      R"({"type":"object","properties":{"list":{"type":"array","items":{"type":"object","properties":{},"required":[],
                   "additionalProperties":false}}},"required":["list"],"additionalProperties":false})",
      1);
}

TEST_CASE("what says nothing about documents goes, what strict mode knows stays") {
  check_strict(
      R"({"$schema":"x","type":"object","title":"T","properties":{"a":{"type":["string","null"],"default":null,
                   "pattern":"^a","format":"date","examples":["a"],"description":"D"}}})",
      R"({"type":"object","title":"T","properties":{"a":{"type":["string","null"],"pattern":"^a","format":"date",
                   "description":"D"}},"required":["a"],"additionalProperties":false})");
}

TEST_CASE("references stay, those with siblings and an allOf of one are written out") {
  check_strict(R"({"type":"object","required":["a","b","c"],"properties":{"a":{"$ref":"#/$defs/x"},
                   "b":{"$ref":"#/$defs/x","description":"other"},"c":{"allOf":[{"$ref":"#/$defs/x"}]}},
                   "$defs":{"x":{"type":"string"}}})",
               R"({"type":"object","properties":{"a":{"$ref":"#/$defs/x"},"b":{"type":"string","description":"other"},
                   "c":{"$ref":"#/$defs/x"}},"required":["a","b","c"],"additionalProperties":false,
                   "$defs":{"x":{"type":"string"}}})");
  check_strict(R"({"$ref":"#/$defs/root","$defs":{"root":{"type":"object","required":["next"],"properties":{
                   "next":{"anyOf":[{"$ref":"#/$defs/root"},{"type":"null"}]}}}}})",
               R"({"type":"object","properties":{"next":{"anyOf":[{"$ref":"#/$defs/root"},{"type":"null"}]}},
                   "required":["next"],"additionalProperties":false,
                   "$defs":{"root":{"type":"object","properties":{"next":{"anyOf":[{"$ref":"#/$defs/root"},{"type":"null"}]}},
                   "required":["next"],"additionalProperties":false}}})");
}

TEST_CASE("what cannot be strict is named by its path") {
  CHECK(why_not(R"({"type":"string"})").empty());
  CHECK(why_not(R"({"type":"object","properties":{"a":{}}})") == "/properties/a");
  CHECK(why_not(R"({"type":"object"})").empty());
  CHECK(why_not(R"({"type":"object","properties":{},"additionalProperties":true})") == "/additionalProperties");
  CHECK(why_not(R"({"type":"object","properties":{"a":{"type":"array"}}})") == "/properties/a");
  CHECK(why_not(R"({"type":"object","properties":{"a":{"not":{"type":"null"},"type":"string"}}})") ==
        "/properties/a/not");
  CHECK(why_not(R"({"type":"object","properties":{"a":{"oneOf":[{"type":"null"}],"type":"null"}}})") ==
        "/properties/a/oneOf");
  CHECK(why_not(R"({"type":"object","properties":{"a":{"allOf":[{"type":"string"},{"type":"string"}]}}})") ==
        "/properties/a/allOf");
  CHECK(why_not(R"({"type":"object","properties":{"a":{"type":"string","format":"uri"}}})") == "/properties/a/format");
  CHECK(why_not(R"({"type":"object","properties":{"a":{"$ref":"#/$defs/none"}}})") == "/properties/a/$ref");
  CHECK(why_not(R"({"type":"object","properties":{"a":{"$ref":"https://elsewhere"}}})") == "/properties/a/$ref");
  CHECK(why_not(R"({"type":"object","properties":{"a":true}})") == "/properties/a");
  CHECK(why_not(R"({"type":"object","properties":{},"required":["a"]})") == "/required");
  CHECK(why_not(R"({"type":"object","properties":{"a":{"type":"object","patternProperties":{}}}})") ==
        "/properties/a/patternProperties");
  CHECK(why_not(R"({"$ref":"#"})") == "");
  CHECK(
      why_not(
          R"({"type":"object","properties":{"a":{"$ref":"#/$defs/x","title":"t"}},"$defs":{"x":{"$ref":"#/$defs/x","title":"u"}}})") ==
      "/properties/a");
}

TEST_CASE("limits on depth, properties and values") {
  const auto nested = [](int levels) {
    std::string schema = R"({"type":"string"})";
    for (int i = 0; i < levels; ++i) schema = R"({"type":"object","required":["a"],"properties":{"a":)" + schema + "}}";
    return schema;
  };
  CHECK(why_not(nested(10)) == "strict");
  CHECK(why_not(nested(11)) != "strict");
  const auto wide = [](int count, const std::string& schema) {
    std::string properties;
    for (int i = 0; i < count; ++i) properties += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":" + schema;
    return R"({"type":"object","properties":{)" + properties + "}}";
  };
  CHECK(why_not(wide(5000, R"({"type":"null"})")) == "strict");
  CHECK(why_not(wide(5001, R"({"type":"null"})")) == "/properties/5000");
  CHECK(why_not(wide(500, R"({"enum":["a",null]})")) == "strict");
  CHECK(why_not(wide(501, R"({"enum":["a",null]})")) == "/properties/500");
  std::string values = "null";
  for (int i = 0; i < 251; ++i) values += ",\"" + std::string(60, 'v') + std::to_string(1000 + i) + '"';
  CHECK(why_not(wide(1, R"({"enum":[)" + values + "]}")) == "/properties/0/enum");
}
