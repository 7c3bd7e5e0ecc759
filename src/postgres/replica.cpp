//! A standby that takes reads while it has what they need.
#include "postgres/replica.hpp"

#include "postgres/failure.hpp"

#include <algorithm>

namespace persona::postgres {
namespace {

constexpr std::chrono::seconds rest_of_one_away{5};

}  // namespace

std::optional<Pool::Lease> Replica::take(std::int64_t written, const Context& context) {
  if (is_away()) return {};
  Result<Pool::Lease> connection = pool_->take(context);
  if (!connection) {
    if (connection.error().code != Errc::cancelled && connection.error().code != Errc::deadline_exceeded) rest();
    return {};
  }
  if (replayed_.load() < written && !has(**connection, written)) {
    ++behind_;
    return {};
  }
  ++reads_;
  return *std::move(connection);
}

bool Replica::has(Connection& connection, std::int64_t written) {
  // NULL where it is no standby any more: then nobody knows what it has.
  const Result<Rows> position = connection.run("SELECT (pg_last_wal_replay_lsn() - '0/0')::bigint");
  if (!position || position->size() == 0 || position->is_null(0, 0)) return false;
  const std::int64_t replayed = position->integer(0, 0);
  for (std::int64_t known = replayed_.load(); known < replayed && !replayed_.compare_exchange_weak(known, replayed);) {
  }
  return replayed >= written;
}

bool Replica::may_be_its_own(const Error& error) {
  // A standby ends reads that are in the way of its replay (40001).
  return error.code == Errc::unavailable || error.code == Errc::not_found || error.code == Errc::conflict ||
         is_state(error, "40001") || is_state(error, "42P01");
}

void Replica::turned_away(const Error& error) {
  ++turned_away_;
  if (error.code == Errc::unavailable && !is_state(error, "40001")) rest();
}

void Replica::rest() {
  away_until_ = std::chrono::steady_clock::now() + rest_of_one_away;
}

ReplicaHealth Replica::health() const {
  return {.pool = pool_->health(),
          .is_away = is_away(),
          .reads = reads_.load(),
          .behind = behind_.load(),
          .turned_away = turned_away_.load()};
}

}  // namespace persona::postgres
