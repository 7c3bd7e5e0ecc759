//! What refers to other attributes, and documents at the limits.
#include <persona/population/spec.hpp>

#include <doctest/doctest.h>

#include <limits>

using namespace persona;

namespace {

struct Bad {
  std::string json, path, message;
};

//! A number "n", a yes-or-no "b", a category "c", an ordinal "o", days "d", lists "l", a derived "e", and more.
std::string beside(const std::string& attributes, const std::string& more = {}) {
  return R"({"persona": 1, "attributes": [{"name": "n", "distribution": {"family": "normal", "mean": 0, "sd": 1}},
    {"name": "b", "distribution": {"family": "bernoulli", "probability": 0.5}},
    {"name": "c", "distribution": {"family": "categorical", "categories": ["x", "y", "z"]}},
    {"name": "o", "distribution": {"family": "ordinal", "categories": ["low", "high"]}},
    {"name": "d", "distribution": {"family": "date_range", "from": "2001-01-01", "to": "2002-01-01"}},
    {"name": "l", "distribution": {"family": "multi_select", "categories": ["x"], "probabilities": [1]}},
    {"name": "e", "distribution": {"family": "derived", "expression": "n + 1"}},
    {"name": "k", "distribution": {"family": "constant", "value": 1}})" +
         (attributes.empty() ? "" : ", " + attributes) + "]" + more + "}";
}

void check_all(const std::vector<Bad>& all) {
  for (const auto& [json, path, message] : all) {
    const auto& captured_json = json;  // clang 14 captures no bindings
    CAPTURE(captured_json);
    const auto spec = parse_spec(json);
    REQUIRE(!spec.has_value());
    CHECK(spec.error().path == path);
    CHECK_MESSAGE(spec.error().message.find(message) != std::string::npos, spec.error().message);
  }
}

}  // namespace

TEST_CASE("cases must ask what can be asked, and give what the attribute has") {
  const auto when = [](const std::string& condition) {
    return beside(R"({"name": "a", "distribution": {"family": "poisson", "mean": 1}, "cases": [{"when": )" + condition +
                  R"(, "distribution": {"family": "poisson", "mean": 2}}]})");
  };
  const auto gives = [](const std::string& own, const std::string& other) {
    return beside(R"({"name": "a", "distribution": )" + own + R"(, "cases": [{"when": {"b": true}, "distribution": )" +
                  other + "}]}");
  };
  const std::string poisson = R"({"family": "poisson", "mean": 1})",
                    pq = R"({"family": "categorical", "categories": ["p", "q"]})";
  const std::string at = "/attributes/8/cases/0";
  check_all({{when("{}"), at + "/when", "a case needs a condition"},
             {when("5"), at + "/when", "an object should stand here"},
             {when(R"({"m": "x"})"), at + "/when/m", "there is no attribute 'm'"},
             {when(R"({"c": "w"})"), at + "/when/c", "'c' has no label 'w'; its labels are 'x', 'y', 'z'"},
             {when(R"({"c": ["x", "x"]})"), at + "/when/c", "'x' stands twice"},
             {when(R"({"c": []})"), at + "/when/c", "a label of 'c' should stand here"},
             {when(R"({"c": {"from": 1}})"), at + "/when/c", "a label of 'c' should stand here"},
             {when(R"({"b": "yes"})"), at + "/when/b", "its labels are 'true', 'false'"},
             {when(R"({"n": "x"})"), at + "/when/n", "'n' is a number; ask"},
             {when(R"({"n": 5})"), at + "/when/n", "the condition on 'n' must be a label"},
             {when(R"({"n": {}})"), at + "/when/n", "'n' is a number; ask"},
             {when(R"({"n": {"from": 2, "below": 2}})"), at + "/when/n", "no number lies from 2 to below 2"},
             {when(R"({"n": {"from": 2, "to": 2}})"), at + "/when/n/to", "there is no key 'to' here"},
             {when(R"({"d": {"from": 2}})"), at + "/when/d", "a case cannot ask for 'd'"},
             {when(R"({"l": "x"})"), at + "/when/l", "a case cannot ask for 'l'"},
             {when(R"({"a": {"from": 2}})"), "/attributes", "in a circle: a -> a"},
             {gives(poisson, pq), at + "/distribution",
              "categorical gives labels, but the attribute's poisson gives numbers"},
             {gives(pq, R"({"family": "categorical", "categories": ["p", "r"]})"), at + "/distribution",
              "it has the labels 'p', 'r'"},
             {gives(pq, R"({"family": "ordinal", "categories": ["p", "q"]})"), at + "/distribution",
              "it is ordinal, but the attribute is categorical"},
             {gives(pq, R"({"family": "constant", "value": "r"})"), at + "/distribution", "it has the labels 'r'"},
             {gives(pq, R"({"weights": {"p": 1}})"), at + "/distribution/weights", "the label 'q' has no weight"},
             {gives(pq, R"({"weights": {"p": 1, "Q": 2}})"), at + "/distribution/weights/Q",
              "no label 'Q'; the labels are 'p', 'q'; did you mean 'q'?"},
             {gives(poisson, R"({"family": "derived", "expression": "n"})"), at + "/distribution",
              "use if(condition, value, other value)"},
             {gives(R"({"family": "surname"})", R"({"family": "surname"})"), at + "/distribution",
              "surname cannot stand among cases"},
             {gives(poisson, R"({"weights": [1]})"), at + "/distribution", "needs 'family'"}});
}

