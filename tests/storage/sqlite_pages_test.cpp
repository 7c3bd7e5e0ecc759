//! Pages come out the same whichever index SQLite may use for them.
#include <persona/storage/memory.hpp>
#include <persona/storage/sqlite.hpp>

#include "temporary_folder.hpp"

#include <doctest/doctest.h>

using namespace persona;

namespace {

// Common and rare values of `group`, rising and falling numbers: every way of finding rows is taken.
Population grouped_people(std::int64_t rows) {
  std::vector<Value> groups, numbers;
  for (std::int64_t i = 0; i < rows; ++i) {
    groups.emplace_back(i % 997 == 5 ? "rare" : (i % 3 == 0 ? "common" : "usual"));
    numbers.emplace_back(static_cast<double>((i * 7919) % rows));
  }
  return *Population::make({*Column::from_values({.name = "group", .type = ColumnType::category}, groups),
                            *Column::from_values({.name = "number"}, numbers)});
}

}  // namespace

TEST_CASE("pages are the same with and without indexes") {
  const persona::test::TemporaryFolder folder;
  const auto indexed = sqlite::open(folder / "a.db");
  REQUIRE(indexed);
  MemoryStorage plain;
  const Population people = grouped_people(20'000);
  REQUIRE(put(**indexed, {.name = "people", .indexes = {"group", "number"}}, people));
  REQUIRE(put(plain, {.name = "people"}, people));
  using enum Compare;
  const std::vector<std::vector<Filter>> kinds = {
      {{"group", equal, {"rare"}}},
      {{"group", equal, {"common"}}},
      {{"group", any_of, {"rare", "usual"}}},
      {{"number", less, {100.0}}},
      {{"number", greater, {100.0}}},
      {{"number", greater, {100.0}}, {"group", not_equal, {"usual"}}},
      {{"number", less, {500.0}}, {"group", equal, {"common"}}},
      {{"index", less, {10'500.0}}, {"number", less, {9'000.0}}, {"group", any_of, {"common", "rare"}}}};
  for (std::size_t i = 0; i < kinds.size(); ++i)
    for (const std::int64_t after : {-1, 9'999, 19'990})
      for (const std::int64_t limit : {0, 1, 50}) {
        CAPTURE(i);
        CAPTURE(after);
        const Query query{.filters = kinds[i], .after = after, .limit = limit};
        CHECK(*(*indexed)->read("people", query) == *plain.read("people", query));
      }
}
