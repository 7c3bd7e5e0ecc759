//! The records of SQLite keep the contract, and their audit trail cannot be changed.
#include <persona/storage/sqlite_records.hpp>
#include <persona/testing/record_contract.hpp>

#include "killed_writers.hpp"
#include "temporary_folder.hpp"

#include <SQLiteCpp/Database.h>
#include <doctest/doctest.h>

using namespace persona;
using persona::test::TemporaryFolder;

namespace {

std::unique_ptr<Records> open_store(const std::string& path, std::shared_ptr<Clock> clock = system_clock()) {
  auto records = sqlite::open_records(path, {.busy_timeout = std::chrono::seconds(60)}, std::move(clock));
  if (!records) FAIL(to_string(records.error()));
  return *std::move(records);
}

}  // namespace

TEST_CASE("the records of SQLite keep the contract of records") {
  const TemporaryFolder folder;
  const auto make = [&](const std::string& part, std::shared_ptr<Clock> clock) {
    return open_store(folder / (part + ".db"), std::move(clock));
  };
  for (const auto& failure : testing::record_contract(make)) FAIL_CHECK(failure);
}

TEST_CASE("plain SQL leaves its traces in the audit trail of SQLite, and cannot remove any") {
  const TemporaryFolder folder;
  const auto records = open_store(folder / "a.db");
  REQUIRE(records->put({{.kind = "group", .id = "a", .actor = "ana"}}));
  REQUIRE(records->erase_person("somebody else", "officer"));
  SQLite::Database database(folder / "a.db", SQLite::OPEN_READWRITE);
  CHECK_THROWS(database.exec("DELETE FROM persona_audit"));
  CHECK_THROWS(database.exec("UPDATE persona_audit SET actor = 'nobody'"));
  database.exec("DELETE FROM persona_record");
  const auto lines = records->audit(0, 10);
  REQUIRE(lines);
  REQUIRE(lines->size() == 2);
  CHECK(lines->back().actor == "plain SQL");
  CHECK(lines->back().action == "delete");
  CHECK(lines->back().at >= lines->front().at - std::chrono::seconds(1));
}

TEST_CASE("fifty writers are killed in the middle of a thousand writes: SQLite keeps what it said it had") {
  const TemporaryFolder folder;
  test::check_killed_writers([&] { return open_store(folder / "a.db"); }, 50);
  SQLite::Database database(folder / "a.db", SQLite::OPEN_READONLY);
  CHECK(database.execAndGet("PRAGMA integrity_check").getString() == "ok");
}
