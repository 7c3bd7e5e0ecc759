//! A population with every column type and every awkward value, for the tests of columns and exports.
#pragma once

#include <persona/population/population.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace persona::testing {

inline Column column_of(Field field, std::vector<Value> values) {
  return Column::from_values(std::move(field), values).value();  // throws, which fails the test
}

inline std::shared_ptr<const std::vector<std::string>> labels(std::vector<std::string> names) {
  return std::make_shared<const std::vector<std::string>>(std::move(names));
}

inline Population population_of(std::vector<Column> columns, Origin origin = {}) {
  return Population::make(std::move(columns), std::move(origin)).value();
}

//! Row i is a formula of i, which tests/python/export_peers_test.py states too; every column misses some rows.
inline Population example_population(int rows) {
  const std::vector<std::string> texts = {"plain", "comma, \"quote\"", "zeilen\numbruch\t\\", "Zoë 名前 🙂", ""};
  const std::vector<std::string> levels = {"low", "mid, dle", "h\"igh"};
  const std::vector<std::string> topics = {"art", "be, er", "ça"};
  std::vector<Value> real, money, small, large, yes, day, level, text, chosen;
  const auto add = [](std::vector<Value>& to, bool known, Value value) {
    to.push_back(known ? std::move(value) : Value());
  };
  for (std::int64_t i = 0; i < rows; ++i) {
    const auto at = static_cast<std::size_t>(i);
    add(real, i % 7 != 3, static_cast<double>(i) / 3 - 5);
    add(money, i % 11 != 4, static_cast<double>(i * i - 50) / 100);
    add(small, i % 5 != 2, i - 4);
    add(large, i % 13 != 1, (i - 3) * 1'000'000'007'000);
    add(yes, i % 4 != 3, i % 3 == 0);
    add(day, i % 6 != 5, Date{static_cast<std::int32_t>(i * 400 - 3000)});
    add(level, i % 8 != 6, levels[at % 3]);
    add(text, i % 9 != 8, texts[at % 5]);
    std::vector<std::string> list;
    for (std::size_t k = 0; k < 3; ++k)
      if ((at >> k & 1) != 0) list.push_back(topics[k]);
    add(chosen, i % 10 != 9, std::move(list));
  }
  std::vector<Column> columns;
  columns.push_back(column_of({.name = "real", .unit = "km"}, real));
  columns.push_back(column_of({.name = "money", .description = "what is left", .decimals = 2}, money));
  columns.push_back(column_of({.name = "small", .type = ColumnType::int32}, small));
  columns.push_back(column_of({.name = "large", .type = ColumnType::int64}, large));
  columns.push_back(column_of({.name = "yes", .type = ColumnType::boolean}, yes));
  columns.push_back(column_of({.name = "day", .type = ColumnType::date}, day));
  columns.push_back(
      column_of({.name = "level", .type = ColumnType::category, .ordered = true, .labels = labels(levels)}, level));
  columns.push_back(column_of({.name = "text", .type = ColumnType::text}, text));
  columns.push_back(
      column_of({.name = "chosen", .type = ColumnType::list, .code_bytes = 4, .labels = labels(topics)}, chosen));
  return population_of(std::move(columns), {.spec_hash = "example", .seed = 7, .start = 100});
}

}  // namespace persona::testing
