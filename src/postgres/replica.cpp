//! A standby that takes reads while it has what they need.
#include "postgres/replica.hpp"

#include "postgres/failure.hpp"

#include <algorithm>
#include <string_view>

namespace persona::postgres {
namespace {

constexpr std::chrono::seconds rest_of_one_away{5};

// It ended a read that was in the way of its replay; a table, a column that it does not have yet.
constexpr std::string_view states_of_its_own[] = {"40001", "42P01", "42703"};

}  // namespace

std::optional<Pool::Lease> Replica::take(std::int64_t written, const Context& context) {
  if (!may_be_tried()) return {};
  Result<Pool::Lease> connection = pool_->take(context);
  if (!connection) {
    if (connection.error().code != Errc::cancelled && connection.error().code != Errc::deadline_exceeded) rest();
    return {};
  }
  away_until_ = Moment::min();
  if (!(*connection)->has_replayed(written)) {
    ++behind_;
    return {};
  }
  ++reads_;
  return *std::move(connection);
}

// Of those who come when its rest is over one tries it: the others would wait with it.
bool Replica::may_be_tried() {
  Moment until = away_until_.load();
  if (until == Moment::min()) return true;
  const Moment now = std::chrono::steady_clock::now();
  return until <= now && away_until_.compare_exchange_strong(until, now + rest_of_one_away);
}

bool Replica::may_be_its_own(const Error& error) {
  return error.code == Errc::unavailable || error.code == Errc::not_found || error.code == Errc::conflict ||
         std::ranges::any_of(states_of_its_own, [&](std::string_view state) { return is_state(error, state); });
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
