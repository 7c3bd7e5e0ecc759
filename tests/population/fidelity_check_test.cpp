//! How people are taken in: batches, threads, columns that do not fit.
#include "fidelity_example.hpp"
#include "reference_model.hpp"

#include <cmath>

using namespace persona;
using namespace persona::testing;

namespace {

struct CheckFixture {
  PopulationModel model = fidelity_model();
  Population people = people_of(model, 70'000, 9);

  std::string in_batches(std::int64_t size, unsigned threads) const {
    auto check = FidelityCheck::make(model);
    REQUIRE(check.has_value());
    for (std::int64_t first = 0; first < people.size(); first += size) {
      const Status added = check->add(people.slice(first, std::min(size, people.size() - first)), {threads});
      REQUIRE(added.has_value());
    }
    return to_json(*check->finish());
  }
};

}  // namespace

TEST_CASE_FIXTURE(CheckFixture, "a report does not depend on batches and threads, to the last digit") {
  const std::string whole = in_batches(70'000, 1);
  CHECK(in_batches(70'000, 2) == whole);
  CHECK(in_batches(32'768, 2) == whole);
  CHECK(in_batches(9'999, 1) == whole);
  CHECK(whole == to_json(report_of(model, people)));
}

TEST_CASE_FIXTURE(CheckFixture, "finishing is looking: more people may follow") {
  auto check = *FidelityCheck::make(model);
  REQUIRE(check.add(people.slice(0, 40'000)).has_value());
  CHECK(check.finish()->rows == 40'000);
  REQUIRE(check.add(people.slice(40'000, 30'000)).has_value());
  CHECK(to_json(*check.finish()) == to_json(report_of(model, people)));
}

TEST_CASE_FIXTURE(CheckFixture, "the sketch tells distances within the share between its edges") {
  const FidelityReport sketch = report_of(model, people), exact = report_of(model, people, {.exact = true});
  REQUIRE(sketch.lines.size() == exact.lines.size());
  for (std::size_t i = 0; i < sketch.lines.size(); ++i) {
    const FidelityLine &a = sketch.lines[i], &b = exact.lines[i];
    CAPTURE(a.name);
    CHECK(a.name == b.name);
    if (a.measure != "KS") continue;
    CHECK(a.achieved <= b.achieved + 1e-12);
    CHECK(a.achieved >= b.achieved - 8.0 / 1024);  // the widest bin, see fidelity_bins_test.cpp
    CHECK(a.p_value >= b.p_value);
  }
}

TEST_CASE_FIXTURE(CheckFixture, "the report says where the people come from") {
  const FidelityReport report = report_of(model, people.slice(1000, 5000));
  CHECK(report.title == "fidelity");
  CHECK(report.seed == 9);
  CHECK(report.rows == 5000);
  CHECK(report.spec_hash == model.spec_hash());
  REQUIRE(report.charts.size() == 11);
  CHECK(report.charts[0].mean == doctest::Approx(170).epsilon(0.01));
  CHECK(report.charts[0].sd == doctest::Approx(10).epsilon(0.05));
  CHECK(report.charts[2].missing == doctest::Approx(0.1).epsilon(0.2));
  const std::size_t d = report.numeric.size();
  REQUIRE(report.correlation.size() == d * d);
  CHECK(report.correlation[0] == 1);
  CHECK(report.correlation[2] == doctest::Approx(0.3).epsilon(0.2));  // height and income
}

TEST_CASE_FIXTURE(CheckFixture, "charts expect shares that sum to nearly one and agree with what is achieved") {
  for (const MarginalChart& chart : report_of(model, people).charts) {
    CAPTURE(chart.field.name);
    REQUIRE(chart.expected.size() == chart.achieved.size());
    double sum = 0, largest = 0;
    for (std::size_t i = 0; i < chart.expected.size(); ++i) {
      sum += chart.expected[i];
      largest = std::max(largest, std::fabs(chart.expected[i] - chart.achieved[i]));
    }
    if (chart.field.type != ColumnType::list) CHECK(sum > 0.97);
    // Five standard errors of a share; laws of single people enter by one person in 128, and their
    // shares differ little from each other.
    CHECK(largest <
          5 * std::sqrt(0.25 / (chart.field.name == "weight" || chart.field.name == "visits" ? 5000 : 70'000)));
  }
}

TEST_CASE_FIXTURE(CheckFixture, "people who do not fit the model are refused by name") {
  auto check = *FidelityCheck::make(model);
  const auto without = people.select(std::vector<std::string>{"height"});
  const Status missing = check.add(*without);
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().code == Errc::invalid_argument);
  CHECK(missing.error().message == "the population has no column 'age'");
  CHECK(check.finish().error().message == "no people were added, so there is nothing to judge");
  CHECK(FidelityCheck::make(model, {.level = 0}).error().code == Errc::invalid_argument);
}

TEST_CASE_FIXTURE(CheckFixture, "a handful of people is judged without a wrong alarm") {
  for (const std::int64_t count : {1, 2, 12}) {
    const FidelityReport report = report_of(model, people.slice(0, count));
    INFO(to_text(report));
    CHECK(report.passed());
  }
}

TEST_CASE("one of everything passes" * doctest::test_suite("long")) {
  auto model = PopulationModel::compile(everything_spec());
  REQUIRE_MESSAGE(model.has_value(), to_string(model.error()));
  const FidelityReport report = report_of(*model, people_of(*model, 200'000, 3));
  INFO(to_text(report, 120));
  CHECK(report.passed());
  CHECK(line_of(report, FidelityKind::segment, "segment").rows == 200'000);
}
