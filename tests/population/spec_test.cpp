//! Specifications from JSON and back.
#include <persona/population/spec.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace persona;

namespace {

PopulationSpec parsed(std::string_view json) {
  auto spec = parse_spec(json);
  REQUIRE_MESSAGE(spec.has_value(), to_string(spec.error()));
  return *spec;
}

//! A document around the text of some attributes.
std::string document(const std::string& attributes, const std::string& more = {}) {
  return R"({"persona": 1, "attributes": [)" + attributes + "]" + more + "}";
}

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file.good());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

const std::filesystem::path source = PERSONA_SOURCE_DIR;

}  // namespace

TEST_CASE("a specification says what the document says") {
  const auto spec = parsed(R"({"persona": 1, "name": "n", "description": "d", "year": 2019, "attributes": [
      {"name": "age", "description": "a", "unit": "years", "distribution": {"family": "normal", "mean": 46, "sd": "18 + sex"},
       "round": 5, "integer": true, "missing": 0.25},
      {"name": "sex", "distribution": {"family": "bernoulli", "probability": 0.5}}],
     "correlations": [{"between": ["age", "sex"], "kendall": -0.1, "weight": 3}],
     "constraints": ["sex", {"expression": "age > 3", "reason": "r"}]})");
  CHECK(spec.version == 1);
  CHECK(spec.name == "n");
  CHECK(spec.description == "d");
  CHECK(spec.year == 2019);
  REQUIRE(spec.attributes.size() == 2);
  const Attribute& age = spec.attributes[0];
  CHECK(age.name == "age");
  CHECK(age.description == "a");
  CHECK(age.unit == "years");
  CHECK(*age.distribution == Distribution(Normal{46, "18 + sex"}));
  CHECK(age.round == 5);
  CHECK(age.integer);
  CHECK(age.missing == 0.25);
  CHECK(spec.correlations == std::vector<Correlation>{{"age", "sex", -0.1, CorrelationKind::kendall, 3}});
  CHECK(spec.constraints == std::vector<Constraint>{{"sex"}, {"age > 3", "r"}});
}

TEST_CASE("every family is read with its fields") {
  const std::pair<const char*, Distribution> families[] = {
      {R"({"family": "constant", "value": 3})", Constant{std::int64_t{3}}},
      {R"({"family": "constant", "value": 3.0})", Constant{3.0}},
      {R"({"family": "constant", "value": true})", Constant{true}},
      {R"({"family": "constant", "value": "US"})", Constant{std::string("US")}},
      {R"({"family": "constant", "value": {"date": "1970-01-03"}})", Constant{Date{2}}},
      {R"({"family": "constant", "value": ["a", "b"]})", Constant{std::vector<std::string>{"a", "b"}}},
      {R"({"family": "normal", "mean": 1, "sd": 2})", Normal{1, 2}},
      {R"({"family": "lognormal", "mu": 1, "sigma": 2})", LogNormal{1, 2}},
      {R"({"family": "gamma", "shape": 1, "scale": 2})", Gamma{1, 2}},
      {R"({"family": "beta", "alpha": 1, "beta": 2})", Beta{1, 2, 0, 1}},
      {R"({"family": "beta", "alpha": 1, "beta": 2, "low": 3, "high": 4})", Beta{1, 2, 3, 4}},
      {R"({"family": "exponential", "rate": 2})", Exponential{2}},
      {R"({"family": "weibull", "shape": 1, "scale": 2})", Weibull{1, 2}},
      {R"({"family": "student_t", "df": 3})", StudentT{3, 0, 1}},
      {R"({"family": "pareto", "minimum": 1, "alpha": 2})", Pareto{1, 2}},
      {R"({"family": "triangular", "low": 1, "mode": 2, "high": 3})", Triangular{1, 2, 3}},
      {R"({"family": "uniform", "low": 1, "high": 2})", Uniform{1, 2}},
      {R"({"family": "poisson", "mean": 2})", Poisson{2}},
      {R"({"family": "binomial", "trials": 4, "probability": 0.5})", Binomial{4, 0.5}},
      {R"({"family": "negative_binomial", "successes": 4, "probability": 0.5})", NegativeBinomial{4, 0.5}},
      {R"({"family": "geometric", "probability": 0.5})", Geometric{0.5}},
      {R"({"family": "zipf", "exponent": 1.5, "count": 9})", Zipf{1.5, 9}},
      {R"({"family": "uniform_integer", "low": 1, "high": 6})", UniformInteger{1, 6}},
      {R"({"family": "quantiles", "probabilities": [0, 0.5, 1], "values": [1, 1, 2]})",
       Quantiles{{0, 0.5, 1}, {1, 1, 2}}},
      {R"({"family": "histogram", "edges": [0, 1, 3], "weights": [2, 1]})", Histogram{{0, 1, 3}, {2, 1}}},
      {R"({"family": "mixture", "components": [{"weight": 2, "distribution": {"family": "poisson", "mean": 2}}]})",
       Mixture{{Component{2, Poisson{2}}}}},
      {R"({"family": "zero_inflated", "zero": 0.3, "rest": {"family": "poisson", "mean": 2}})",
       ZeroInflated{0.3, {Component{1, Poisson{2}}}}},
      {R"({"family": "categorical", "categories": ["b", "a"]})", Categorical{{"b", "a"}}},
      {R"({"family": "categorical", "weights": {"b": 1, "a": 2}})", Categorical{{"b", "a"}, {1, 2}}},
      {R"({"family": "ordinal", "categories": ["b", "a"], "weights": [1, 2], "scores": [1, 5]})",
       Ordinal{{"b", "a"}, {1, 2}, {1, 5}}},
      {R"({"family": "bernoulli", "probability": 0.5})", Bernoulli{0.5}},
      {R"({"family": "multi_select", "categories": ["b", "a"], "probabilities": [0, 1]})",
       MultiSelect{{"b", "a"}, {0, 1}}},
      {R"({"family": "date_range", "from": "1970-01-02", "to": "1970-01-03"})", DateRange{{1}, {2}}},
      {R"({"family": "derived", "expression": "1 + 1"})", Derived{"1 + 1"}},
      {R"({"family": "derived", "expression": "'a'", "categories": ["a"]})", Derived{"'a'", {"a"}}},
      {R"({"family": "postal_code"})", Identity{.part = IdentityPart::postal_code}}};
  for (const auto& [json, expected] : families) {
    const auto& captured_json = json;  // clang 14 captures no bindings
    CAPTURE(captured_json);
    const auto spec = parsed(document(std::string(R"({"name": "x", "distribution": )") + json + "}"));
    CHECK(*spec.attributes[0].distribution == expected);
    CHECK(std::string(json).find(family(expected)) != std::string::npos);
    CHECK(parsed(to_json(spec)) == spec);
  }
}

