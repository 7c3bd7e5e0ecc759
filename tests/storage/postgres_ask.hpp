//! Storages and plain SQL on the Postgres of the tests.
#pragma once

#include "postgres/connection.hpp"
#include "postgres_server.hpp"

#include <persona/storage/postgres.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>

namespace persona::testing {

inline postgres::Options with_password(std::string schema, postgres::Options options = {}) {
  options.schema = std::move(schema);
  options.password = Secret(PostgresServer::password);
  return options;
}

inline std::unique_ptr<Storage> open_schema(const std::string& schema, const postgres::Options& options = {}) {
  auto storage = postgres::open(PostgresServer::shared().connection(), with_password(schema, options));
  if (!storage) FAIL(to_string(storage.error()));
  return *std::move(storage);
}

//! What psql would show: cells joined by "|".
inline std::string ask(const std::string& schema, const std::string& sql) {
  const auto target = postgres::parse_target(PostgresServer::shared().connection(), with_password(schema));
  REQUIRE(target);
  const auto connection = postgres::Connection::connect(*target);
  REQUIRE(connection);
  PGresult* result = PQexec((*connection)->handle(), sql.c_str());
  std::string answer;
  for (int row = 0; row < PQntuples(result); ++row)
    for (int column = 0; column < PQnfields(result); ++column)
      answer.append(answer.empty() ? "" : "|").append(PQgetvalue(result, row, column));
  const std::string complaint = PQresultErrorMessage(result);
  PQclear(result);
  CHECK(complaint == "");
  return answer;
}

}  // namespace persona::testing
