//! The fluent builder says what JSON says, and refuses what JSON refuses.
#include <persona/population/builder.hpp>

#include <doctest/doctest.h>

using namespace persona;

TEST_CASE("a built specification is the one written in JSON") {
  const auto built =
      SpecBuilder("adults")
          .description("of a town")
          .year(2019)
          .attribute("sex", Categorical{{"female", "male"}, {51, 49}})
          .attribute("age", Normal{46, 18})
          .description("at the last birthday")
          .unit("years")
          .truncate(18, 95)
          .integer()
          .missing(0.01)
          .attribute("income", LogNormal{10.3, 0.6})
          .round(100)
          .when("sex", "male", LogNormal{10.5, 0.6})
          .when({{.attribute = "age", .from = 65}, {.attribute = "sex", .any_of = {"female"}}}, LogNormal{9.8, 0.5})
          .attribute("hours")
          .when("sex", "male", Poisson{40})
          .segment("workers", 0.9)
          .segment("students", 0.1)
          .replace("income", LogNormal{9, 0.7})
          .correlate("age", "income", 0.3)
          .correlate("hours", "income", 0.2, CorrelationKind::spearman, 2)
          .require("income > 0")
          .require("age < 90 or hours == 0", "rest")
          .build();
  REQUIRE_MESSAGE(built.has_value(), to_string(built.error()));
  const auto read = parse_spec(R"({"persona": 1, "name": "adults", "description": "of a town", "year": 2019,
    "attributes": [
      {"name": "sex", "distribution": {"family": "categorical", "weights": {"female": 51, "male": 49}}},
      {"name": "age", "description": "at the last birthday", "unit": "years", "truncate": {"min": 18, "max": 95},
       "integer": true, "missing": 0.01, "distribution": {"family": "normal", "mean": 46, "sd": 18}},
      {"name": "income", "round": 100, "distribution": {"family": "lognormal", "mu": 10.3, "sigma": 0.6}, "cases": [
        {"when": {"sex": "male"}, "distribution": {"family": "lognormal", "mu": 10.5, "sigma": 0.6}},
        {"when": {"age": {"from": 65}, "sex": "female"}, "distribution": {"family": "lognormal", "mu": 9.8, "sigma": 0.5}}]},
      {"name": "hours", "cases": [{"when": {"sex": "male"}, "distribution": {"family": "poisson", "mean": 40}}]}],
    "segments": [{"name": "workers", "weight": 0.9},
                 {"name": "students", "weight": 0.1, "attributes": {"income": {"family": "lognormal", "mu": 9, "sigma": 0.7}}}],
    "correlations": [{"between": ["age", "income"], "pearson": 0.3},
                     {"between": ["hours", "income"], "spearman": 0.2, "weight": 2}],
    "constraints": ["income > 0", {"expression": "age < 90 or hours == 0", "reason": "rest"}]})");
  REQUIRE_MESSAGE(read.has_value(), to_string(read.error()));
  CHECK(*built == *read);
  CHECK(content_hash(*built) == content_hash(*read));
}

TEST_CASE("building checks as reading does") {
  const auto built = SpecBuilder("adults").attribute("age", Normal{46, -1}).build();
  REQUIRE(!built.has_value());
  CHECK(built.error() == Error{Errc::invalid_argument, "attribute 'age': 'sd' must be positive, not -1",
                               "/attributes/0/distribution/sd"});
}

TEST_CASE("a call that speaks about nothing is an error, whatever follows") {
  const auto misuse = [](const Result<PopulationSpec>& built) { return built ? std::string() : built.error().message; };
  CHECK(misuse(SpecBuilder("a").unit("years").attribute("age", Normal{46, 18}).build()) ==
        "unit(...) was called before attribute(...)");
  CHECK(misuse(SpecBuilder("a").attribute("age", Normal{46, 18}).replace("age", Normal{1, 1}).build()) ==
        "replace(...) was called before segment(...)");
  CHECK(misuse(SpecBuilder("a").attribute("age", Normal{46, 18}).segment("s", 1).round(3).build()) ==
        "round(...) was called before attribute(...)");
}

TEST_CASE("a builder can go on after it has built") {
  SpecBuilder builder("adults");
  CHECK(builder.build().error().path == "/attributes");
  builder.attribute("age", Normal{46, 18});
  const auto one = builder.build();
  const auto two = builder.attribute("size", Poisson{2}).build();
  REQUIRE((one.has_value() && two.has_value()));
  CHECK(one->attributes.size() == 1);
  CHECK(two->attributes.size() == 2);
}
