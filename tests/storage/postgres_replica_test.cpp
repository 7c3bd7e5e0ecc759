//! Reads from a standby, and how the connections of a storage are.
#include <persona/storage/postgres_health.hpp>

#include <persona/storage/memory.hpp>

#include "postgres/replicas.hpp"
#include "postgres_standby.hpp"
#include "testing/contract_check.hpp"

#include <csignal>
#include <thread>

#include <fmt/format.h>

using namespace persona;
using persona::testing::await_replay;
using persona::testing::mixed_population;
using persona::testing::PostgresServer;
using persona::testing::session_of;
using persona::testing::with_password;

namespace {

using Standbys = std::vector<const PostgresServer*>;

postgres::Options reading_from(const Standbys& standbys) {
  postgres::Options options = with_password("persona");
  for (const PostgresServer* standby : standbys) options.replicas.push_back(standby->connection());
  return options;
}

std::unique_ptr<Storage> open_with(const PostgresServer& primary, const Standbys& standbys) {
  auto storage = postgres::open(primary.connection(), reading_from(standbys));
  REQUIRE_MESSAGE(storage, to_string(storage.error()));
  return *std::move(storage);
}

postgres::ReplicaHealth health_of(const Storage& storage, std::size_t standby) {
  const auto health = postgres::health(storage);
  REQUIRE(health);
  REQUIRE(standby < health->replicas.size());
  return health->replicas[standby];
}

std::size_t size_of(const Storage& storage, const char* name) {
  const auto people = storage.read(name, {.limit = 0});
  REQUIRE_MESSAGE(people, to_string(people.error()));
  return people->size();
}

}  // namespace

TEST_CASE("reads go to a standby that has what was written, and to the database itself where it has not") {
  const PostgresServer primary;
  const auto standby = PostgresServer::standby_of(primary);
  const auto storage = open_with(primary, {standby.get()});
  REQUIRE(put(*storage, {.name = "people"}, mixed_population(100)));
  await_replay(primary, *standby);
  CHECK(size_of(*storage, "people") == 100);
  CHECK(size_of(*storage, "people") == 100);
  CHECK(health_of(*storage, 0).reads == 2);

  testing::hold_back(*standby);
  REQUIRE(put(*storage, {.name = "later"}, mixed_population(50)));
  CHECK(size_of(*storage, "later") == 50);  // at once: it was written here
  CHECK(size_of(*storage, "people") == 100);
  CHECK(health_of(*storage, 0).reads == 2);
  CHECK(health_of(*storage, 0).behind == 2);
  // Another storage wrote nothing: the standby may answer it, and what it does not know is asked of the primary.
  const auto other = open_with(primary, {standby.get()});
  CHECK(size_of(*other, "later") == 50);
  CHECK(other->read("nobody").error().code == Errc::not_found);
  CHECK(health_of(*other, 0).turned_away == 2);
  testing::go_on(*standby);
  await_replay(primary, *standby);
  CHECK(size_of(*storage, "later") == 50);
  CHECK(health_of(*storage, 0).reads == 3);
}

TEST_CASE("a standby that is away costs nobody an answer") {
  const PostgresServer primary;
  const auto standby = PostgresServer::standby_of(primary);
  const auto storage = open_with(primary, {standby.get()});
  REQUIRE(put(*storage, {.name = "people"}, mixed_population(100)));
  await_replay(primary, *standby);
  REQUIRE(storage->read("people"));
  standby->stop(SIGQUIT);
  for (int i = 0; i < 3; ++i) CHECK(size_of(*storage, "people") == 100);
  CHECK(health_of(*storage, 0).is_away);
  CHECK(health_of(*storage, 0).reads <= 2);  // the one that found it gone, if it did not know before
  const auto never =
      postgres::open(primary.connection(),
                     with_password("persona", {.replicas = {"host=/nowhere/at/all user=persona dbname=postgres"}}));
  REQUIRE(never);
  CHECK(size_of(**never, "people") == 100);
}

