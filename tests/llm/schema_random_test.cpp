//! Random schemas and documents: what must hold between any of them.
#include "llm/schema_sample.hpp"

#include <persona/llm/schema.hpp>

#include <nlohmann/json.hpp>

#include <doctest/doctest.h>

#include <random>
#include <string>

using namespace persona;
using llm::JsonSchema;
using Tree = nlohmann::ordered_json;

namespace {

class RandomTrees {
 public:
  explicit RandomTrees(unsigned seed) : random_(seed) {}

  std::size_t pick(std::size_t count) { return random_() % count; }
  std::string name() { return std::string(1, "abc"[pick(3)]); }

  Tree document(int depth = 3) {
    switch (pick(depth > 0 ? 8 : 6)) {
      case 0: return nullptr;
      case 1: return pick(2) == 1;
      case 2: return static_cast<int>(pick(7)) - 3;
      case 3: return static_cast<double>(pick(9)) / 4;
      case 4: return std::string(pick(4), "abz"[pick(3)]);
      case 5: return "\xc3\xa4";
      case 6: return list(depth);
      default: return object(depth);
    }
  }

  Tree schema(int depth = 3) {
    if (pick(12) == 0) return pick(3) > 0;
    Tree schema = Tree::object();
    for (std::size_t i = 0, count = 1 + pick(3); i < count; ++i) add_keyword(schema, depth);
    return schema;
  }

 private:
  Tree list(int depth) {
    Tree list = Tree::array();
    for (std::size_t i = 0, count = pick(4); i < count; ++i) list.push_back(document(depth - 1));
    return list;
  }

  Tree object(int depth) {
    Tree object = Tree::object();
    for (std::size_t i = 0, count = pick(4); i < count; ++i) object[name()] = document(depth - 1);
    return object;
  }

  void add_keyword(Tree& schema, int depth) {
    static const std::vector<std::string> types = {"null", "boolean", "object", "array", "number", "string", "integer"};
    static const std::vector<std::string> patterns = {"^a", "b$", "^[a-m]*$", "(a|z){2}", "^(?!b)"};
    switch (pick(depth > 0 ? 22 : 12)) {
      case 0: schema["type"] = types[pick(7)]; break;
      case 1: schema["type"] = {types[pick(7)], types[pick(7)]}; break;
      case 2: schema["enum"] = {document(1), document(1), document(1)}; break;
      case 3: schema["minimum"] = static_cast<int>(pick(5)) - 2; break;
      case 4: schema["exclusiveMaximum"] = 1.5; break;
      case 5: schema["multipleOf"] = 0.5; break;
      case 6: schema["minLength"] = pick(3); break;
      case 7: schema["pattern"] = patterns[pick(5)]; break;
      case 8: schema["maxItems"] = pick(3); break;
      case 9: schema["uniqueItems"] = true; break;
      case 10: schema["required"] = {name(), name()}; break;
      case 11: schema["dependentRequired"][name()] = Tree::array({name()}); break;
      case 12: schema["properties"][name()] = this->schema(depth - 1); break;
      case 13: schema["patternProperties"][patterns[pick(5)]] = this->schema(depth - 1); break;
      case 14: schema["additionalProperties"] = this->schema(depth - 1); break;
      case 15: schema["items"] = this->schema(depth - 1); break;
      case 16: schema["prefixItems"] = Tree::array({this->schema(depth - 1)}); break;
      case 17: schema["contains"] = this->schema(depth - 1); break;
      case 18: schema["anyOf"] = {this->schema(depth - 1), this->schema(depth - 1)}; break;
      case 19: schema["not"] = this->schema(depth - 1); break;
      case 20: schema["unevaluatedProperties"] = this->schema(depth - 1); break;
      default: schema["if"] = this->schema(depth - 1), schema["then"] = this->schema(depth - 1); break;
    }
  }

  std::mt19937 random_;
};

bool valid(const Tree& schema, const std::string& document) {
  const auto compiled = JsonSchema::compile(schema.dump());
  REQUIRE_MESSAGE(compiled.has_value(), schema.dump());
  return compiled->validate(document).empty();
}

}  // namespace