TEST_CASE("segments, correlations and constraints refer to what there is") {
  const auto segment = [](const std::string& more) { return beside("", R"(, "segments": [)" + more + "]"); };
  const auto correlation = [](const std::string& more) {
    return beside("", R"(, "correlations": [{"between": )" + more + "}]");
  };
  const auto constraint = [](const std::string& more) { return beside("", R"(, "constraints": [)" + more + "]"); };
  check_all(
      {{segment(R"({"weight": 1})"), "/segments/0", "segment 0: the key 'name' is missing"},
       {segment(R"({"name": "s"})"), "/segments/0", "segment 's': the key 'weight' is missing"},
       {segment(R"({"name": "", "weight": 1})"), "/segments/0/name", "a segment needs a name"},
       {segment(R"({"name": "s", "weight": 0})"), "/segments/0/weight", "must be positive"},
       {segment(R"({"name": "s", "weight": 1}, {"name": "s", "weight": 1})"), "/segments/1/name", "same name"},
       {segment(R"({"name": "s", "weight": 1, "attributes": {"nn": {"family": "poisson", "mean": 1}}})"),
        "/segments/0/attributes/nn", "did you mean 'n'?"},
       {segment(R"({"name": "s", "weight": 1, "attributes": {"n": {"family": "poisson", "mean": 0}}})"),
        "/segments/0/attributes/n/mean", "segment 's': 'mean' must be positive"},
       {segment(R"({"name": "s", "weight": 1, "attributes": {"e": {"family": "poisson", "mean": 1}}})"),
        "/segments/0/attributes/e", "derived cannot stand among cases or segments"},
       {segment(R"({"name": "s", "weight": 1, "attributes": {"n": {"family": "poisson", "mean": "q"}}})"),
        "/segments/0/attributes/n/mean", "there is no attribute 'q'"},
       {correlation(R"(["n"], "pearson": 0)"), "/correlations/0/between", "must name two attributes"},
       {correlation(R"(["n", "o"])"), "/correlations/0", "exactly one of"},
       {correlation(R"(["n", "o"], "pearson": 0, "kendall": 0)"), "/correlations/0", "exactly one of"},
       {correlation(R"(["n", "o"], "pearson": 1.01)"), "/correlations/0/pearson", "between -1 and 1, not at 1.01"},
       {correlation(R"(["n", "o"], "pearson": 0, "weight": 0)"), "/correlations/0/weight", "must be positive"},
       {correlation(R"(["n", "n"], "pearson": 0)"), "/correlations/0/between", "not correlated with itself"},
       {correlation(R"(["n", "oo"], "pearson": 0)"), "/correlations/0/between/1",
        "there is no attribute 'oo'; did you mean 'o'?"},
       {correlation(R"(["c", "n"], "pearson": 0)"), "/correlations/0/between/0", "write cases instead"},
       {correlation(R"(["n", "l"], "pearson": 0)"), "/correlations/0/between/1", "'l' holds lists"},
       {correlation(R"(["n", "e"], "pearson": 0)"), "/correlations/0/between/1",
        "'e' is derived; correlate what it is computed from"},
       {correlation(R"(["n", "k"], "pearson": 0)"), "/correlations/0/between/1", "the same for everybody"},
       {correlation(R"(["n", "o"], "pearson": 0}, {"between": ["o", "n"], "kendall": 0)"), "/correlations/1/between",
        "the pair stands twice"},
       {constraint("5"), "/constraints/0", "an object should stand here, not a number"},
       {constraint(R"({"reason": "x"})"), "/constraints/0", "'expression' is missing"},
       {constraint(R"("n")"), "/constraints/0", "\"n\" is no condition"},
       {constraint(R"("b", "n >")"), "/constraints/1", "constraint 1: in the expression \"n >\", character 4"}});
}

