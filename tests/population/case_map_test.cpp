//! Cells of case maps.
#include "population/compiled.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

using persona::CaseMap;

namespace {

constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

std::vector<std::uint16_t> laws_of(const CaseMap& map, const std::vector<std::vector<double>>& columns) {
  std::vector<const double*> values;
  for (const auto& column : columns) values.push_back(column.data());
  std::vector<std::uint16_t> out(columns.empty() ? 3 : columns[0].size());
  map.laws(values, out);
  return out;
}

}  // namespace

TEST_CASE("without given attributes everybody follows the first law") {
  CHECK(laws_of(CaseMap{}, {}) == std::vector<std::uint16_t>{0, 0, 0});
}

TEST_CASE("a cell is the number of breaks at or below the value, the last cell is for missing values") {
  CaseMap map{{{0, {18, 65.5}, 4}}, {0, 1, 2, persona::no_law}};
  CHECK(laws_of(map, {{-5, 17.999, 18, 65, 65.5, 1e300, no_value}}) ==
        std::vector<std::uint16_t>{0, 0, 1, 1, 2, 2, persona::no_law});
}

TEST_CASE("codes of labels are their own cells") {
  CaseMap map{{{0, {1, 2}, 4}}, {7, 8, 9, 3}};
  CHECK(laws_of(map, {{0, 1, 2, no_value}}) == std::vector<std::uint16_t>{7, 8, 9, 3});
}

TEST_CASE("the first given attribute varies slowest") {
  CaseMap map{{{0, {1}, 3}, {1, {10}, 3}}, {0, 1, 2, 3, 4, 5, 6, 7, 8}};
  CHECK(laws_of(map, {{0, 0, 0, 1, 1, 1, no_value, no_value, no_value},
                      {9, 10, no_value, 9, 10, no_value, 9, 10, no_value}}) ==
        std::vector<std::uint16_t>{0, 1, 2, 3, 4, 5, 6, 7, 8});
}

TEST_CASE("many breaks and many rows give what counting gives") {
  CaseMap map{{{0, {}, 0}}, {}};
  for (int i = 0; i < 40; ++i) map.given[0].breaks.push_back(std::sqrt(i * 10.0));
  map.given[0].cells = 42;
  for (std::uint16_t i = 0; i < 42; ++i) map.law_of_cell.push_back(i);
  std::vector<double> values;
  std::vector<std::uint16_t> expected;
  for (int i = 0; i < 5000; ++i) {
    values.push_back(i * 0.005 - 1);
    std::uint16_t count = 0;
    for (const double edge : map.given[0].breaks) count = static_cast<std::uint16_t>(count + (edge <= values.back()));
    expected.push_back(count);
  }
  CHECK(laws_of(map, {values}) == expected);
}
