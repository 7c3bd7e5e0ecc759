//! Summaries: known answers, weights, and what to say of each type.
#include <persona/population/summary.hpp>

#include "example.hpp"
#include "population/text_table.hpp"

#include <cmath>
#include <sstream>

#include <doctest/doctest.h>

using namespace persona;
using namespace persona::testing;

namespace {

Column numbers(std::string name, std::vector<double> numbers) {
  return column_of({.name = std::move(name)}, {numbers.begin(), numbers.end()});
}

ColumnSummary summary_of(std::vector<Column> columns, std::string_view weights = {}) {
  const auto summary = summarize(population_of(std::move(columns)), weights);
  REQUIRE(summary);
  return summary->columns[0];
}

std::vector<double> quantile_values(const ColumnSummary& summary) {
  std::vector<double> values;
  for (const auto& [probability, value] : summary.quantiles) values.push_back(value);
  return values;
}

std::string weight_error(std::vector<Value> weights, ColumnType type = ColumnType::float64) {
  const auto summary = summarize(population_of({column_of({.name = "w", .type = type}, std::move(weights))}), "w");
  REQUIRE_FALSE(summary);
  CHECK(summary.error().code == Errc::invalid_argument);
  return summary.error().message;
}

}  // namespace

TEST_CASE("moments and quantiles are those of numpy") {
  // numpy.quantile([3, 1, 4, 1, 5, 9, 2, 6], [.05, .25, .5, .75, .95]), .mean(), .std(ddof=1)
  const ColumnSummary summary = summary_of({numbers("x", {3, 1, 4, 1, 5, 9, 2, 6})});
  CHECK(quantile_values(summary) == std::vector<double>{1.0, 1.75, 3.5, 5.25, 7.949999999999998});
  CHECK(summary.mean == 3.875);
  CHECK(summary.sd == doctest::Approx(2.748376143938713).epsilon(1e-15));
  CHECK(summary.min == 1);
  CHECK(summary.max == 9);
  CHECK(summary.count == 8);
}

TEST_CASE("equal weights change nothing, whole weights weigh the mean") {
  const std::vector<double> x = {3, 1, 4, 1, 5, 9, 2, 6};
  const ColumnSummary plain = summary_of({numbers("x", x)});
  const ColumnSummary equal = summary_of({numbers("x", x), numbers("w", std::vector<double>(8, 1))}, "w");
  CHECK(equal.mean == plain.mean);
  CHECK(equal.sd == plain.sd);
  for (std::size_t q = 0; q < 5; ++q)
    CHECK(equal.quantiles[q].second == doctest::Approx(plain.quantiles[q].second).epsilon(1e-14));
  CHECK(summary_of({numbers("x", {1, 5}), numbers("w", {3, 1})}, "w").mean == 2);
}

TEST_CASE("weighted quantiles follow the definition") {
  // C = 0.5, 2, 4.5 for weights 1, 2, 3: probabilities 0, 0.375, 1 of the values 10, 20, 40.
  const ColumnSummary summary = summary_of({numbers("x", {40, 10, 20}), numbers("w", {3, 1, 2})}, "w");
  CHECK(summary.quantiles[2].second == doctest::Approx(20 + 20 * (0.5 - 0.375) / 0.625).epsilon(1e-15));
  CHECK(summary.quantiles[1].second == doctest::Approx(10 + 10 * 0.25 / 0.375).epsilon(1e-15));
}

TEST_CASE("rows of weight zero only count") {
  const ColumnSummary summary = summary_of({numbers("x", {1, 2, 1000}), numbers("w", {1, 1, 0})}, "w");
  CHECK(summary.count == 3);
  CHECK(summary.mean == 1.5);
  CHECK(summary.max == 2);
}

TEST_CASE("missing values are counted and left out") {
  const ColumnSummary some = summary_of({column_of({.name = "x"}, {1.0, Value(), 3.0})});
  CHECK(some.missing == 1);
  CHECK(some.count == 2);
  CHECK(some.mean == 2);
  const ColumnSummary none = summary_of({column_of({.name = "x"}, {Value(), Value()})});
  CHECK(none.count == 0);
  CHECK(std::isnan(none.mean));
  CHECK(std::isnan(none.max));
  CHECK(none.quantiles.empty());
  CHECK(std::isnan(summary_of({numbers("x", {5})}).sd));
}

TEST_CASE("labels come with their shares, most frequent first") {
  const Population example = example_population(240);
  const auto summary = summarize(example);
  REQUIRE(summary);
  const auto& columns = summary->columns;
  CHECK(columns[4].top == std::vector<std::pair<std::string, double>>{{"false", 120.0 / 180}, {"true", 60.0 / 180}});
  CHECK(columns[4].mean == doctest::Approx(1.0 / 3));
  CHECK(columns[6].top.size() == 3);
  CHECK_FALSE(std::isnan(columns[6].mean));  // ordered: scores 0, 1, 2
  CHECK(columns[7].top.size() == 5);
  CHECK(columns[8].top[0].second == 0.5);  // every second person has the label, whatever else they have
  CHECK(std::isnan(columns[8].mean));
}

TEST_CASE("at most ten labels are kept, and weights count") {
  std::vector<Value> many;
  for (int i = 0; i < 40; ++i) many.push_back(std::string(1, static_cast<char>('a' + i % 20)));
  CHECK(summary_of({column_of({.name = "t", .type = ColumnType::text}, many)}).top.size() == 10);
  const ColumnSummary weighted =
      summary_of({column_of({.name = "t", .type = ColumnType::category}, {"a", "b"}), numbers("w", {1, 3})}, "w");
  CHECK(weighted.top[0] == std::pair<std::string, double>("b", 0.75));
}

TEST_CASE("bad weights are refused by name") {
  CHECK(weight_error({1.0, -1.0}) == "weight 'w' of row 1 is -1; weights are 0 or more");
  CHECK(weight_error({1.0, Value()}).find("row 1 is nan") != std::string::npos);
  CHECK(weight_error({0.0, 0.0}) == "all weights 'w' are zero");
  CHECK(weight_error({"x"}, ColumnType::text) == "column 'w' of type text cannot be a weight");
  CHECK(summarize(example_population(3), "v").error().code == Errc::not_found);
}

TEST_CASE("the table names every column and is never too wide") {
  const auto summary = summarize(example_population(500));
  REQUIRE(summary);
  for (const int width : {20, 40, 70, 100, 200}) {
    std::istringstream lines(to_text(*summary, width));
    for (std::string line; std::getline(lines, line);) CHECK(display_width(line) <= static_cast<std::size_t>(width));
  }
  const std::string text = to_text(*summary, 120);
  for (const ColumnSummary& column : summary->columns) CHECK(text.find(column.field.name) != std::string::npos);
  CHECK(text.find("500 people, 9 attributes") == 0);
  CHECK(to_text(*summarize(Population())) == "0 people, 0 attributes\n");
}
