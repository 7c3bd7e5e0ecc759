//! The Postgres storage keeps the contract, and plain SQL can read what it writes.
#include <persona/storage/postgres.hpp>
#include <persona/testing/storage_contract.hpp>

#include "postgres_ask.hpp"
#include "testing/contract_check.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace persona;
using persona::testing::ask;
using persona::testing::mixed_population;
using persona::testing::open_schema;

TEST_CASE("the Postgres storage keeps the storage contract") {
  const auto make = [] { return open_schema(testing::fresh_schema()); };
  for (const auto& failure : testing::storage_contract(make)) FAIL_CHECK(failure);
}

TEST_CASE("plain SQL reads typed columns under the attributes' names") {
  const std::string schema = testing::fresh_schema();
  REQUIRE(put(*open_schema(schema), {.name = "people", .indexes = {"sex", "languages"}}, mixed_population(50)));
  CHECK(ask(schema, "SELECT count(*), min(\"index\") FROM people WHERE sex = 'male' AND age >= 18") == "17|1");
  CHECK(ask(schema,
            "SELECT pg_typeof(age), pg_typeof(income), pg_typeof(account), pg_typeof(employed), born, sex, languages, "
            "round(\"Age\"::numeric, 3) FROM people WHERE \"index\" = 2") ==
        "integer|double precision|bigint|boolean|1945-11-22|it's \"quoted\"|{español}|-0.667");
  CHECK(ask(schema, "SELECT count(*) FROM people WHERE income IS NULL") == "5");
  CHECK(ask(schema, "SELECT count(*) FROM people WHERE languages @> '{english}'") ==
        ask(schema, "SELECT count(*) FROM people WHERE 'english' = ANY (languages)"));
  CHECK(ask(schema,
            "SELECT count(*) FROM pg_indexes WHERE schemaname = current_schema() AND tablename LIKE "
            "'persona_rows_%'") == "3");
}

TEST_CASE("views and columns never take a name that is taken, reserved or too long") {
  const std::string schema = testing::fresh_schema();
  const auto storage = open_schema(schema);
  std::string long_name(70, 'x');
  const std::vector<Value> one = {1.0};
  std::vector<Column> columns;
  for (const std::string& name : {std::string("ctid"), long_name + "a", long_name + "b", std::string("Ctid")})
    columns.push_back(*Column::from_values({.name = name}, one));
  const Population people = *Population::make(columns);
  for (const std::string& name :
       {std::string("people"), std::string("persona_population"), long_name + "1", long_name + "2"})
    REQUIRE(put(*storage, {.name = name}, people));
  const auto read = storage->read(long_name + "2");
  REQUIRE(read);
  CHECK(read->columns()[2].name() == long_name + "a");
  CHECK(ask(schema, "SELECT view_name FROM persona_population ORDER BY created_at, table_name") ==
        "people|population_persona_population|" + long_name.substr(0, 63) + "|" + long_name.substr(0, 61) + "_2");
  CHECK(ask(schema, "SELECT count(ctid_2) FROM people") == "1");
}

TEST_CASE("a cell or column that somebody else spoilt is reported, not read") {
  const std::string schema = testing::fresh_schema();
  const auto storage = open_schema(schema);
  REQUIRE(put(*storage, {.name = "people"}, mixed_population(3)));
  REQUIRE(put(*storage, {.name = "others"}, mixed_population(3)));
  ask(schema, "UPDATE people SET sex = 'mail' WHERE \"index\" = 1");
  const auto read = storage->read("people");
  REQUIRE(!read);
  CHECK(read.error().code == Errc::corrupted);
  CHECK(read.error().message == "population 'people', row 1: a cell is no value of 'sex'");
  ask(schema, "DROP VIEW others");
  ask(schema, "ALTER TABLE persona_rows_2 ALTER COLUMN age TYPE text");
  CHECK(storage->read("others").error().code == Errc::corrupted);
}