TEST_CASE("an expression and a truncation go together for normal and lognormal alone") {
  const auto truncated = [](const std::string& family) {
    return parse_spec(beside(R"({"name": "a", "truncate": {"min": 0}, "distribution": )" + family + "}"));
  };
  CHECK(truncated(R"({"family": "normal", "mean": "n", "sd": 1})").has_value());
  CHECK(truncated(R"({"family": "lognormal", "mu": "n", "sigma": 1})").has_value());
  const auto refused = truncated(R"({"family": "exponential", "rate": "n"})");
  REQUIRE(!refused.has_value());
  CHECK(refused.error().path == "/attributes/8/distribution/rate");
  CHECK(refused.error().message.find("only normal and lognormal can have both") != std::string::npos);
}

TEST_CASE("a later format is unsupported") {
  const auto spec = parse_spec(R"({"persona": 2, "whatever": []})");
  REQUIRE(!spec.has_value());
  CHECK(spec.error().code == Errc::unsupported);
  CHECK(spec.error().path == "/persona");
}

TEST_CASE("hostile documents end in an error") {
  const auto refused = [](const std::string& json) {
    const auto spec = parse_spec(json);
    REQUIRE(!spec.has_value());
    return to_string(spec.error());
  };
  const auto says = [&](const std::string& json, const char* part) {
    const std::string message = refused(json);
    CHECK_MESSAGE(message.find(part) != std::string::npos, message);
  };
  says(std::string(100'000, '['), "nested deeper than 64 levels");
  says(beside("{\"name\": \"\xff\"}"), "not UTF-8");
  says(beside("{\"name\": \"\xed\xa0\x80\"}"), "not UTF-8");  // a surrogate
  says(R"({"persona": 1, "persona": 1})", "/persona: the key 'persona' stands twice in one object");
  says(beside(R"({"name": "a", "name": "b"})"), "/attributes/8/name: the key 'name' stands twice");
  says(R"({"persona": NaN})", "not JSON");
  says(R"({"persona": 1, "year": 1e999})", "not JSON");
  says(R"({"persona": 1, "year": -Infinity})", "not JSON");
  says(beside("") + "x", "not JSON");
  says(std::string((8u << 20) + 1, ' '), "at most 8388608 are read");
  std::string many;
  for (int i = 0; i < 100'000; ++i)
    many += (i == 0 ? "" : ",") + std::string("{\"name\":\"a") + std::to_string(i) +
            "\",\"distribution\":{\"family\":\"bernoulli\",\"probability\":1}}";
  says(R"({"persona": 1, "attributes": [)" + many + "]}",
       "/attributes/10000: specification: there are more than 10000 attributes");
}

TEST_CASE("what JSON cannot say is refused in C++ too") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();
  const auto path = [](Attribute attribute) {
    PopulationSpec spec;
    if (attribute.name.empty()) attribute.name = "a";
    spec.attributes = {std::move(attribute)};
    const auto valid = validate(spec);
    return valid ? "valid" : valid.error().path;
  };
  CHECK(path({.distribution = Normal{nan, 1}}) == "/attributes/0/distribution/mean");
  CHECK(path({.distribution = Normal{0, infinite}}) == "/attributes/0/distribution/sd");
  CHECK(path({.distribution = Constant{nan}}) == "/attributes/0/distribution/value");
  CHECK(path({.distribution = Constant{}}) == "/attributes/0/distribution/value");
  CHECK(path({.distribution = Constant{Date{100'000'000}}}) == "/attributes/0/distribution");
  CHECK(path({.distribution = Categorical{{"\xff"}}}) == "/attributes/0/distribution/categories/0");
  CHECK(path({.distribution = Derived{"\xff"}}) == "/attributes/0/distribution/expression");
  CHECK(path({.distribution = ZeroInflated{0.5, {}}}) == "/attributes/0/distribution/rest");
  CHECK(path({.distribution = ZeroInflated{0.5, {Component{2, Poisson{1}}}}}) == "/attributes/0/distribution/rest");
  CHECK(path({.unit = "\xff", .distribution = Poisson{1}}) == "/attributes/0/unit");
  CHECK(path({.distribution = Poisson{1}, .truncation = Truncation{nan, 1}}) == "/attributes/0/truncate");
  CHECK(path({.distribution = Poisson{1}, .round = nan}) == "/attributes/0/round");
  Distribution deep = Poisson{1};
  for (int i = 0; i < 9; ++i) deep = Mixture{{Component{1, deep}}};
  CHECK(path({.distribution = deep}).starts_with("/attributes/0/distribution/components"));
  CHECK(path({.name = "\xff", .distribution = Poisson{1}}) == "/attributes/0/name");
  const Condition twice[] = {{.attribute = "a", .from = 1}, {.attribute = "a", .below = 3}};
  CHECK(path({.distribution = Poisson{1}, .cases = {{{twice[0], twice[1]}, Poisson{2}}}}) ==
        "/attributes/0/cases/0/when/a");
}
