//! Records read from a standby: what was written here at once, what others wrote late, what decides from the database.
#include <persona/storage/api_keys.hpp>
#include <persona/storage/groups.hpp>
#include <persona/storage/postgres_database.hpp>
#include <persona/storage/postgres_health.hpp>
#include <persona/storage/postgres_records.hpp>
#include <persona/storage/templates.hpp>
#include <persona/testing/record_contract.hpp>

#include "postgres_standby.hpp"
#include "testing/contract_check.hpp"

#include <map>

using namespace persona;
using persona::testing::await_replay;
using persona::testing::PostgresServer;
using persona::testing::with_password;

namespace {

std::unique_ptr<Records> open_store(const PostgresServer& primary, std::vector<std::string> replicas = {},
                                    const std::string& schema = "persona",
                                    std::shared_ptr<Clock> clock = system_clock()) {
  auto records = postgres::open_records(primary.connection(), with_password(schema, {.replicas = std::move(replicas)}),
                                        std::move(clock));
  REQUIRE_MESSAGE(records, to_string(records.error()));
  return *std::move(records);
}

RecordChange change(std::string id, std::string body) {
  return {.kind = "note", .id = std::move(id), .body = {std::move(body)}, .actor = "ana"};
}

std::string body_of(const Records& records, const char* id) {
  const auto found = records.find("note", id);
  REQUIRE_MESSAGE(found, to_string(found.error()));
  return found->body.text;
}

}  // namespace

TEST_CASE("records are read from a standby: what others wrote may be late, what was written here is there") {
  const PostgresServer primary;
  const auto standby = PostgresServer::standby_of(primary);
  const auto writer = open_store(primary), reader = open_store(primary, {standby->connection()});
  REQUIRE(writer->put({change("a", "1")}));
  REQUIRE(put_group(*writer, {.id = "g", .name = "old", .version = 0}, "ana"));
  await_replay(primary, *standby);
  testing::hold_back(*standby);
  REQUIRE(writer->put({change("a", "2"), change("b", "1")}));
  REQUIRE(put_group(*writer, {.id = "g", .name = "new", .version = 1}, "ana"));

  CHECK(body_of(*reader, "a") == "1");
  CHECK(body_of(reader->current(), "a") == "2");
  CHECK(find_group(*reader, "g")->name == "old");
  CHECK(reader->history("note", "a")->size() == 1);
  CHECK(reader->current().history("note", "a")->size() == 2);
  CHECK(reader->list({.kind = "note"})->size() == 1);
  CHECK(reader->audit(0, 10)->size() == 2);
  CHECK(body_of(*reader, "b") == "1");  // what the standby does not know is asked of the primary
  CHECK(reader->find("note", "nobody").error().code == Errc::not_found);

  REQUIRE(reader->put({change("c", "1")}));
  CHECK(body_of(*reader, "c") == "1");
  CHECK(body_of(*reader, "a") == "2");
  CHECK(reader->list({.kind = "note"})->size() == 3);
  REQUIRE(reader->remove("note", "c", "ana"));
  CHECK(reader->find("note", "c").error().code == Errc::not_found);
  testing::go_on(*standby);
  await_replay(primary, *standby);
  testing::hold_back(*standby);
  REQUIRE(writer->put({change("a", "3")}));
  CHECK(body_of(*reader, "a") == "2");  // the standby again, which has what was written here
}

TEST_CASE("what decides something is never read from a standby") {
  const PostgresServer primary;
  const auto standby = PostgresServer::standby_of(primary);
  const auto writer = open_store(primary), reader = open_store(primary, {standby->connection()});
  const auto key = make_api_key(*writer, {.owner = "ana"}, "ana");
  REQUIRE(key);
  REQUIRE(put_template(*writer, {.name = "t", .text = "A"}, "ana"));
  await_replay(primary, *standby);
  testing::hold_back(*standby);
  REQUIRE(verify_api_key(*reader, key->text, {}));
  REQUIRE(revoke_api_key(*writer, key->key.id, "ana"));
  CHECK(list_api_keys(*reader)->size() == 1);  // late, and decides nothing
  CHECK(verify_api_key(*reader, key->text, {}).error().code == Errc::unauthenticated);
  REQUIRE(*put_template(*writer, {.name = "t", .text = "B", .version = 1}, "ana") == 2);
  CHECK(find_template(*reader, "t")->text == "A");
  CHECK(*put_template(*reader, {.name = "t", .text = "A", .version = 2}, "ana") == 3);
}

TEST_CASE("the rooms of a database share its standbys; what is in a transaction is read from the database itself") {
  const PostgresServer primary;
  const auto standby = PostgresServer::standby_of(primary);
  const auto database =
      postgres::open_database(primary.connection(), with_password("persona", {.replicas = {standby->connection()}}));
  REQUIRE(database);
  Storage& populations = (*database)->populations();
  Records& records = (*database)->records();
  const auto health = [&] { return postgres::health(populations)->replicas.at(0); };
  REQUIRE(records.put({change("a", "1")}));
  await_replay(primary, *standby);
  CHECK(body_of(records, "a") == "1");
  CHECK(health().reads == 1);
  const Status done = (*database)->transact([&](const Rooms& rooms) -> Status {
    if (const auto put = rooms.records.put({change("a", "2")}); !put) return tl::unexpected(put.error());
    CHECK(body_of(rooms.records, "a") == "2");
    CHECK(records.find("note", "a").error().code == Errc::conflict);
    return {};
  });
  CHECK(done);
  await_replay(primary, *standby);
  REQUIRE((*database)->status());
  CHECK(health().reads == 1);
  CHECK(body_of(records, "a") == "2");
  CHECK(health().reads == 2);
  testing::hold_back(*standby);
  REQUIRE(enqueue((*database)->jobs(), {.kind = "k"}));
  CHECK(body_of(records, "a") == "2");  // jobs are read from no standby, and hold none back
  CHECK(health().reads == 3);
  REQUIRE(put(populations, {.name = "people"}, testing::mixed_population(10)));
  CHECK(body_of(records, "a") == "2");  // written here, whichever room it was
  CHECK(health().reads == 3);
  CHECK(health().behind == 1);
}

TEST_CASE("with a standby that is stuck, records keep their contract") {
  const PostgresServer primary;
  const auto standby = PostgresServer::standby_of(primary);
  testing::hold_back(*standby);
  std::map<std::string, std::string> schemas;
  const auto make = [&](const std::string& part, std::shared_ptr<Clock> clock) {
    if (!schemas.contains(part)) schemas[part] = testing::fresh_schema();
    return open_store(primary, {standby->connection()}, schemas[part], std::move(clock));
  };
  for (const auto& failure : testing::record_contract(make)) FAIL_CHECK(failure);
}
