//! Metrics, and the known defects of others.
#include <persona/prompt/metric.hpp>

#include <doctest/doctest.h>

#include <cmath>

using namespace persona;
using namespace persona::prompt;

namespace {

double score_of(const MetricPtr& metric, FieldValue expected, FieldValue given) {
  const Example example{.id = "e", .fields = {{"answer", std::move(expected)}}};
  Prediction prediction;
  prediction.outputs["answer"] = std::move(given);
  const auto score = metric->score(example, prediction);
  REQUIRE(score.has_value());
  return score->value;
}

FieldValue text(const char* words) {
  return std::string(words);
}

}  // namespace

TEST_CASE("zero, false and empty are answers like any other") {
  CHECK(score_of(exact_match(), std::int64_t{0}, std::int64_t{0}) == 1);
  CHECK(score_of(exact_match(), std::int64_t{0}, text("0")) == 1);
  CHECK(score_of(exact_match(), std::int64_t{0}, text("")) == 0);
  CHECK(score_of(exact_match(), std::int64_t{0}, std::monostate()) == 0);
  CHECK(score_of(exact_match(), false, text("No.")) == 1);
  CHECK(score_of(exact_match(), text(""), text("")) == 1);
  CHECK(score_of(exact_match(), text(""), text("x")) == 0);
  CHECK(score_of(contains(), text(""), text("x")) == 0);
}

TEST_CASE("numbers count by value, objects by content") {
  CHECK(score_of(exact_match(), text("1000"), text("1,000")) == 1);
  CHECK(score_of(exact_match(), 2.5, text("2.50")) == 1);
  CHECK(score_of(exact_match(), text("15"), text("1,5")) == 0);
  CHECK(score_of(exact_match(), JsonText{R"({"a":1,"b":[2]})"}, text(R"({"b": [2.0], "a": 1})")) == 1);
  CHECK(score_of(exact_match(), JsonText{R"({"a":1})"}, JsonText{R"({"a":1,"b":2})"}) == 0);
  CHECK(score_of(near("answer", 0.5), 10.0, text("10.4 ")) == 1);
  CHECK(score_of(near("answer", 0.5), 10.0, text("ten")) == 0);
}

TEST_CASE("overlaps are the published ones") {
  CHECK(score_of(token_f1(), text("the cat sat"), text("a cat")) == doctest::Approx(2.0 / 3));
  CHECK(score_of(rouge_l(), text("police killed the gunman"), text("police kill the gunman")) == doctest::Approx(0.75));
  CHECK(score_of(edit_similarity(), text("kitten"), text("sitting")) == doctest::Approx(1 - 3.0 / 7));
  CHECK(score_of(bleu(), text("the quick brown fox jumps"), text("the quick brown fox jumps")) == doctest::Approx(1));
  CHECK(score_of(bleu(), text("alpha beta"), text("gamma delta")) == 0);
  CHECK(score_of(chrf(), text("abcdef"), text("abcdef")) == doctest::Approx(1));
  CHECK(score_of(chrf(), text("abc"), text("xyz")) == 0);
}

TEST_CASE("an example without the field is an error that names both") {
  const auto score = exact_match("label")->score({.id = "e7"}, {});
  REQUIRE_FALSE(score.has_value());
  CHECK(score.error().message == "example 'e7' has no field 'label' to judge by");
}

TEST_CASE("weights") {
  const auto both = weighted({{exact_match(), 3}, {token_f1(), 1}});
  REQUIRE(both.has_value());
  CHECK(score_of(*both, text("the cat sat"), text("a cat")) == doctest::Approx(0.25 * 2 / 3));
  CHECK_FALSE(weighted({}).has_value());
  CHECK_FALSE(weighted({{exact_match(), -1}}).has_value());
}