TEST_CASE("who reads meanwhile meets the old population or the new one, never a mixture") {
  const std::string schema = testing::fresh_schema();
  const auto storage = open_schema(schema), replacing = open_schema(schema, {.replace = true});
  REQUIRE(put(*storage, {.name = "people", .seed = 0}, mixed_population(30)));
  std::atomic<int> wrong = 0, reads = 0;
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 3; ++i)
      readers.emplace_back([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
          const auto page = storage->read("people", {.limit = 0});
          ++reads;
          // Between two looks it may have been replaced twice; it is never half.
          if (page ? page->size() % 30 != 0 || page->size() == 0 : page.error().code != Errc::not_found) ++wrong;
        }
      });
    for (int i = 2; i <= 20; ++i) REQUIRE(put(*replacing, {.name = "people"}, mixed_population(30 * i)));
    while (reads < 20) std::this_thread::yield();
  }
  CHECK(wrong == 0);
  CHECK(storage->count("people") == 600);
  CHECK(ask(schema,
            "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename LIKE 'persona_rows_%'") ==
        "1");
}

TEST_CASE("many write at the same time, and one of those who want the same name wins") {
  const std::string schema = testing::fresh_schema();
  const auto storage = open_schema(schema);
  std::atomic<int> won = 0, taken = 0, own = 0;
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < 6; ++i)
      writers.emplace_back([&, i] {
        if (put(*storage, {.name = "own " + std::to_string(i)}, mixed_population(100))) ++own;
        const Status same = put(*storage, {.name = "wanted"}, mixed_population(100));
        if (same) ++won;
        if (!same && same.error().code == Errc::already_exists) ++taken;
      });
  }
  CHECK(own == 6);
  CHECK(won == 1);
  CHECK(taken == 5);
  CHECK(storage->list()->size() == 7);
}

TEST_CASE("what Postgres cannot hold is refused in words") {
  const auto storage = open_schema(testing::fresh_schema());
  std::vector<Column> columns;
  for (int i = 0; i < 1600; ++i)
    columns.push_back(*Column::from_values({.name = "a" + std::to_string(i)}, std::vector<Value>{1.0}));
  CHECK(put(*storage, {.name = "wide"}, *Population::make(columns)).error().code == Errc::unsupported);
  const Column early =
      *Column::from_values({.name = "day", .type = ColumnType::date}, std::vector<Value>{Date{-2'440'589}});
  const Status far = put(*storage, {.name = "far"}, *Population::make({early}));
  REQUIRE(!far);
  CHECK(far.error().message ==
        "column 'day' holds a day before the year -4713, where Postgres has none, or after 5874897");
  const Column nul =
      *Column::from_values({.name = "t", .type = ColumnType::text}, std::vector<Value>{std::string("a\0b", 3)});
  CHECK(put(*storage, {.name = "nul"}, *Population::make({nul})).error().code == Errc::invalid_argument);
  CHECK(storage->list()->empty());
}

TEST_CASE("days outside what Postgres knows are before or after all others") {
  const auto storage = open_schema(testing::fresh_schema());
  const std::vector<Value> days = {Date{-2'440'588}, Date{0}, Date{2'145'042'905}};
  const Population people = *Population::make({*Column::from_values({.name = "day", .type = ColumnType::date}, days)});
  REQUIRE(put(*storage, {.name = "people"}, people));
  const auto read = storage->read("people");
  REQUIRE(read);
  for (std::int64_t row = 0; row < 3; ++row)
    CHECK(read->columns()[1].value(row) == days[static_cast<std::size_t>(row)]);
  CHECK(storage->count("people", {{"day", Compare::greater, {Date{INT32_MIN}}}}) == 3);
  CHECK(storage->count("people", {{"day", Compare::less, {Date{INT32_MAX}}}}) == 3);
  CHECK(storage->count("people", {{"day", Compare::any_of, {Date{INT32_MAX}, Date{0}}}}) == 1);
}
