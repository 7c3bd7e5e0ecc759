//! The records of Postgres keep the contract, and their audit trail cannot be changed.
#include <persona/storage/postgres_records.hpp>
#include <persona/testing/record_contract.hpp>

#include "postgres_ask.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace persona;
using persona::testing::PostgresServer;
using persona::testing::with_password;

namespace {

std::unique_ptr<Records> open_store(const std::string& schema, std::shared_ptr<Clock> clock = system_clock()) {
  auto records = postgres::open_records(PostgresServer::shared().connection(), with_password(schema), std::move(clock));
  if (!records) FAIL(to_string(records.error()));
  return *std::move(records);
}

}  // namespace

TEST_CASE("the records of Postgres keep the contract of records") {
  std::map<std::string, std::string> schemas;
  const auto make = [&](const std::string& part, std::shared_ptr<Clock> clock) {
    if (!schemas.contains(part)) schemas[part] = testing::fresh_schema();
    return open_store(schemas[part], std::move(clock));
  };
  for (const auto& failure : testing::record_contract(make)) FAIL_CHECK(failure);
}

TEST_CASE("plain SQL leaves its traces in the audit trail of Postgres, and cannot remove any") {
  const std::string schema = testing::fresh_schema();
  const auto records = open_store(schema);
  REQUIRE(records->put({{.kind = "group", .id = "a", .actor = "ana"}}));
  REQUIRE(records->erase_person("somebody else", "officer"));
  const auto target = postgres::parse_target(PostgresServer::shared().connection(), with_password("public"));
  const auto elsewhere = postgres::Connection::connect(*target);
  REQUIRE(elsewhere);
  for (const char* sql : {"DELETE FROM ", "TRUNCATE ", "UPDATE "}) {
    const std::string audit = sql + schema + ".persona_audit" + (sql[0] == 'U' ? " SET actor = 'nobody'" : "");
    CHECK(!(*elsewhere)->execute(audit));
  }
  REQUIRE((*elsewhere)->execute("DELETE FROM " + schema + ".persona_record"));
  const auto lines = records->audit(0, 10);
  REQUIRE(lines);
  REQUIRE(lines->size() == 2);
  CHECK(lines->back().actor == "plain SQL");
  CHECK(lines->back().action == "delete");
  CHECK(lines->back().at >= lines->front().at - std::chrono::seconds(1));
}
