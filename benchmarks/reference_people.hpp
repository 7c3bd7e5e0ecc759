//! The columns of the reference model in statistics.md, drawn by <random>: people to write somewhere.
#pragma once

#include "population/column_build.hpp"

#include <persona/population/population.hpp>

#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace persona::bench {

inline constexpr std::int64_t people = 1'000'000;

// @param decimals  -1: not rounded
inline Column doubles(const std::string& name, int decimals, auto draw) {
  ColumnDraft draft({.name = name, .decimals = decimals}, people);
  const double unit = std::pow(10, decimals);
  for (double& value : draft.values<double>()) value = decimals < 0 ? draw() : std::round(draw() * unit) / unit;
  return std::move(draft).finish();
}

inline Column wholes(const std::string& name, auto draw) {
  ColumnDraft draft({.name = name, .type = ColumnType::int32}, people);
  for (std::int32_t& value : draft.values<std::int32_t>()) value = static_cast<std::int32_t>(draw());
  return std::move(draft).finish();
}

inline Column labels(const std::string& name, std::size_t count, auto label, auto& bits) {
  auto names = std::make_shared<std::vector<std::string>>();
  for (std::size_t i = 0; i < count; ++i) names->push_back(label(i));
  ColumnDraft draft({.name = name, .type = ColumnType::category, .labels = names}, people);
  for (std::int8_t& code : draft.values<std::int8_t>()) code = static_cast<std::int8_t>(bits() % count);
  return std::move(draft).finish();
}

inline Population reference_people(bool rounded) {
  std::mt19937_64 bits(1);
  std::normal_distribution<double> normal;
  std::vector<Column> columns;
  columns.push_back(doubles("age", rounded ? 1 : -1, [&] { return 45 + 18 * normal(bits); }));
  columns.push_back(doubles("income", rounded ? 2 : -1, [&] { return std::exp(10.3 + 0.6 * normal(bits)); }));
  columns.push_back(doubles("height", rounded ? 1 : -1, [&] { return 170 + 9 * normal(bits); }));
  columns.push_back(doubles("score", rounded ? 4 : -1, [&] { return static_cast<double>(bits() >> 11) * 0x1p-53; }));
  columns.push_back(wholes("kids", [&] { return bits() % 6; }));
  columns.push_back(wholes("day", [&] { return 1 + bits() % 365; }));
  const auto numbered = [](const char* word) { return [word](std::size_t i) { return word + std::to_string(i); }; };
  columns.push_back(labels(
      "sex", 2, [](std::size_t i) { return std::string(i == 0 ? "female" : "male"); }, bits));
  columns.push_back(labels("region", 10, numbered("Region "), bits));
  columns.push_back(labels("occupation", 100, numbered("occupation_"), bits));
  columns.push_back(labels("education", 6, numbered("edu level "), bits));
  return Population::make(std::move(columns)).value();
}

}  // namespace persona::bench
