//! Schema versions: up, down, and files that are not ours.
#include <persona/storage/sqlite.hpp>

#include "temporary_folder.hpp"
#include "testing/contract_check.hpp"

#include <SQLiteCpp/Database.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>

using namespace persona;
using persona::test::TemporaryFolder;
using persona::testing::mixed_population;

namespace {

Errc open_error(const std::string& path, const sqlite::Options& options = {}) {
  const auto storage = sqlite::open(path, options);
  REQUIRE(!storage);
  CHECK(storage.error().message.find(path) != std::string::npos);
  return storage.error().code;
}

void execute(const std::string& path, const std::string& sql) {
  SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
}

void fill(const std::string& path) {
  const auto storage = sqlite::open(path);
  REQUIRE(storage);
  REQUIRE(put(**storage, {.name = "rows", .spec = "{}", .seed = 7, .indexes = {"sex"}}, mixed_population(20)));
  const PopulationRecord recipe{
      .name = "recipe", .form = StorageForm::recipe, .spec = persona::testing::small_spec(), .seed = 3, .count = 10};
  auto sink = (*storage)->create(recipe);
  REQUIRE(sink);
  REQUIRE((*sink)->finish());
}

// Opens a file while somebody else looks which schema it has.
struct Intruder {
  std::string path;
  bool has_come = false, was_let_in = false;
};
Intruder intruder;

int on_statement(unsigned, void*, void*, void* text) {
  const bool looks = std::string_view(static_cast<const char*>(text)).find("user_version") != std::string_view::npos;
  if (looks && !std::exchange(intruder.has_come, true)) intruder.was_let_in = sqlite::open(intruder.path).has_value();
  return 0;
}

int watch(sqlite3* database, char**, const void*) {
  return sqlite3_trace_v2(database, SQLITE_TRACE_STMT, on_statement, nullptr);
}

}  // namespace

TEST_CASE("two who open a new file at once both find a storage") {
  const TemporaryFolder folder;
  intruder = {.path = folder / "a.db"};
  const auto watching = reinterpret_cast<void (*)()>(watch);
  REQUIRE(sqlite3_auto_extension(watching) == SQLITE_OK);
  const auto storage = sqlite::open(intruder.path);
  sqlite3_cancel_auto_extension(watching);
  CHECK(intruder.was_let_in);
  CHECK(storage);
}

TEST_CASE("from every schema version to every other and back, rows survive") {
  for (int from = 1; from <= sqlite::schema_version(); ++from)
    for (int to = 1; to <= sqlite::schema_version(); ++to) {
      CAPTURE(from);
      CAPTURE(to);
      const TemporaryFolder folder;
      const std::string path = folder / "a.db";
      fill(path);
      const PopulationRecord before = *(*sqlite::open(path))->find("rows");
      for (const int version : {from, to, from, to}) {
        REQUIRE(sqlite::migrate(path, version));
        CHECK(*sqlite::schema_version(path) == version);
      }
      const auto storage = sqlite::open(path);
      REQUIRE(storage);
      CHECK(*sqlite::schema_version(path) == sqlite::schema_version());
      CHECK(*(*storage)->find("rows") == before);
      CHECK((*storage)->read("rows", {.limit = 0})->size() == 20);
      // Version 1 has no recipes: they live only where the file never went below 2.
      CHECK((*storage)->find("recipe").has_value() == (std::min(from, to) >= 2));
    }
}

TEST_CASE("a storage that is open notices that the schema was changed") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.db";
  fill(path);
  const auto storage = sqlite::open(path);
  REQUIRE(storage);
  REQUIRE((*storage)->list());
  REQUIRE(sqlite::migrate(path, 1));
  CHECK((*storage)->list().error().code == Errc::conflict);
  CHECK((*storage)->create({.name = "more"}).error().code == Errc::conflict);
  CHECK((*storage)->remove("rows").error().code == Errc::conflict);
  CHECK(open_error(path, {.read_only = true}) == Errc::unsupported);
  REQUIRE(sqlite::open(path));
  CHECK((*storage)->list()->size() == 1);
}

TEST_CASE("there are no other versions to migrate to") {
  const TemporaryFolder folder;
  fill(folder / "a.db");
  for (const int version : {0, -1, sqlite::schema_version() + 1})
    CHECK(sqlite::migrate(folder / "a.db", version).error().code == Errc::invalid_argument);
  CHECK(sqlite::migrate(folder / "none.db", 1).error().code == Errc::not_found);
}

TEST_CASE("a file of a later version is left alone") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.db";
  fill(path);
  execute(path, "PRAGMA user_version = 99");
  CHECK(open_error(path) == Errc::unsupported);
  CHECK(sqlite::migrate(path, 1).error().code == Errc::unsupported);
  CHECK(sqlite::schema_version(path).error().code == Errc::unsupported);
}

TEST_CASE("another application's database is left alone") {
  const TemporaryFolder folder;
  execute(folder / "tables.db", "CREATE TABLE t (x)");
  execute(folder / "marked.db", "PRAGMA application_id = 42");
  CHECK(open_error(folder / "tables.db") == Errc::unsupported);
  CHECK(open_error(folder / "marked.db") == Errc::unsupported);
}

TEST_CASE("a history that is not this library's is corrupted") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.db";
  fill(path);
  execute(path, "UPDATE persona_migration SET checksum = 'x' WHERE version = 1");
  CHECK(sqlite::migrate(path, 1).error().code == Errc::corrupted);
}

TEST_CASE("what is no database is called so") {
  const TemporaryFolder folder;
  std::ofstream(folder / "text.db") << "this is text, and long enough that it cannot be an empty database at all";
  CHECK(open_error(folder / "text.db") == Errc::corrupted);
  fill(folder / "cut.db");
  std::filesystem::resize_file(folder / "cut.db", std::filesystem::file_size(folder / "cut.db") / 2);
  const auto cut = sqlite::open(folder / "cut.db");
  const auto read = cut ? (*cut)->read("rows", {.limit = 0}) : tl::unexpected(cut.error());
  REQUIRE(!read);
  CHECK(read.error().code == Errc::corrupted);
}

TEST_CASE("an empty file has version 0 and becomes a storage") {
  const TemporaryFolder folder;
  std::ofstream(folder / "empty.db").flush();
  CHECK(*sqlite::schema_version(folder / "empty.db") == 0);
  CHECK(open_error(folder / "empty.db", {.read_only = true}) == Errc::unsupported);
  CHECK(sqlite::open(folder / "empty.db"));
}

TEST_CASE("paths that lead nowhere are named") {
  const TemporaryFolder folder;
  CHECK(open_error(folder / "none.db", {.create = false}) == Errc::not_found);
  CHECK(open_error(folder / "none.db", {.read_only = true}) == Errc::not_found);
  CHECK(open_error(folder / "no/folder.db") == Errc::not_found);
  CHECK(open_error(folder.path()) == Errc::io);
  CHECK(sqlite::open(":memory:").error().code == Errc::invalid_argument);
  CHECK(sqlite::open("").error().code == Errc::invalid_argument);
  CHECK(!std::filesystem::exists(folder / "none.db"));
}

TEST_CASE("a file name means itself, whatever it looks like") {
  const TemporaryFolder folder;
  for (const char* name : {"a?mode=memory.db", "100%25.db", "a#b.db", "it's.db"}) {
    fill(folder / name);
    CHECK(std::filesystem::exists(folder / name));
  }
}
