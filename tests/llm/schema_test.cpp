//! What the validator says, beside what the public suite checks (schema_suite).
#include <persona/llm/schema.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace persona;
using llm::JsonSchema;

namespace {

std::vector<std::string> told(std::string_view schema, std::string_view json) {
  const auto compiled = JsonSchema::compile(schema);
  INFO(schema);
  REQUIRE_MESSAGE(compiled.has_value(), (compiled ? "" : to_string(compiled.error())));
  std::vector<std::string> lines;
  for (const auto& issue : compiled->validate(json)) lines.push_back(issue.path + " " + issue.message);
  return lines;
}

using Lines = std::vector<std::string>;

Error refused(std::string_view schema) {
  const auto compiled = JsonSchema::compile(schema);
  INFO(schema);
  REQUIRE_FALSE(compiled.has_value());
  return compiled.error();
}

}  // namespace

TEST_CASE("issues name the place, what must be and what is") {
  const std::string_view person = R"({"type":"object","required":["name","age"],"additionalProperties":false,
    "properties":{"name":{"type":"string","minLength":2,"pattern":"^[A-Z]"},
      "age":{"type":"integer","minimum":0,"maximum":120},"mood":{"enum":["good","bad"]},
      "pets":{"type":"array","maxItems":2,"uniqueItems":true,"items":{"type":["string","null"]}}}})";
  CHECK(told(person, R"({"name":"Ada","age":36,"mood":"good","pets":["cat",null]})").empty());
  CHECK(told(person, R"({"name":"Ada","age":"ten"})") == Lines{R"(/age must be a whole number, is "ten")"});
  CHECK(told(person, R"({"name":"a","age":121.0})") == Lines{"/name must have at least 2 characters, has 1",
                                                             R"(/name must match the pattern "^[A-Z]", is "a")",
                                                             "/age must be at most 120, is 121.0"});
  CHECK(told(person, R"({"name":"Ada","mood":"so so","pet":1})") ==
        Lines{" must have 'age'", R"(/mood must be one of "good", "bad", is "so so")",
              "/pet is not one of the members that may be here"});
  CHECK(told(person, R"({"name":"Ada","age":1,"pets":["x",2,"x"]})") == Lines{"/pets must have at most 2 items, has 3",
                                                                              "/pets items 0 and 2 are equal",
                                                                              "/pets/1 must be text or null, is 2"});
  CHECK(told(person, "[1,2]") == Lines{" must be an object, is a list of 2"});
  CHECK(told(person, "{")[0].find("not JSON") != std::string::npos);
  CHECK(told(R"({"properties":{"a/b":{"items":{"const":1}}}})", R"({"a/b":[1,true]})") ==
        Lines{"/a~1b/1 must be 1, is true"});
  CHECK(told(R"({"multipleOf":0.01})", "0.075") == Lines{" must be a multiple of 0.01, is 0.075"});
}

TEST_CASE("of several forms, the one that was meant is explained") {
  const std::string_view maybe = R"({"anyOf":[{"type":"object","required":["x"],"properties":{"x":{"type":"integer"}}},
    {"type":"null"}]})";
  CHECK(told(maybe, "null").empty());
  CHECK(told(maybe, R"({"x":"1"})") == Lines{R"(/x must be a whole number, is "1")"});
  CHECK(told(maybe, "{}") == Lines{" must have 'x'"});
  CHECK(told(maybe, "true") ==
        Lines{" fits none of 2 forms; (1) must be an object, is true; (2) must be null, is true"});
  CHECK(told(R"({"oneOf":[{"minimum":1},{"minimum":2}]})", "3") ==
        Lines{" must fit one of 2 forms alone, fits (1) and (2)"});
  CHECK(told(R"({"not":{"type":"string"}})", R"("x")") == Lines{" is what the schema says it must not be"});
}

