//! Pages come out the same whichever index SQLite may use for them.
#include <persona/storage/memory.hpp>
#include <persona/storage/sqlite.hpp>

#include "temporary_folder.hpp"
#include "testing/contract_check.hpp"

#include <doctest/doctest.h>

using namespace persona;
using persona::test::TemporaryFolder;
using persona::testing::mixed_population;

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
  const TemporaryFolder folder;
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

TEST_CASE("what a storage remembers of a population is never taken for another of its name") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.db";
  const auto of_labels = [](std::vector<std::string> labels, std::int64_t rows) {
    const Field field{.name = "sex",
                      .type = ColumnType::category,
                      .labels = std::make_shared<const std::vector<std::string>>(std::move(labels))};
    const std::vector<Value> values(static_cast<std::size_t>(rows), Value(field.labels->front()));
    return *Population::make({*Column::from_values(field, values)});
  };
  const auto reading = sqlite::open(path), writing = sqlite::open(path, {.replace = true});
  REQUIRE(put(**writing, {.name = "people", .indexes = {"sex"}}, of_labels({"f", "m"}, 20)));
  const Query first{.after = 3, .limit = 5};
  const auto label = [&](const Query& query) { return (*reading)->read("people", query)->columns()[1].value(0); };
  for (int i = 0; i < 2; ++i) CHECK(label(first) == Value(std::string("f")));
  REQUIRE(put(**writing, {.name = "people", .indexes = {"sex"}}, of_labels({"woman", "man"}, 20)));
  CHECK(label(first) == Value(std::string("woman")));
  CHECK(label({.filters = {{"sex", Compare::equal, {"woman"}}}, .limit = 1}) == Value(std::string("woman")));
  CHECK(*(*reading)->count("people", {{"sex", Compare::equal, {"woman"}}}) == 20);
  Filter many{"index", Compare::any_of, {}};
  for (std::int64_t i = 0; i < 5000; ++i) many.values.emplace_back(2 * i);
  for (int i = 0; i < 2; ++i) CHECK((*reading)->read("people", {.filters = {many}})->size() == 10);
  REQUIRE(put(**writing, {.name = "people"}, mixed_population(30)));
  CHECK((*reading)->read("people", first)->columns().size() == mixed_population(1).columns().size() + 1);
  CHECK((*reading)->read("people", {.filters = {{"sex", Compare::equal, {"woman"}}}}).error().code ==
        Errc::invalid_argument);
  REQUIRE((*writing)->remove("people"));
  CHECK((*reading)->read("people", first).error().code == Errc::not_found);
  REQUIRE(put(**writing, {.name = "people"}, of_labels({"x"}, 9)));
  CHECK(label(first) == Value(std::string("x")));
  REQUIRE(sqlite::migrate(path, sqlite::schema_version() - 1));
  CHECK((*reading)->read("people", first).error().code == Errc::conflict);
}
