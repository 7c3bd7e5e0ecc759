//! Standbys of a primary: how far they are, and how they are held back.
#pragma once

#include "postgres_ask.hpp"

#include <memory>
#include <string>
#include <thread>

namespace persona::testing {

inline std::unique_ptr<postgres::Connection> session_of(const PostgresServer& server) {
  const auto target = postgres::parse_target(server.connection(), with_password("persona"));
  REQUIRE(target);
  auto connection = postgres::Connection::connect(*target);
  REQUIRE(connection);
  return *std::move(connection);
}

//! Until the standby has replayed what the primary has written.
inline void await_replay(const PostgresServer& primary, const PostgresServer& standby) {
  const auto wanted = session_of(primary)->run("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint");
  REQUIRE(wanted);
  const auto control = session_of(standby);
  while (!control->has_replayed(wanted->integer(0, 0))) std::this_thread::yield();
}

//! From here it stays as it is, until `go_on`.
inline void hold_back(const PostgresServer& standby) {
  REQUIRE(session_of(standby)->run("SELECT pg_wal_replay_pause()"));
}
inline void go_on(const PostgresServer& standby) {
  REQUIRE(session_of(standby)->run("SELECT pg_wal_replay_resume()"));
}

}  // namespace persona::testing
