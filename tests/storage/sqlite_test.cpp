//! The SQLite storage keeps the contract, and plain SQL can read what it writes.
#include <persona/storage/sqlite.hpp>
#include <persona/testing/storage_contract.hpp>

#include "temporary_folder.hpp"
#include "testing/contract_check.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <doctest/doctest.h>

#include <filesystem>

using namespace persona;
using persona::test::TemporaryFolder;

namespace {

std::unique_ptr<Storage> open_file(const std::string& path, const sqlite::Options& options = {}) {
  auto storage = sqlite::open(path, options);
  if (!storage) FAIL(to_string(storage.error()));
  return *std::move(storage);
}

constexpr const char* minimal_spec =
    R"({"persona": 1, "name": "few", "attributes": [{"name": "age", "distribution": {"family": "normal", "mean": 4, "sd": 1}}]})";

std::string ask(const std::string& path, const std::string& sql) {
  SQLite::Database database(path, SQLite::OPEN_READWRITE);
  SQLite::Statement query(database, sql);
  std::string answer;
  while (query.executeStep())
    for (int i = 0; i < query.getColumnCount(); ++i)
      answer += (answer.empty() ? "" : "|") + query.getColumn(i).getString();
  return answer;
}

}  // namespace

TEST_CASE("the SQLite storage keeps the storage contract") {
  const TemporaryFolder folder;
  int files = 0;
  const auto make = [&] { return open_file(folder / (std::to_string(++files) + ".db")); };
  for (const auto& failure : persona::testing::storage_contract(make)) FAIL_CHECK(failure);
}

TEST_CASE("a population survives its storage object") {
  const TemporaryFolder folder;
  const Population people = persona::testing::mixed_population(50);
  REQUIRE(put(*open_file(folder / "a.db"), {.name = "people"}, people));
  const auto read = open_file(folder / "a.db", {.read_only = true})->read("people", {.limit = 0});
  REQUIRE(read);
  const std::vector<std::string> born = {"born"};
  CHECK(read->size() == 50);
  CHECK(*read->select(born) == *people.select(born));
}

TEST_CASE("plain SQL reads typed columns under the attributes' names") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.db";
  REQUIRE(put(*open_file(path), {.name = "people", .indexes = {"sex"}}, persona::testing::mixed_population(50)));
  CHECK(ask(path, "SELECT count(*), min(\"index\") FROM people WHERE sex = 'male' AND age >= 18") == "17|1");
  CHECK(ask(path,
            "SELECT typeof(age), typeof(income), typeof(employed), born, sex, languages, Age_2 FROM people "
            "WHERE \"index\" = 2") ==
        "integer|real|integer|1945-11-22|it's \"quoted\"|[\"español\"]|"
        "-0.666666666666667");
  CHECK(ask(path, "SELECT count(*) FROM people WHERE income IS NULL") == "5");
  CHECK(ask(path, "SELECT strict FROM pragma_table_list WHERE name = 'people'") == "1");
  CHECK(ask(path, "PRAGMA journal_mode") == "wal");
  CHECK(ask(path, "SELECT name FROM pragma_index_list('people')") == "people_sex");
}

TEST_CASE("tables never take a name that is taken or reserved") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.db";
  const auto storage = open_file(path);
  for (const char* name : {"people", "People", "persona_population", "sqlite_x"})
    REQUIRE(put(*storage, {.name = name}, persona::testing::mixed_population(3)));
  CHECK(ask(path, "SELECT table_name FROM persona_population ORDER BY lower(name), name DESC") ==
        "people|People_2|population_persona_population|population_sqlite_x");
}

TEST_CASE("a cell that somebody else spoilt is reported, not read") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.db";
  const auto storage = open_file(path);
  REQUIRE(put(*storage, {.name = "people"}, persona::testing::mixed_population(3)));
  SQLite::Database(path, SQLite::OPEN_READWRITE).exec("UPDATE people SET sex = 'mail' WHERE \"index\" = 1");
  const auto read = storage->read("people");
  REQUIRE(!read);
  CHECK(read.error().code == Errc::corrupted);
  CHECK(read.error().message == "population 'people', row 1: 'mail' is no value of 'sex'");
}

TEST_CASE("a removed population's room is used again") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.db";
  const Population people = persona::testing::mixed_population(5000);
  REQUIRE(put(*open_file(path), {.name = "people"}, people));
  const auto size = std::filesystem::file_size(path);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(open_file(path)->remove("people"));
    REQUIRE(put(*open_file(path), {.name = "people"}, people));
  }
  // One page of 32 kB more at most: the catalogue is rewritten in another order.
  CHECK(std::filesystem::file_size(path) <= size + 32768);
}

TEST_CASE("a destroyed sink leaves the file as it was") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.db";
  open_file(path);
  const auto size = std::filesystem::file_size(path);
  {
    const auto storage = open_file(path);
    auto sink = storage->create({.name = "people"});
    REQUIRE(sink);
    for (int i = 0; i < 20; ++i) REQUIRE((*sink)->append(persona::testing::mixed_population(1000)));
  }
  CHECK(std::filesystem::file_size(path) == size);
  CHECK(!std::filesystem::exists(path + "-wal"));
}

TEST_CASE("a replaced population stays until the new one is complete") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.db";
  REQUIRE(put(*open_file(path), {.name = "people"}, persona::testing::mixed_population(10)));
  const auto replacing = open_file(path, {.replace = true});
  const auto count = [&] { return open_file(path, {.read_only = true})->find("people")->count; };
  for (const bool complete : {false, true}) {
    auto sink = replacing->create({.name = "people"});
    REQUIRE(sink);
    REQUIRE((*sink)->append(persona::testing::mixed_population(20)));
    CHECK(count() == 10);
    if (complete) REQUIRE((*sink)->finish());
    sink->reset();
    CHECK(count() == (complete ? 20 : 10));
  }
  CHECK(ask(path, "SELECT count(*) FROM people") == "20");  // the table's name is the old one's
  const PopulationRecord recipe{.name = "people", .form = StorageForm::recipe, .spec = minimal_spec, .count = 5};
  REQUIRE((*replacing->create(recipe))->finish());
  CHECK(count() == 5);
  CHECK(ask(path, "SELECT count(*) FROM sqlite_schema WHERE name = 'people'") == "0");
}

TEST_CASE("what SQLite cannot hold is refused in words") {
  const TemporaryFolder folder;
  const auto storage = open_file(folder / "a.db");
  std::vector<Column> columns;
  for (int i = 0; i < 2000; ++i)
    columns.push_back(*Column::from_values({.name = "a" + std::to_string(i)}, std::vector<Value>{1.0}));
  const Status wide = put(*storage, {.name = "wide"}, *Population::make(columns));
  REQUIRE(!wide);
  CHECK(wide.error().code == Errc::unsupported);
  const Column late =
      *Column::from_values({.name = "day", .type = ColumnType::date}, std::vector<Value>{Date{2'932'897}});
  const Status far = put(*storage, {.name = "far"}, *Population::make({late}));
  REQUIRE(!far);
  CHECK(far.error().message == "column 'day' holds a day outside the years 0 to 9999");
  CHECK(storage->list()->empty());
}