TEST_CASE("a schema that is none is refused, with the place of the fault") {
  CHECK(refused("{").code == Errc::invalid_argument);
  CHECK(refused("3").code == Errc::invalid_argument);
  CHECK(refused(R"({"properties":{"a":{"type":"text"}}})").path == "/properties/a/type");
  CHECK(refused(R"({"properties":{"a":{"minLength":-1}}})").message ==
        "the schema's 'minLength': must be a whole number, 0 or more, is -1");
  CHECK(refused(R"({"items":{"$ref":"#/$defs/none"}})").path == "/items/$ref");
  CHECK(refused(R"({"$ref":"https://example.com/other.json"})").message.find("leads nowhere") != std::string::npos);
  CHECK(refused(R"({"$schema":"http://json-schema.org/draft-04/schema#"})").path == "/$schema");
  CHECK(refused(R"({"properties":{"a":7}})").path == "/properties/a");
  CHECK(refused(R"({"properties":[]})").path == "/properties");
  CHECK(refused(R"({"allOf":[{"pattern":"("}]})").path == "/allOf/0/pattern");
  CHECK(refused(R"({"patternProperties":{"[":true}})").code == Errc::invalid_argument);
  CHECK(refused(R"({"pattern":"(a)\\1"})").code == Errc::unsupported);
  for (const char* wrong : {R"({"enum":1})", R"({"required":[1]})", R"({"anyOf":[]})", R"({"multipleOf":0})",
                            R"({"uniqueItems":1})", R"({"maximum":"1"})", R"({"$ref":1})",
                            R"({"dependentRequired":{"a":1}})", R"({"items":[{}]})", R"({"pattern":1})"})
    CHECK(refused(wrong).code == Errc::invalid_argument);
}

TEST_CASE("schemas have limits") {
  std::string deep = "true", wide = R"({"properties":{)";
  for (int i = 0; i < 70; ++i) deep = R"({"not":)" + deep + "}";
  CHECK(refused(deep).code == Errc::invalid_argument);
  for (int i = 0; i < 5'001; ++i) wide += (i > 0 ? ",\"p" : "\"p") + std::to_string(i) + "\":true";
  CHECK(refused(wide + "}}").message.find("5000") != std::string::npos);
}

TEST_CASE("other documents are found where they are given") {
  const std::vector<llm::SchemaDocument> others = {
      {"https://example.com/size.json", R"({"type":"integer","$defs":{"big":{"minimum":100}}})"}};
  const auto schema = JsonSchema::compile(
      R"({"$id":"https://example.com/main.json","$ref":"size.json","properties":{}, "allOf":[{"$ref":"size.json#/$defs/big"}]})",
      others);
  REQUIRE(schema.has_value());
  CHECK(schema->validate("100").empty());
  CHECK(schema->validate("99").size() == 1);
  CHECK(schema->validate("\"x\"").size() == 1);
}

TEST_CASE("a copy stands on its own, and says its text") {
  const std::string text = R"({"type":"integer"})";
  auto schema = *JsonSchema::compile(text);
  const JsonSchema copy = schema;
  schema = *JsonSchema::compile("false");
  CHECK(copy.text() == text);
  CHECK(copy.validate("1").empty());
  CHECK(schema.validate("1").size() == 1);
}

TEST_CASE("schemas that never end are noticed") {
  for (const char* loop : {R"({"$ref":"#"})", R"({"allOf":[{"$ref":"#"}]})", R"({"anyOf":[{"$ref":"#"},{"$ref":"#"}]})",
                           R"({"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"})"})
    CHECK(told(loop, "1") == Lines{" takes too long to check against this schema"});
}

TEST_CASE("schemas that double at every step, and evil patterns, do not take for ever") {
  std::string defs = R"("s0":{"type":"integer"})";
  for (int i = 1; i <= 60; ++i) {
    const std::string before = R"({"$ref":"#/$defs/s)" + std::to_string(i - 1) + "\"}";
    defs += ",\"s" + std::to_string(i) + R"(":{"allOf":[)" + before + "," + before + "]}";
  }
  CHECK(told(R"({"$defs":{)" + defs + R"(},"$ref":"#/$defs/s60"})", "1") ==
        Lines{" takes too long to check against this schema"});
  const std::string text = std::string(20'000, 'a') + "!";
  CHECK(told(R"({"pattern":"^(a+)+$"})", '"' + text + '"').size() == 1);
  CHECK(told(R"({"pattern":"^(([a-z])+.)+[A-Z]([a-z])+$"})", '"' + text + '"').size() == 1);
  CHECK(told(R"({"pattern":"(.*a){300}b"})", '"' + std::string(1'000'000, 'a') + '"') ==
        Lines{" takes too long to check against this schema"});
}
