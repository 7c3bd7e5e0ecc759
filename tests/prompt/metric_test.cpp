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

TEST_CASE("the best of several references counts") {
  const auto score = [](const MetricPtr& metric, const char* references, const char* given) {
    const Example example{.id = "e", .fields = {{"answer", text("first")}, {"ideals", JsonText{references}}}};
    Prediction prediction;
    prediction.outputs["answer"] = text(given);
    const auto scored = metric->score(example, prediction);
    REQUIRE(scored.has_value());
    return scored->value;
  };
  CHECK(score(exact_match("answer", "ideals"), R"(["4", "four"])", "Four.") == 1);
  CHECK(score(exact_match("answer", "ideals"), R"([5, "four"])", "5.0") == 1);
  CHECK(score(exact_match("answer", "ideals"), R"(["4", "four"])", "first") == 0);  // the list is the whole
  CHECK(score(contains("answer", "ideals"), R"(["4", "four"])", "it is four") == 1);
  CHECK(score(matches_pattern("answer", "ideals"), R"(["^4$", "^f.*r$"])", "four") == 1);
  CHECK(score(near("answer", 0.1, 0, "ideals"), "[3, 4]", "4.05") == 1);
  CHECK(score(token_f1("answer", "ideals"), R"(["a dog", "the cat sat"])", "a cat") == doctest::Approx(2.0 / 3));
  CHECK(score(edit_similarity("answer", "ideals"), R"(["xxxxxxx", "kitten"])", "sitting") ==
        doctest::Approx(1 - 3.0 / 7));
  CHECK(score(rouge_l("answer", "ideals"), R"(["no", "police killed the gunman"])", "police kill the gunman") ==
        doctest::Approx(0.75));
  CHECK(score(chrf("answer", "ideals"), R"(["xyz", "abcdef"])", "abcdef") == doctest::Approx(1));
  CHECK(score(*metric_named("rouge_l", "answer", "ideals"), R"(["no", "yes"])", "yes") == 1);
}

TEST_CASE("BLEU of several references counts what any of them has, and the nearest length") {
  const auto score = [](const char* references, const char* given) {
    Prediction prediction;
    prediction.outputs["answer"] = text(given);
    return bleu("answer", "ideals")
        ->score({.id = "e", .fields = {{"ideals", JsonText{references}}}}, prediction)
        ->value;
  };
  // 4/4 words, 2/3 pairs, 1/2 triples, and 0.1 of the one four: `y` is in the second reference alone
  CHECK(score(R"(["a b c d", "a b x y"])", "a b c y") == doctest::Approx(std::pow(2.0 / 3 / 2 * 0.1, 0.25)));
  // counts are clipped by the reference that has most: `a` twice, of three
  CHECK(score(R"(["a b", "a a"])", "a a a") == doctest::Approx(std::pow(2.0 / 3 * 1 / 2 * 0.1, 1.0 / 3)));
  CHECK(score(R"(["a b c d e f g h", "a b c d e"])", "a b c d") == doctest::Approx(std::exp(1 - 5.0 / 4)));
  CHECK(score(R"(["a b c d e", "a b c"])", "a b c d") == doctest::Approx(1));  // of equally near ones the shorter
  CHECK(score(R"(["", "a"])", "") == 1);
  CHECK(score(R"(["b", "a"])", "") == 0);
}

TEST_CASE("references are of the example: without them the field counts, an empty list is an error") {
  const auto metric = exact_match("answer", "ideals");
  CHECK(metric->name() == "exact_match(answer, ideals)");
  Prediction prediction;
  prediction.outputs["answer"] = text("Paris");
  CHECK(metric->score({.id = "e", .fields = {{"answer", text("paris")}}}, prediction)->value == 1);
  CHECK(metric->score({.id = "e", .fields = {{"ideals", text("paris")}}}, prediction)->value == 1);
  CHECK(metric->score({.id = "e", .fields = {{"ideals", JsonText{R"(["a", "b"])"}}}}, prediction)->feedback ==
        R"(expected "a" or "b", the answer was "Paris")");
  const auto none = metric->score({.id = "e7", .fields = {{"ideals", JsonText{"[]"}}}}, prediction);
  REQUIRE_FALSE(none);
  CHECK(none.error().message.find("e7") != std::string::npos);
  CHECK(none.error().message.find("ideals") != std::string::npos);
}

TEST_CASE("an example without the field is an error that names both") {
  const auto score = exact_match("label")->score({.id = "e7"}, {});
  REQUIRE_FALSE(score.has_value());
  CHECK(score.error().message == "example 'e7' has no field 'label' to judge by");
}

TEST_CASE("patterns are found anywhere, in linear time") {
  CHECK(score_of(matches_pattern(), text("^[A-D]$"), text("C")) == 1);
  CHECK(score_of(matches_pattern(), text("^[A-D]$"), text("C.")) == 0);
  CHECK(score_of(matches_pattern(), text("\\d{4}"), text("in 1984")) == 1);
  CHECK(score_of(matches_pattern(), text(""), text("")) == 1);
  CHECK(score_of(matches_pattern(), text("(a+)+$"), std::string(5000, 'a') + "b") == 0);
  const Example broken{.id = "e", .fields = {{"answer", text("(")}}};
  CHECK(matches_pattern()->score(broken, {}).error().message.find("example 'e'") == 0);
}

TEST_CASE("weights") {
  const auto both = weighted({{exact_match(), 3}, {token_f1(), 1}});
  REQUIRE(both.has_value());
  CHECK(score_of(*both, text("the cat sat"), text("a cat")) == doctest::Approx(0.25 * 2 / 3));
  CHECK_FALSE(weighted({}).has_value());
  CHECK_FALSE(weighted({{exact_match(), -1}}).has_value());
}