TEST_CASE("random schemas keep the laws of logic") {
  RandomTrees trees(31);
  int right = 0;
  constexpr int trials = 4'000;
  for (int i = 0; i < trials; ++i) {
    const Tree schema = trees.schema();
    const std::string document = trees.document().dump();
    INFO(schema.dump() << " and " << document);
    const bool is = valid(schema, document);
    right += is ? 1 : 0;
    CHECK(valid({{"not", schema}}, document) == !is);
    CHECK(valid({{"not", {{"not", schema}}}}, document) == is);
    CHECK(valid({{"allOf", {schema, schema}}}, document) == is);
    CHECK(valid({{"anyOf", {false, schema}}}, document) == is);
    CHECK(valid({{"oneOf", {schema, false}}}, document) == is);
    CHECK(valid({{"oneOf", {schema, schema}}}, document) == false);
    CHECK(valid({{"if", schema}, {"then", false}}, document) == !is);
    CHECK(valid({{"$defs", {{"x", schema}}}, {"$ref", "#/$defs/x"}}, document) == is);
    CHECK(valid({{"items", schema}}, "[" + document + "]") == is);
    CHECK(valid({{"properties", {{"k", schema}}}}, R"({"k":)" + document + "}") == is);
  }
  CHECK(right > trials / 5);
  CHECK(right < trials * 4 / 5);
}

TEST_CASE("any bytes are a schema or an error, and any bytes a document or an issue") {
  RandomTrees trees(32);
  for (int i = 0; i < 10'000; ++i) {
    std::string schema = trees.schema().dump(), document = trees.document().dump();
    for (std::string* text : {&schema, &document}) {
      for (std::size_t edits = trees.pick(4); edits > 0 && !text->empty(); --edits)
        (*text)[trees.pick(text->size())] = "{}[]\",:0a\\\xff"[trees.pick(11)];
    }
    const auto compiled = JsonSchema::compile(schema);
    if (compiled) {
      for (const auto& issue : compiled->validate(document)) CHECK_FALSE(issue.message.empty());
    } else {
      CHECK_FALSE(compiled.error().message.empty());
    }
  }
}

TEST_CASE("documents made up from a schema are right by it") {
  for (const char* text :
       {R"({"type":"object","required":["a","b"],"properties":{"a":{"type":"integer","minimum":5,"maximum":7},
            "b":{"type":"array","minItems":2,"maxItems":4,"uniqueItems":true,"items":{"enum":["x","y","z","w"]}},
            "c":{"anyOf":[{"type":"null"},{"type":"number","exclusiveMinimum":1,"exclusiveMaximum":2}]}},
            "additionalProperties":false})",
        R"({"$defs":{"tree":{"type":"object","required":["value"],"properties":{"value":{"type":"boolean"},
            "next":{"$ref":"#/$defs/tree"}}}},"$ref":"#/$defs/tree"})",
        R"({"type":"string","minLength":30,"maxLength":33})",
        R"({"type":"string","pattern":"^[A-Z]{2}-\\d{4}(x|y)?$"})",
        R"({"type":"number","multipleOf":0.25,"minimum":-1,"maximum":0})", R"({"const":{"a":[1]}})",
        R"({"type":"object","minProperties":3,"additionalProperties":{"type":"integer"}})",
        R"({"allOf":[{"type":"object","properties":{"a":{"const":1}}},{"required":["a","b"]}]})",
        R"({"type":"array","prefixItems":[{"type":"null"},{"type":"boolean"}],"items":false,"minItems":2})",
        R"({"type":"array","contains":{"const":7},"minContains":2})"}) {
    const auto schema = JsonSchema::compile(text);
    REQUIRE(schema.has_value());
    const auto tree = parse_json_document(text);
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      const std::string made = print_json_compact(llm::sample_schema(*tree, seed));
      const auto issues = schema->validate(made);
      INFO(text << " made " << made << " " << (issues.empty() ? "" : issues[0].message));
      CHECK(issues.empty());
    }
  }
}
