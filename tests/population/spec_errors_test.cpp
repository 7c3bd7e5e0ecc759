//! Bad documents, each with where it is wrong and what is said about it.
#include <persona/population/spec.hpp>

#include <doctest/doctest.h>

using namespace persona;

namespace {

struct Bad {
  std::string json, path, message;
};

void check_refused(const std::string& json, const std::string& path, const std::string& message) {
  CAPTURE(json);
  const auto spec = parse_spec(json);
  REQUIRE(!spec.has_value());
  CHECK(spec.error().code == Errc::invalid_argument);
  CHECK(spec.error().path == path);
  CHECK_MESSAGE(spec.error().message.find(message) != std::string::npos, spec.error().message);
}

//! Around the attributes stand a number "n", a yes-or-no "b", a category "c" and an ordinal "o".
std::string around(const std::string& attributes, const std::string& more = {}) {
  return R"({"persona": 1, "attributes": [{"name": "n", "distribution": {"family": "normal", "mean": 0, "sd": 1}},
    {"name": "b", "distribution": {"family": "bernoulli", "probability": 0.5}},
    {"name": "c", "distribution": {"family": "categorical", "categories": ["x", "y", "z"]}},
    {"name": "o", "distribution": {"family": "ordinal", "categories": ["low", "high"]}})" +
         (attributes.empty() ? "" : ", " + attributes) + "]" + more + "}";
}

std::string distribution(const std::string& json) {
  return around(R"({"name": "a", "distribution": )" + json + "}");
}

}  // namespace

TEST_CASE("documents that are no specification") {
  for (const auto& [json, path, message] : std::vector<Bad>{
           {"", "", "not JSON: line 1, column 1"},
           {"{\"persona\": 1,\n  \"name\": }", "/name", "not JSON: line 2, column 11"},
           {"[]", "", "an object should stand here, not a list"},
           {R"({"attributes": []})", "/persona", "'persona' is missing"},
           {R"({"persona": "1"})", "/persona", "'persona' is the version of the format, 1"},
           {R"({"persona": 0})", "/persona", "'persona' is the version"},
           {R"({"persona": 1})", "", "'attributes' is missing"},
           {R"({"persona": 1, "attributes": []})", "/attributes", "at least one attribute"},
           {R"({"persona": 1, "attributes": {}})", "/attributes", "'attributes' must be a list, not an object"},
           {R"({"persona": 1, "atributes": []})", "/atributes", "no key 'atributes' here; did you mean 'attributes'?"},
           {R"({"persona": 1, "x/y~": 1})", "/x~1y~0", "those known are 'persona', 'name'"},
           {R"({"persona": 1, "name": 5})", "/name", "'name' must be text, not a number"},
           {R"({"persona": 1, "year": 2019.5})", "/year", "'year' must be a whole number"},
           {around("", R"(, "year": 12)"), "/year", "a calendar year such as 2019, not 12"},
           {around("", R"(, "year": 99999999999)"), "/year", "must be a whole number"}})
    check_refused(json, path, message);
}

TEST_CASE("attributes that cannot be") {
  const std::string normal = R"("distribution": {"family": "normal", "mean": 0, "sd": 1})";
  const auto named = [&](const std::string& name) { return around(R"({"name": ")" + name + "\", " + normal + "}"); };
  const auto with = [&](const std::string& more) { return around(R"({"name": "a", )" + normal + ", " + more + "}"); };
  const auto labelled = [&](const std::string& more) {
    return around(R"({"name": "a", "distribution": {"family": "categorical", "categories": ["x"]}, )" + more + "}");
  };
  for (const auto& [json, path, message] : std::vector<Bad>{
           {around("5"), "/attributes/4", "attribute 4: an object should stand here, not a number"},
           {around("{" + normal + "}"), "/attributes/4", "attribute 4: the key 'name' is missing"},
           {named("n"), "/attributes/4/name", "attribute 'n': attribute 0 has the same name"},
           {named("N"), "/attributes/4/name", "'n' differs only in case"},
           {named("2a"), "/attributes/4/name", "a name has letters, digits and _"},
           {named("a b"), "/attributes/4/name", "a name has letters, digits and _"},
           {named(""), "/attributes/4/name", "a name has letters, digits and _"},
           {named("and"), "/attributes/4/name", "'and' is a word of the expression language"},
           {named("index"), "/attributes/4/name", "'index' is the name of a column that persona makes"},
           {named("segment"), "/attributes/4/name", "'segment' is the name of a column"},
           {around(R"({"name": "a"})"), "/attributes/4", "attribute 'a': 'distribution' or 'cases' is missing"},
           {with(R"("truncat": {})"), "/attributes/4/truncat", "did you mean 'truncate'?"},
           {with(R"("missing": 1.5)"), "/attributes/4/missing", "'missing' must lie between 0 and 1, not 1.5"},
           {with(R"("missing": "no")"), "/attributes/4/missing", "'missing' must be a number, not text"},
           {with(R"("integer": 1)"), "/attributes/4/integer", "'integer' must be true or false, not a number"},
           {with(R"("round": -1)"), "/attributes/4/round", "'round' must not be negative"},
           {with(R"("round": 0.5, "integer": true)"), "/attributes/4/round", "multiples of 0.5"},
           {with(R"("truncate": 5)"), "/attributes/4/truncate", "an object should stand here"},
           {with(R"("truncate": {})"), "/attributes/4/truncate", "'min' or 'max' must be given"},
           {with(R"("truncate": {"min": "x"})"), "/attributes/4/truncate/min", "'min' must be a number, not text"},
           {with(R"("truncate": {"min": 5, "max": 5})"), "/attributes/4/truncate", "'min' 5 must be below 'max' 5"},
           {labelled(R"("truncate": {"min": 5})"), "/attributes/4/truncate",
            "'truncate' is for numbers, but categorical gives labels"},
           {labelled(R"("round": 5)"), "/attributes/4/round", "'round' is for numbers"},
           {labelled(R"("integer": true)"), "/attributes/4/integer", "'integer' is for numbers"}})
    check_refused(json, path, message);
}