TEST_CASE("standbys take turns; one that lags or is away is passed over for the other") {
  const PostgresServer primary;
  const auto first = PostgresServer::standby_of(primary), second = PostgresServer::standby_of(primary);
  const auto storage = open_with(primary, {first.get(), second.get()});
  REQUIRE(put(*storage, {.name = "people"}, mixed_population(100)));
  await_replay(primary, *first);
  await_replay(primary, *second);
  for (int i = 0; i < 4; ++i) CHECK(size_of(*storage, "people") == 100);
  CHECK(health_of(*storage, 0).reads == 2);
  CHECK(health_of(*storage, 1).reads == 2);

  testing::hold_back(*second);
  REQUIRE(put(*storage, {.name = "later"}, mixed_population(50)));
  await_replay(primary, *first);
  for (int i = 0; i < 4; ++i) CHECK(size_of(*storage, "later") == 50);
  CHECK(health_of(*storage, 0).reads == 6);
  CHECK(health_of(*storage, 1).reads == 2);
  CHECK(health_of(*storage, 1).behind == 2);  // when it was its turn

  first->stop(SIGQUIT);
  for (int i = 0; i < 4; ++i) CHECK(size_of(*storage, "later") == 50);  // the database itself
  CHECK(health_of(*storage, 0).is_away);
  CHECK(health_of(*storage, 1).reads == 2);
  testing::go_on(*second);
  await_replay(primary, *second);
  for (int i = 0; i < 4; ++i) CHECK(size_of(*storage, "later") == 50);
  CHECK(health_of(*storage, 1).reads == 6);

  first->start();
  await_replay(primary, *first);
  const auto before = health_of(*storage, 0).reads;
  while (health_of(*storage, 0).reads == before) {  // once it has been left alone for long enough
    CHECK(size_of(*storage, "later") == 50);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  CHECK(!health_of(*storage, 0).is_away);
}

TEST_CASE("what a standby may not know is asked of the database itself") {
  const PostgresServer primary;
  const auto standby = PostgresServer::standby_of(primary);
  const auto replicas = postgres::Replicas::of(reading_from({standby.get()}));
  REQUIRE(replicas);
  const auto pool = std::make_shared<postgres::Pool>(
      *postgres::parse_target(primary.connection(), with_password("persona")), postgres::Options{});
  for (const std::string state : {"40001", "42P01", "42703"}) {
    const std::string sql = fmt::format(
        "DO $$BEGIN IF pg_is_in_recovery() THEN RAISE EXCEPTION 'no' USING ERRCODE = '{}'; END IF; END$$", state);
    const auto work = [&](const postgres::Pool::Lease& connection) { return connection->execute(sql); };
    CHECK((*replicas)->read(*pool, {}, work));
  }
  CHECK((*replicas)->health()[0].turned_away == 3);
  CHECK(!(*replicas)->health()[0].is_away);
  const auto wrong = [](const postgres::Pool::Lease& connection) { return connection->execute("SELECT 1 / 0"); };
  CHECK(!(*replicas)->read(*pool, {}, wrong));
  CHECK((*replicas)->health()[0].turned_away == 3);  // it is wrong everywhere

  const auto asks_standby = [&] {
    return *(*replicas)->read(*pool, {}, [](const postgres::Pool::Lease& connection) -> Result<bool> {
      const auto rows = connection->run("SELECT pg_is_in_recovery()::int");
      return rows ? Result<bool>(rows->integer(0, 0) == 1) : tl::unexpected(rows.error());
    });
  };
  CHECK(asks_standby());
  const auto cut = session_of(primary);
  REQUIRE(!cut->run("SELECT pg_terminate_backend(pg_backend_pid())"));
  (*replicas)->note_write(*cut);  // nobody knows whether it came about: where the log stands is asked once more
  CHECK(!asks_standby());
  await_replay(primary, *standby);
  CHECK(asks_standby());
}

TEST_CASE("a storage tells how its connections are") {
  const auto schema = testing::fresh_schema();
  const auto storage = testing::open_schema(schema, {.connections = 1, .pool_timeout = std::chrono::milliseconds(20)});
  const auto before = postgres::health(*storage);
  REQUIRE(before);
  CHECK(before->primary.most == 1);
  CHECK(before->primary.idle == 1);
  CHECK(before->primary.made == 1);
  CHECK(before->replicas.empty());
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
