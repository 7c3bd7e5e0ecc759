//! Wrong populations are found out.
#include "fidelity_example.hpp"

#include <cmath>

using namespace persona;
using namespace persona::testing;

namespace {

constexpr std::uint64_t rows = 100'000;

struct Fixture {
  PopulationModel model = fidelity_model();
  Population people = people_of(model, rows, 5);
};

double number_of(const Value& value) {
  return std::get<double>(value);
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a right population passes, sketched and exact") {
  for (const bool exact : {false, true}) {
    const FidelityReport report = report_of(model, people, {.exact = exact});
    INFO(to_text(report));
    CHECK(report.passed());
    CHECK(report.exact == exact);
  }
}

TEST_CASE_FIXTURE(Fixture, "a mean shifted by a thirtieth of the spread fails, and nothing else of marginals") {
  const auto report =
      report_of(model, rewritten(people, "height", [](auto, const Value& x) { return number_of(x) + 0.33; }));
  CHECK(line_of(report, FidelityKind::marginal, "height").verdict == Verdict::fail);
  CHECK(line_of(report, FidelityKind::marginal, "income").verdict == Verdict::pass);
}

TEST_CASE_FIXTURE(Fixture, "swapped labels fail") {
  const auto report = report_of(model, rewritten(people, "sex", [](auto, const Value& x) -> Value {
                                  return std::string(std::get<std::string>(x) == "male" ? "female" : "male");
                                }));
  CHECK(line_of(report, FidelityKind::marginal, "sex").verdict == Verdict::fail);
  CHECK(line_of(report, FidelityKind::marginal, "employed").verdict == Verdict::fail);
  CHECK(line_of(report, FidelityKind::marginal, "weight").verdict == Verdict::fail);
}

TEST_CASE_FIXTURE(Fixture, "a correlation off by 0.02 fails while both distributions pass") {
  // Mixing every 15th person's income with the next one's takes 0.3 * 1/15 = 0.02 from the correlation.
  const Column income = *people.column("income");
  const auto report = report_of(model, rewritten(people, "income", [&](std::int64_t row, const Value& x) {
                                  return row % 15 == 0 && row > 0 ? income.value(row - 15) : x;
                                }));
  const auto& line = line_of(report, FidelityKind::correlation, "height ~ income");
  CHECK(line.achieved == doctest::Approx(0.28).epsilon(0.03));
  CHECK(line.verdict == Verdict::fail);
  CHECK(line_of(report, FidelityKind::marginal, "income").verdict == Verdict::pass);
}

TEST_CASE_FIXTURE(Fixture, "a rate of missing values off by a twentieth of itself fails") {
  const auto report = report_of(model, rewritten(people, "income", [](std::int64_t row, const Value& x) {
                                  return row % 180 == 0 ? Value{} : x;
                                }));
  CHECK(line_of(report, FidelityKind::missing, "income").verdict == Verdict::fail);
}

TEST_CASE_FIXTURE(Fixture, "missing values where none were asked fail") {
  const auto report = report_of(
      model, rewritten(people, "rating", [](std::int64_t row, const Value& x) { return row == 77 ? Value{} : x; }));
  CHECK(line_of(report, FidelityKind::missing, "rating").verdict == Verdict::fail);
}

TEST_CASE_FIXTURE(Fixture, "one person outside the possible range fails") {
  const auto report = report_of(model, rewritten(people, "age", [](std::int64_t row, const Value& x) {
                                  return row == 4242 ? Value(std::int64_t{17}) : x;
                                }));
  const auto& line = line_of(report, FidelityKind::marginal, "age");
  CHECK(line.verdict == Verdict::fail);
  CHECK(line.note == "1 person outside the possible range");
}

TEST_CASE_FIXTURE(Fixture,
                  "laws that differ from person to person are told from wrong ones" * doctest::test_suite("long")) {
  const auto wider = report_of(model, rewritten(people, "weight", [](auto, const Value& x) {
                                 return std::round((number_of(x) - 66) * 1.04 * 2) / 2 + 66;
                               }));
  CHECK(line_of(wider, FidelityKind::marginal, "weight").verdict == Verdict::fail);
  const auto more = report_of(model, rewritten(people, "visits", [](std::int64_t row, const Value& x) {
                                return Value(std::get<std::int64_t>(x) + (row % 20 == 0));
                              }));
  CHECK(line_of(more, FidelityKind::marginal, "visits").verdict == Verdict::fail);
}

TEST_CASE_FIXTURE(Fixture, "one case may fail alone, and an option of a list" * doctest::test_suite("long")) {
  const Column sex = *people.column("sex");
  const auto report = report_of(model, rewritten(people, "wealth", [&](std::int64_t row, const Value& x) {
                                  return sex.text(row) == "male" ? Value(number_of(x) * 1.05) : x;
                                }));
  CHECK(line_of(report, FidelityKind::conditional, "wealth | sex=male").verdict == Verdict::fail);
  CHECK(line_of(report, FidelityKind::conditional, "wealth | otherwise").verdict == Verdict::pass);
  const auto list = report_of(model, rewritten(people, "hobbies", [](std::int64_t row, const Value& x) {
                                return row % 20 == 0 ? Value(std::vector<std::string>{"music"}) : x;
                              }));
  CHECK(line_of(list, FidelityKind::marginal, "hobbies: music").verdict == Verdict::fail);
}

TEST_CASE("one person who breaks a constraint fails it") {
  SpecBuilder builder("constraint");
  builder.attribute("age", UniformInteger{0, 99});
  builder.attribute("hours", Uniform{0, 60});
  builder.require("hours < 40 or age >= 16", "no full days for children");
  const PopulationModel model = *PopulationModel::compile(*builder.build());
  const Population people = people_of(model, 50'000, 1);
  const FidelityReport right = report_of(model, people);
  INFO(to_text(right));
  CHECK(right.passed());
  CHECK(line_of(right, FidelityKind::marginal, "hours").verdict == Verdict::moved);
  const Column age = *people.column("age");
  bool done = false;
  const auto wrong = report_of(model, rewritten(people, "hours", [&](std::int64_t row, const Value& x) {
                                 if (done || age.number(row) >= 16) return x;
                                 done = true;
                                 return Value(59.0);
                               }));
  const auto& line = line_of(wrong, FidelityKind::constraint, "hours < 40 or age >= 16");
  CHECK(line.verdict == Verdict::fail);
  CHECK(line.note == "1 person breaks it");
}
