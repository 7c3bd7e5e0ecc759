//! What compiling finds, and that people keep to what was asked.
#include "reference_model.hpp"

#include "population/sample_correlation.hpp"

#include <cmath>
#include <numeric>
#include <random>

using namespace persona;
using persona::testing::compiled;

namespace {

std::vector<double> numbers_of(const Population& people, const std::string& name) {
  std::vector<double> numbers(static_cast<std::size_t>(people.size()));
  people.column(name)->numbers(0, numbers);
  return numbers;
}

Error compile_error(const SpecBuilder& builder) {
  auto spec = builder.build();
  REQUIRE_MESSAGE(spec.has_value(), to_string(spec.error()));
  auto model = PopulationModel::compile(*spec);
  REQUIRE_FALSE(model.has_value());
  return model.error();
}

}  // namespace

TEST_CASE("a correlation beyond the reach of its marginals is refused with the reach") {
  SpecBuilder builder("reach");
  builder.attribute("income", LogNormal{10, 1.5})
      .attribute("member", Bernoulli{0.02})
      .correlate("income", "member", 0.9);
  const Error error = compile_error(builder);
  CHECK(error.code == Errc::infeasible);
  CHECK(error.path == "/correlations/0");
  CHECK(error.message.find("'income' and 'member' cannot have a Pearson correlation of 0.9") != std::string::npos);
}

TEST_CASE("a Pearson correlation needs a finite variance") {
  SpecBuilder builder("tails");
  builder.attribute("wealth", Pareto{1, 1.5}).attribute("age", Normal{40, 10}).correlate("wealth", "age", 0.2);
  const Error error = compile_error(builder);
  CHECK(error.code == Errc::infeasible);
  CHECK(error.message.find("'wealth' has no finite variance") != std::string::npos);
}

TEST_CASE("constraints that nobody satisfies are refused with the share that does") {
  SpecBuilder builder("nobody");
  builder.attribute("age", Normal{40, 10}).truncate(0, 100).require("age > 99.9");
  const Error error = compile_error(builder);
  CHECK(error.code == Errc::infeasible);
  CHECK(error.path == "/constraints");
}

TEST_CASE("cases that leave people out are refused with those people") {
  SpecBuilder builder("gap");
  builder.attribute("sex", Categorical{{"female", "male"}, {1, 1}})
      .attribute("height")
      .when("sex", "male", Normal{178, 7});
  auto spec = builder.build();
  if (!spec) return;  // refused even earlier
  auto model = PopulationModel::compile(*spec);
  if (model) {
    // People no case covers have no value, and are told apart from the rest.
    const auto people = *model->generate({.count = 1000, .seed = 1});
    for (std::int64_t row = 0; row < people.size(); ++row)
      CHECK(people.find("height")->is_valid(row) == (people.find("sex")->text(row) == "male"));
  } else {
    CHECK(model.error().message.find("sex is 'female'") != std::string::npos);
  }
}

