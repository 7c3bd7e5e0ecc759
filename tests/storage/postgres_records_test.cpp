//! The records of Postgres keep the contract, and their audit trail cannot be changed.
#include <persona/storage/postgres_database.hpp>
#include <persona/storage/postgres_records.hpp>
#include <persona/testing/record_contract.hpp>

#include "killed_writers.hpp"
#include "postgres_ask.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <map>
#include <thread>
#include <vector>

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

TEST_CASE("of two who make one record at once, the second makes its second version") {
  const std::string schema = testing::fresh_schema();
  const auto database = postgres::open_database(PostgresServer::shared().connection(), with_password(schema));
  REQUIRE(database);
  const auto records = open_store(schema);
  Result<std::vector<std::int64_t>> free, bound;
  std::vector<std::jthread> others;
  const Status made = (*database)->transact([&](const Rooms& rooms) -> Status {
    const auto first = rooms.records.put({{.kind = "note", .id = "a", .actor = "ana"}});
    if (!first) return tl::unexpected(first.error());
    others.emplace_back([&] { free = records->put({{.kind = "note", .id = "a", .actor = "bob"}}); });
    others.emplace_back([&] { bound = records->put({{.kind = "note", .id = "a", .actor = "cem", .expected = 0}}); });
    while (testing::ask(schema, "SELECT count(*) FROM pg_locks WHERE NOT granted") != "2") std::this_thread::yield();
    return {};
  });
  others.clear();
  REQUIRE(made);
  REQUIRE_MESSAGE(free, to_string(free.error()));
  CHECK(*free == std::vector<std::int64_t>{2});
  REQUIRE(!bound);
  CHECK(bound.error().code == Errc::conflict);
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

TEST_CASE("fifty writers are killed in the middle of a thousand writes: Postgres keeps what it said it had") {
  const std::string schema = testing::fresh_schema();
  test::check_killed_writers([&] { return open_store(schema); }, 50);
}

TEST_CASE("a Postgres that crashes while records are written keeps what it said it had, and writes nothing twice") {
  PostgresServer server;
  const auto records = postgres::open_records(server.connection(), with_password("persona"));
  REQUIRE(records);
  std::int64_t said = 0;
  for (int crash = 0; crash < 5; ++crash) {
    std::jthread stopper;
    for (int i = 0;; ++i) {
      if (i == 20) stopper = std::jthread([&] { server.stop(SIGQUIT); });
      const std::int64_t number = said + 1;
      const auto version = (*records)->put({{.kind = "counter",
                                             .id = "a",
                                             .body = {std::to_string(number)},
                                             .actor = "writer",
                                             .idempotency_key = std::to_string(number)}});
      if (!version) {
        CHECK(version.error().service->retryable);
        break;
      }
      said = number;
    }
    stopper.join();
    server.start();
  }
  // The one that was under way may be there; said again, it is done once.
  const auto again = (*records)->put({{.kind = "counter",
                                       .id = "a",
                                       .body = {std::to_string(said + 1)},
                                       .actor = "writer",
                                       .idempotency_key = std::to_string(said + 1)}});
  REQUIRE(again);
  const auto history = (*records)->history("counter", "a");
  REQUIRE(history);
  REQUIRE(history->size() == static_cast<std::size_t>(said + 1));
  for (std::size_t i = 0; i < history->size(); ++i) CHECK((*history)[i].body.text == std::to_string(i + 1));
}