TEST_CASE("distributions that cannot be") {
  const std::string at = "/attributes/4/distribution";
  for (
      const auto& [json, path, message] : std::vector<Bad>{
          {R"(5)", "", "an object should stand here, not a number"},
          {R"({})", "", "needs 'family'"},
          {R"({"family": "norml", "mean": 0})", "/family", "no family 'norml'; did you mean 'normal'?"},
          {R"({"family": "xyzzy"})", "/family", "those known are 'constant', 'normal'"},
          {R"({"family": "normal", "mean": 0})", "", "normal needs 'sd': Standard deviation"},
          {R"({"family": "normal", "mean": 0, "sd": 1, "sdd": 1})", "/sdd", "did you mean 'sd'?"},
          {R"({"family": "normal", "mean": null, "sd": 1})", "/mean",
           "'mean' must be a number or an expression, not null"},
          {R"({"family": "normal", "mean": "", "sd": 1})", "/mean", "not empty text"},
          {R"({"family": "normal", "mean": 0, "sd": 0})", "/sd", "'sd' must be positive, not 0"},
          {R"({"family": "lognormal", "mu": 0, "sigma": -2})", "/sigma", "'sigma' must be positive"},
          {R"({"family": "gamma", "shape": "n", "scale": 1})", "/shape",
           "'shape' cannot be an expression; write cases"},
          {R"({"family": "beta", "alpha": 1, "beta": 1, "low": 2})", "",
           "low must be below high, but 2 and 1 are given"},
          {R"({"family": "uniform", "low": 2, "high": 2})", "", "low must be below high"},
          {R"({"family": "uniform_integer", "low": 2, "high": 1})", "", "low must not be above high"},
          {R"({"family": "uniform_integer", "low": 0.5, "high": 1})", "/low", "'low' must be a whole number, not 0.5"},
          {R"({"family": "triangular", "low": 1, "mode": 5, "high": 3})", "", "mode must not be above high"},
          {R"({"family": "binomial", "trials": 1.5, "probability": 0.5})", "/trials", "whole number from 1 to 10^9"},
          {R"({"family": "bernoulli", "probability": 1.1})", "/probability", "between 0 and 1, not 1.1"},
          {R"({"family": "geometric", "probability": 0})", "/probability", "above 0 and at most 1"},
          {R"({"family": "zipf", "exponent": -1, "count": 3})", "/exponent", "must not be negative"},
          {R"({"family": "quantiles", "probabilities": [0], "values": [1]})", "", "at least two probabilities"},
          {R"({"family": "quantiles", "probabilities": [0, 1], "values": [1]})", "", "2 and 1 are given"},
          {R"({"family": "quantiles", "probabilities": [0, 0.5, 0.9], "values": [1, 2, 3]})", "/probabilities",
           "from 0 to 1, not from 0 to 0.9"},
          {R"({"family": "quantiles", "probabilities": [0, 0.5, 0.5, 1], "values": [1, 2, 3, 4]})", "/probabilities/2",
           "must rise"},
          {R"({"family": "quantiles", "probabilities": [0, 0.5, 1], "values": [1, 3, 2]})", "/values/2",
           "'values' must rise, but 2 comes after 3"},
          {R"({"family": "quantiles", "probabilities": [0, 1], "values": [1, 1]})", "/values", "write a constant"},
          {R"({"family": "histogram", "edges": [0, 1], "weights": [1, 2]})", "", "one edge more than weights"},
          {R"({"family": "histogram", "edges": [0, 1, 1], "weights": [1, 2]})", "/edges/2", "must rise"},
          {R"({"family": "histogram", "edges": [0, 1, 2], "weights": [0, 0]})", "/weights", "positive, finite sum"},
          {R"({"family": "mixture", "components": []})", "/components", "at least one component"},
          {R"({"family": "mixture", "components": [{"weight": 1}]})", "/components/0",
           "needs 'weight' and 'distribution'"},
          {R"({"family": "mixture", "components": [{"weight": 0, "distribution": {"family": "poisson", "mean": 1}}]})",
           "/components/0/weight", "must be positive"},
          {R"({"family": "mixture", "components": [{"weight": 1, "distribution": {"family": "poisson", "mean": "n"}}]})",
           "/components/0/distribution/mean", "inside a mixture"},
          {R"({"family": "mixture", "components": [{"weight": 1, "distribution": {"family": "bernoulli", "probability": 1}}]})",
           "/components/0/distribution", "bernoulli cannot be part of it"},
          {R"({"family": "zero_inflated", "zero": 2, "rest": {"family": "poisson", "mean": 1}})", "/zero",
           "between 0 and 1"},
          {R"({"family": "zero_inflated", "zero": 0.2, "rest": {"family": "poisson", "mean": 0}})", "/rest/mean",
           "must be positive"},
          {R"({"family": "categorical"})", "", "categorical needs 'categories'"},
          {R"({"family": "categorical", "categories": []})", "/categories", "at least one label"},
          {R"({"family": "categorical", "categories": ["p", 3]})", "/categories/1",
           "'categories' must hold texts, not a number"},
          {R"({"family": "categorical", "categories": ["p", "p"]})", "/categories/1", "'p' stands twice"},
          {R"({"family": "categorical", "categories": ["p", ""]})", "/categories/1", "must not be empty"},
          {R"({"family": "categorical", "categories": ["p", "q"], "weights": [1]})", "/weights",
           "2 labels, but 1 weights"},
          {R"({"family": "categorical", "categories": ["p", "q"], "weights": [1, -1]})", "/weights/1",
           "must not be negative"},
          {R"({"family": "categorical", "categories": ["p", "q"], "weights": {"p": 1}})", "/weights", "not beside it"},
          {R"({"family": "categorical", "weights": {"p": "x"}})", "/weights/p", "must be a number"},
          {R"({"family": "ordinal", "weights": {"p": 1}})", "/weights", "labels have an order; list them"},
          {R"({"family": "ordinal", "categories": ["p", "q"], "scores": [1, 1]})", "/scores/1", "'scores' must rise"},
          {R"({"family": "multi_select", "categories": ["p"], "probabilities": [0.1, 0.2]})", "/probabilities",
           "1 labels, but 2 probabilities"},
          {R"({"family": "date_range", "from": "2019-02-29", "to": "2020-01-01"})", "/from", "must be a day such as"},
          {R"({"family": "date_range", "from": "2019-02-03", "to": "2019-02-01"})", "",
           "'from' 2019-02-03 is after 'to' 2019-02-01"},
          {R"({"family": "constant", "value": null})", "/value", "a constant is a number"},
          {R"({"family": "constant", "value": 18446744073709551615})", "/value", "too large"},
          {R"({"family": "derived", "expression": ""})", "/expression", "empty"},
          {R"({"family": "derived", "expression": "m + 1"})", "/expression", "there is no attribute 'm'"},
          {R"({"family": "derived", "expression": "c"})", "/expression", "list its labels as 'categories'"},
          {R"({"family": "derived", "expression": "n", "categories": ["p"]})", "/expression",
           "the result must be one of 'p'"},
          {R"({"family": "derived", "expression": "a + 1"})", "!/attributes", "in a circle: a -> a"},
          {R"({"family": "normal", "mean": "c", "sd": 1})", "/mean", "its expression gives none"},
          {R"({"family": "given_name", "sex": "n"})", "/sex", "'n' is none"},
          {R"({"family": "given_name", "age": "c"})", "/age", "must name an attribute that holds numbers"},
          {R"({"family": "given_name", "age": "n"})", "/age", "has a 'year'"},
          {R"({"family": "given_name", "origin": "oo"})", "/origin", "there is no attribute 'oo'; did you mean 'o'?"}})
    check_refused(distribution(json), path.starts_with("!") ? path.substr(1) : at + path, message);
}
