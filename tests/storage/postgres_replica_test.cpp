//! Reads from a standby, and how the connections of a storage are.
#include <persona/storage/postgres_health.hpp>

#include <persona/storage/memory.hpp>

#include "postgres_ask.hpp"
#include "testing/contract_check.hpp"

#include <csignal>
#include <thread>

using namespace persona;
using persona::testing::mixed_population;
using persona::testing::PostgresServer;
using persona::testing::with_password;

namespace {

std::unique_ptr<postgres::Connection> session_of(const PostgresServer& server) {
  const auto target = postgres::parse_target(server.connection(), with_password("persona"));
  REQUIRE(target);
  auto connection = postgres::Connection::connect(*target);
  REQUIRE(connection);
  return *std::move(connection);
}

// Until the standby has replayed what the primary has written.
void await_replay(const PostgresServer& primary, const PostgresServer& standby) {
  const auto written = session_of(primary), replayed = session_of(standby);
  const auto wanted = (*written).run("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint");
  for (bool done = false; !done; std::this_thread::yield()) {
    const auto position = (*replayed).run("SELECT (pg_last_wal_replay_lsn() - '0/0')::bigint");
    REQUIRE(position);
    done = position->integer(0, 0) >= wanted->integer(0, 0);
  }
}

}  // namespace

TEST_CASE("reads go to a standby that has what was written, and to the database itself where it has not") {
  const PostgresServer primary;
  const auto standby = PostgresServer::standby_of(primary);
  const auto storage =
      postgres::open(primary.connection(), with_password("persona", {.replica = standby->connection()}));
  REQUIRE_MESSAGE(storage, to_string(storage.error()));
  REQUIRE(put(**storage, {.name = "people"}, mixed_population(100)));
  await_replay(primary, *standby);
  CHECK((*storage)->read("people", {.limit = 0})->size() == 100);
  CHECK((*storage)->read("people", {.limit = 0})->size() == 100);
  auto health = postgres::health(**storage);
  REQUIRE(health->replica);
  CHECK(health->replica->reads == 2);

  const auto control = session_of(*standby);
  REQUIRE(control->run("SELECT pg_wal_replay_pause()"));
  REQUIRE(put(**storage, {.name = "later"}, mixed_population(50)));
  CHECK((*storage)->read("later", {.limit = 0})->size() == 50);  // at once: it was written here
  CHECK((*storage)->read("people", {.limit = 0})->size() == 100);
  health = postgres::health(**storage);
  CHECK(health->replica->reads == 2);
  CHECK(health->replica->behind == 2);
  // Another storage wrote nothing: the standby may answer it, and what it does not know is asked of the primary.
  const auto other = postgres::open(primary.connection(), with_password("persona", {.replica = standby->connection()}));
  CHECK((*other)->read("later", {.limit = 0})->size() == 50);
  CHECK((*other)->read("nobody").error().code == Errc::not_found);
  CHECK(postgres::health(**other)->replica->turned_away == 2);
  REQUIRE(control->run("SELECT pg_wal_replay_resume()"));
  await_replay(primary, *standby);
  CHECK((*storage)->read("later", {.limit = 0})->size() == 50);
  CHECK(postgres::health(**storage)->replica->reads == 3);
}

TEST_CASE("a standby that is away costs nobody an answer") {
  const PostgresServer primary;
  const auto standby = PostgresServer::standby_of(primary);
  const auto storage =
      postgres::open(primary.connection(), with_password("persona", {.replica = standby->connection()}));
  REQUIRE(storage);
  REQUIRE(put(**storage, {.name = "people"}, mixed_population(100)));
  await_replay(primary, *standby);
  REQUIRE((*storage)->read("people"));
  standby->stop(SIGQUIT);
  for (int i = 0; i < 3; ++i) CHECK((*storage)->read("people", {.limit = 0})->size() == 100);
  const auto health = postgres::health(**storage);
  CHECK(health->replica->is_away);
  CHECK(health->replica->reads <= 2);  // the one that found it gone, if it did not know before
  const auto never = postgres::open(
      primary.connection(), with_password("persona", {.replica = "host=/nowhere/at/all user=persona dbname=postgres"}));
  REQUIRE(never);
  CHECK((*never)->read("people", {.limit = 0})->size() == 100);
}

TEST_CASE("a storage tells how its connections are") {
  const auto schema = testing::fresh_schema();
  const auto storage = testing::open_schema(schema, {.connections = 1, .pool_timeout = std::chrono::milliseconds(20)});
  const auto before = postgres::health(*storage);
  REQUIRE(before);
  CHECK(before->primary.most == 1);
  CHECK(before->primary.idle == 1);
  CHECK(before->primary.made == 1);
  CHECK(!before->replica);
  auto sink = storage->create({.name = "people"});  // holds the only connection
  REQUIRE(sink);
  CHECK(postgres::health(*storage)->primary.in_use == 1);
  CHECK(storage->list().error().code == Errc::unavailable);
  CHECK(postgres::health(*storage)->primary.refused == 1);
  CHECK(postgres::health(*storage)->primary.longest_wait >= std::chrono::milliseconds(20));
  sink->reset();
  CHECK(postgres::health(*storage)->primary.in_use == 0);
  testing::ask(schema,
               "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
               "application_name = 'persona'");
  while (postgres::health(*storage)->primary.lost == 0) static_cast<void>(storage->list());
  CHECK(storage->list());
  const MemoryStorage memory;
  CHECK(postgres::health(memory).error().code == Errc::invalid_argument);
}
