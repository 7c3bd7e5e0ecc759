//! Many statements in one round trip answer as they would one by one, and fail at the one that fails.
#include "postgres/connection.hpp"
#include "postgres_ask.hpp"

#include <doctest/doctest.h>

using namespace persona;
using persona::testing::PostgresServer;

namespace {

std::unique_ptr<postgres::Connection> connect() {
  const auto target =
      postgres::parse_target(PostgresServer::shared().connection(), {.password = Secret(PostgresServer::password)});
  REQUIRE(target);
  auto connection = postgres::Connection::connect(*target);
  REQUIRE_MESSAGE(connection, to_string(connection.error()));
  return *std::move(connection);
}

postgres::Statement statement(std::string sql, std::vector<Value> values = {}) {
  return {std::move(sql), postgres::Parameters(values)};
}

std::int64_t count(postgres::Connection& connection) {
  return connection.run("SELECT count(*) FROM pipelined")->integer(0, 0);
}

}  // namespace

TEST_CASE("statements in a pipeline answer in their order, however many and long they are") {
  const auto connection = connect();
  std::vector<postgres::Statement> statements;
  for (std::int64_t i = 0; i < 350; ++i)
    statements.push_back(i % 3 == 0 ? statement("SELECT $1 + 1", {i}) : statement("SELECT -$1::bigint", {i}));
  for (std::int64_t i = 0; i < 20; ++i)
    statements.push_back(statement("SELECT length($1)::bigint", {std::string(100'000 + i, 'x')}));
  const auto answers = connection->run_all(statements);
  REQUIRE_MESSAGE(answers, to_string(answers.error()));
  REQUIRE(answers->size() == 370);
  for (int i = 0; i < 350; ++i)
    CHECK((*answers)[static_cast<std::size_t>(i)].integer(0, 0) == (i % 3 == 0 ? i + 1 : -i));
  for (int i = 0; i < 20; ++i) CHECK((*answers)[350 + static_cast<std::size_t>(i)].integer(0, 0) == 100'000 + i);
  CHECK(connection->run_all({})->empty());
  CHECK(connection->is_ready());
}

TEST_CASE("more kinds of statements than are kept ready go through a pipeline") {
  const auto connection = connect();
  std::vector<postgres::Statement> statements;
  for (int i = 0; i < 230; ++i) statements.push_back(statement("SELECT " + std::to_string(i) + "::bigint"));
  for (int round = 0; round < 2; ++round) {
    const auto answers = connection->run_all(statements);
    REQUIRE_MESSAGE(answers, to_string(answers.error()));
    for (int i = 0; i < 230; ++i) CHECK((*answers)[static_cast<std::size_t>(i)].integer(0, 0) == i);
  }
}

TEST_CASE("the statement that fails in a pipeline is told, and none after it has run") {
  const auto connection = connect();
  REQUIRE(connection->execute("CREATE TEMPORARY TABLE pipelined (x bigint UNIQUE)"));
  const auto insert = [](std::int64_t x) { return statement("INSERT INTO pipelined VALUES ($1)", {x}); };
  {
    auto transaction = postgres::Transaction::begin(*connection);
    std::vector<postgres::Statement> statements = {insert(1), insert(2), insert(1), insert(3)};
    const auto answers = connection->run_all(statements);
    REQUIRE(!answers);
    CHECK(answers.error().code == Errc::already_exists);
    CHECK(!transaction->commit());
  }
  CHECK(count(*connection) == 0);
  std::vector<postgres::Statement> wrong = {insert(4), statement("SELECT nonsense"), insert(5)};
  CHECK(!connection->run_all(wrong));  // outside of a transaction: nothing of the group stays
  CHECK(count(*connection) == 0);
  std::vector<postgres::Statement> right = {insert(1), insert(2)};
  CHECK(connection->run_all(right));
  CHECK(count(*connection) == 2);
  CHECK(connection->is_ready());
}

TEST_CASE("a connection that is cut within a pipeline is told as lost and not used again") {
  const auto connection = connect();
  std::vector<postgres::Statement> statements;
  for (int i = 0; i < 10; ++i) statements.push_back(statement("SELECT 1"));
  statements.push_back(statement("SELECT pg_terminate_backend(pg_backend_pid())"));
  for (int i = 0; i < 10; ++i) statements.push_back(statement("SELECT 2"));
  const auto answers = connection->run_all(statements);
  REQUIRE(!answers);
  CHECK(answers.error().code == Errc::unavailable);
  CHECK(!connection->is_ready());
}