TEST_CASE("correlations that exclude each other are moved, the light ones most, and reported") {
  SpecBuilder builder("impossible");
  for (const char* name : {"a", "b", "c"}) builder.attribute(name, Normal{0, 1});
  builder.correlate("a", "b", 0.9, CorrelationKind::pearson, 10).correlate("b", "c", 0.9).correlate("a", "c", -0.9);
  const auto generator = compiled(*builder.build());
  const auto& findings = generator.report().correlations;
  CHECK(std::any_of(findings.begin(), findings.end(), [](const auto& f) { return f.moved; }));
  for (const auto& f : findings)
    if (f.moved) CHECK_FALSE(f.reason.empty());
  CHECK(std::abs(findings[0].used - 0.9) < std::abs(findings[2].used + 0.9));
  const auto people = *generator.generate({.count = 200'000, .seed = 1});
  for (const auto& f : findings) {
    const auto x = numbers_of(people, f.asked.a), y = numbers_of(people, f.asked.b);
    // Five standard errors, three pairs.
    CHECK(std::abs(sample_pearson(x, y) - f.used) < 5 * pearson_standard_error(x, y));
  }
}

TEST_CASE("what nobody asked gives way before what was asked") {
  SpecBuilder builder("chain");
  for (const char* name : {"a", "b", "c"}) builder.attribute(name, Normal{0, 1});
  builder.correlate("a", "b", 0.9).correlate("b", "c", 0.9);
  const auto generator = compiled(*builder.build());
  for (const auto& f : generator.report().correlations) CHECK_FALSE(f.moved);
}

TEST_CASE("random specifications keep to their correlations, or say what they moved" * doctest::test_suite("long")) {
  // 25 models of up to 12 attributes of every kind; each correlation judged at 5 standard errors with the pilot's:
  // about 400 judgements, a right one fails by chance with probability 400 * 6e-7.
  std::mt19937_64 random(20'191);
  const auto uniform = [&] { return std::uniform_real_distribution<>(0, 1)(random); };
  for (int model = 0; model < 25; ++model) {
    const int d = 2 + static_cast<int>(uniform() * 11);
    SpecBuilder builder("random");
    for (int i = 0; i < d; ++i) {
      const Distribution laws[] = {Normal{5, 2},
                                   LogNormal{0, 0.1 + uniform()},
                                   Gamma{0.5 + 4 * uniform(), 2},
                                   Beta{0.5 + uniform(), 2},
                                   Uniform{0, 1},
                                   Poisson{0.2 + 5 * uniform()},
                                   Bernoulli{0.1 + 0.8 * uniform()},
                                   Triangular{0, 0.2, 1},
                                   Ordinal{{"x", "y", "z"}, {0.1 + uniform(), 1, 0.1 + uniform()}, {}},
                                   Exponential{1}};
      builder.attribute("x" + std::to_string(i), laws[random() % 10]);
    }
    for (int i = 0; i < d; ++i)
      for (int j = 0; j < i; ++j) {
        if (uniform() >= 0.6) continue;
        const auto kind = CorrelationKind(random() % 3);  // drawn before: compilers evaluate arguments in any order
        const double value = 0.8 * (uniform() - 0.5);
        builder.correlate("x" + std::to_string(j), "x" + std::to_string(i), value, kind);
      }
    const auto generator = compiled(*builder.build());
    const auto people = *generator.generate({.count = 50'000, .seed = random()});
    for (const auto& f : generator.report().correlations) {
      CAPTURE(to_json(generator.spec()));
      CAPTURE(f.asked.a);
      CAPTURE(f.asked.b);
      const auto x = numbers_of(people, f.asked.a), y = numbers_of(people, f.asked.b);
      const auto ranked = [&](const auto& v) { return f.asked.kind == CorrelationKind::pearson ? v : mid_ranks(v); };
      const double achieved =
          f.asked.kind == CorrelationKind::kendall ? sample_kendall(x, y) : sample_pearson(ranked(x), ranked(y));
      const double error = std::hypot(f.pilot_error, pearson_standard_error(ranked(x), ranked(y)));
      CHECK(std::abs(achieved - f.used) < 5 * error);
      if (!f.moved) CHECK(f.used == doctest::Approx(f.asked.value).epsilon(1e-9));
    }
  }
}

TEST_CASE("a constraint holds for everybody, and its drift is reported") {
  SpecBuilder builder("drift");
  builder.attribute("age", Uniform{0, 100}).attribute("works", Bernoulli{0.5}).require("not works or age >= 16");
  const auto generator = compiled(*builder.build());
  CHECK(generator.report().acceptance == doctest::Approx(0.92).epsilon(0.01));  // 1 - 0.5 * 0.16; 65,536 draws
  REQUIRE(generator.report().drifts.size() == 2);
  const auto people = *generator.generate({.count = 100'000, .seed = 2});
  for (std::int64_t row = 0; row < people.size(); ++row)
    REQUIRE((people.columns()[1].number(row) == 0 || people.columns()[0].number(row) >= 16));
  CHECK(generator.check(people)->passed());
}

TEST_CASE("missing values are hidden from derived attributes but not from cases and constraints") {
  SpecBuilder builder("missing");
  builder.attribute("age", Uniform{0, 80}).integer().missing(0.5);
  builder.attribute("adult", Constant{false}).when({Condition{"age", {}, 18}}, Constant{true});
  builder.attribute("next", Derived{"age + 1", {}});
  const auto generator = compiled(*builder.build());
  const auto people = *generator.generate({.count = 10'000, .seed = 3});
  const Column age = *people.column("age"), adult = *people.column("adult"), next = *people.column("next");
  std::int64_t adults_of_unknown_age = 0;
  for (std::int64_t row = 0; row < people.size(); ++row) {
    CHECK(next.is_valid(row) == age.is_valid(row));
    CHECK(adult.is_valid(row));
    if (age.is_valid(row)) CHECK((adult.number(row) == 1) == (age.number(row) >= 18));
    adults_of_unknown_age += !age.is_valid(row) && adult.number(row) == 1;
  }
  CHECK(adults_of_unknown_age > 3'000);  // about 5,000 * 63 / 81
}

TEST_CASE("asking twice how an attribute depends on another is noted") {
  SpecBuilder builder("twice");
  builder.attribute("age", Normal{40, 10}).attribute("income", Normal{10, 2});
  builder.when({Condition{"age", {}, 50}}, Normal{14, 2}).correlate("age", "income", 0.6);
  const auto generator = compiled(*builder.build());
  REQUIRE(generator.report().notes.size() == 1);
  CHECK(generator.report().notes[0].find("'income': its cases or parameters follow from 'age'") != std::string::npos);
}

TEST_CASE("a long call stops when it is told to") {
  const auto generator = compiled(persona::testing::reference_spec());
  std::stop_source source;
  Context context{source.get_token()};
  int batches = 0;
  const auto status = generator.stream(
      {.count = 1'000'000, .seed = 1},
      [&](const Population&) {
        if (++batches == 2) source.request_stop();
        return Status{};
      },
      context);
  REQUIRE_FALSE(status.has_value());
  CHECK(status.error().code == Errc::cancelled);
  CHECK(batches == 2);
}