TEST_CASE("a case may leave out what the attribute already says") {
  const auto spec = parsed(document(
      R"({"name": "old", "distribution": {"family": "bernoulli", "probability": 0.5}},
         {"name": "level", "distribution": {"family": "ordinal", "categories": ["low", "high"], "scores": [1, 9]},
          "cases": [{"when": {"old": true}, "distribution": {"weights": {"high": 2, "low": 1}}},
                    {"when": {"old": false}, "distribution": {"family": "ordinal", "weights": [3, 4]}}]})"));
  const auto& cases = spec.attributes[1].cases;
  REQUIRE(cases.size() == 2);
  CHECK(cases[0].when == std::vector<Condition>{{.attribute = "old", .any_of = {"true"}}});
  CHECK(cases[0].distribution == Distribution(Ordinal{{"low", "high"}, {1, 2}, {1, 9}}));
  CHECK(cases[1].distribution == Distribution(Ordinal{{"low", "high"}, {3, 4}, {1, 9}}));
  CHECK(parsed(to_json(spec)) == spec);
}

TEST_CASE("defaults are left out and short things stand on one line") {
  const auto spec = parsed(document(R"({"name": "x", "round": 0, "integer": false, "missing": 0.0, "unit": "",
      "distribution": {"family": "normal", "mean": 46.0, "sd": 1.5e0}})"));
  CHECK(to_json(spec) == R"({
  "persona": 1,
  "attributes": [
    {"name": "x", "distribution": {"family": "normal", "mean": 46, "sd": 1.5}}
  ]
}
)");
}

TEST_CASE("the hash is of the content, not of how it is written") {
  const auto a = parsed(document(R"({"name": "x", "distribution": {"family": "normal", "mean": 46, "sd": 0.1}})"));
  const auto b = parsed(
      "  " +
      document(R"({"distribution": {"sd": 1e-1, "mean": 46.0, "family": "normal"}, "missing": 0, "name": "x"})"));
  CHECK(content_hash(a) == content_hash(b));
  auto c = a;
  c.attributes[0].description = "words count";
  CHECK(content_hash(a) != content_hash(c));
  // SHA-256 of {"persona":1,"attributes":[{"name":"x","distribution":{"family":"normal","mean":46,"sd":0.1}}]}
  CHECK(content_hash(a) == "c5729589dadd908618308b75113304dfc61e4fe59b99a1dc1e6b7b45bf773885");
}

TEST_CASE("the examples are read, and written back to what they were") {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(source / "examples" / "specs")) {
    CAPTURE(entry.path().string());
    const auto spec = read_spec(entry.path().string());
    REQUIRE_MESSAGE(spec.has_value(), to_string(spec.error()));
    CHECK(parsed(to_json(*spec)) == *spec);
    ++count;
  }
  CHECK(count >= 3);
}

TEST_CASE("a file that is not there is an io error that names it") {
  const auto spec = read_spec("/nowhere/spec.json");
  REQUIRE(!spec.has_value());
  CHECK(spec.error().code == Errc::io);
  CHECK(spec.error().path == "/nowhere/spec.json");
}

TEST_CASE("docs/spec.schema.json is the schema of this library") {
  CHECK(file_text(source / "docs" / "spec.schema.json") == spec_schema());
}

TEST_CASE("every JSON block of the documentation is a valid part of a specification") {
  const std::string text = file_text(source / "docs" / "specification.md"), fence = "```json\n";
  const std::string known = R"({"name": "age", "distribution": {"family": "normal", "mean": 46, "sd": 18}},
    {"name": "sex", "distribution": {"family": "categorical", "categories": ["female", "male"]}},
    {"name": "employed", "distribution": {"family": "bernoulli", "probability": 0.6}},
    {"name": "education", "distribution": {"family": "ordinal", "categories": ["school", "bachelor", "advanced"]}})";
  int count = 0;
  for (auto at = text.find(fence); at != std::string::npos; at = text.find(fence, at), ++count) {
    at += fence.size();
    std::string block = text.substr(at, text.find("```", at) - at);
    if (block.starts_with("\""))
      block = document(known, ", \"year\": 2019, " + block);
    else if (!block.starts_with("{\"persona\""))
      block = document(known + ", " + block, ", \"year\": 2019");
    parsed(block);
  }
  CHECK(count >= 15);
}
