//! Schema versions, and what is told of databases that cannot be opened.
#include <persona/storage/postgres.hpp>

#include "postgres_ask.hpp"
#include "testing/contract_check.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace persona;
using persona::testing::ask;
using persona::testing::mixed_population;
using persona::testing::open_schema;
using persona::testing::PostgresServer;
using persona::testing::with_password;

namespace {

std::string server_address() {
  return PostgresServer::shared().connection();
}

Error schema_error(const std::string& connection, const postgres::Options& options) {
  const auto storage = postgres::open(connection, options);
  REQUIRE(!storage);
  for (const char* secret : {PostgresServer::password, "hunter2"})
    CHECK(to_string(storage.error()).find(secret) == std::string::npos);
  return storage.error();
}

}  // namespace

TEST_CASE("from every schema version to every other and back, rows survive") {
  const std::string schema = testing::fresh_schema();
  const auto options = with_password(schema);
  CHECK(postgres::schema_version(server_address(), options) == 0);
  REQUIRE(put(*open_schema(schema), {.name = "people"}, mixed_population(20)));
  for (int from = 1; from <= postgres::schema_version(); ++from)
    for (int to = 1; to <= postgres::schema_version(); ++to)
      for (const int version : {from, to, from}) {
        REQUIRE(postgres::migrate(server_address(), version, options));
        CHECK(postgres::schema_version(server_address(), options) == version);
      }
  CHECK(open_schema(schema)->read("people", {.limit = 0})->size() == 20);
  for (const int version : {0, -1, postgres::schema_version() + 1})
    CHECK(postgres::migrate(server_address(), version, options).error().code == Errc::invalid_argument);
}

TEST_CASE("many may make the same schema at once") {
  const std::string schema = testing::fresh_schema();
  std::vector<std::string> failures(8);
  {
    std::vector<std::jthread> openers;
    for (std::string& failure : failures)
      openers.emplace_back([&] {
        const auto storage = postgres::open(server_address(), with_password(schema));
        if (!storage) failure = to_string(storage.error());
      });
  }
  for (const std::string& failure : failures) CHECK(failure == "");
  CHECK(ask(schema, "SELECT count(*) FROM persona_migration") == std::to_string(postgres::schema_version()));
}

TEST_CASE("a schema of a later version is left alone, and a storage that is open notices it") {
  const std::string schema = testing::fresh_schema();
  const auto storage = open_schema(schema);
  ask(schema, "INSERT INTO persona_migration VALUES (99, 'later', '', '')");
  CHECK(schema_error(server_address(), with_password(schema)).code == Errc::unsupported);
  CHECK(postgres::migrate(server_address(), 1, with_password(schema)).error().code == Errc::unsupported);
  CHECK(storage->list().error().code == Errc::conflict);
  CHECK(storage->find("people").error().code == Errc::conflict);
  CHECK(storage->create({.name = "more"}).error().code == Errc::conflict);
}

TEST_CASE("a history that is not this library's is corrupted") {
  const std::string schema = testing::fresh_schema();
  open_schema(schema);
  ask(schema, "UPDATE persona_migration SET checksum = 'x' WHERE version = 1");
  CHECK(postgres::migrate(server_address(), 1, with_password(schema)).error().code == Errc::corrupted);
}

TEST_CASE("who opens read-only writes nothing, also by plain SQL") {
  const std::string schema = testing::fresh_schema();
  CHECK(schema_error(server_address(), with_password(schema, {.read_only = true})).code == Errc::unsupported);
  CHECK(schema_error(server_address(), with_password(schema, {.create = false})).code == Errc::not_found);
  REQUIRE(put(*open_schema(schema), {.name = "people"}, mixed_population(10)));
  const auto storage = open_schema(schema, {.read_only = true});
  CHECK(storage->create({.name = "more"}).error().code == Errc::io);
  CHECK(storage->remove("people").error().code == Errc::io);
  CHECK(storage->read("people", {.limit = 0})->size() == 10);
  const auto target = postgres::parse_target(server_address(), with_password(schema, {.read_only = true}));
  const auto connection = postgres::Connection::connect(*target);
  CHECK((*connection)->execute("DELETE FROM persona_population").error().code == Errc::io);
}

TEST_CASE("what cannot be opened says why, and never tells a secret") {
  const std::string schema = testing::fresh_schema();
  const Error wrong = schema_error(server_address(), {.schema = schema, .password = Secret("hunter2")});
  CHECK(wrong.code == Errc::unauthenticated);
  CHECK(!wrong.service->retryable);
  CHECK(schema_error(server_address() + " password=hunter2", {.schema = schema}).code == Errc::unauthenticated);
  CHECK(schema_error("host=/nowhere/at/all user=persona password=hunter2", {}).code == Errc::unavailable);
  CHECK(schema_error("host=/nowhere/at/all", {}).service->retryable);
  CHECK(schema_error(
            "postgresql://persona:hunter2@/x?host=" + PostgresServer::shared().folder().string() + "&y=hunter2", {})
            .code == Errc::invalid_argument);
  const std::string unknown = "host=" + PostgresServer::shared().folder().string() + " user=persona dbname=nobody";
  CHECK(schema_error(unknown, with_password(schema)).code == Errc::not_found);
  for (const char* name : {"", "Upper", "a-b", "a\"; DROP SCHEMA public; --", "1a", "pg_x"})
    CHECK(schema_error(server_address(), with_password(name)).code == Errc::invalid_argument);
}
