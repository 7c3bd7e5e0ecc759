//! Connections, handed out and taken back.
#include "postgres/pool.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace persona::postgres {

Status Pool::wait_for_turn(std::unique_lock<std::mutex>& lock, const Context& context) {
  const auto began = std::chrono::steady_clock::now();
  const auto end = std::min(context.deadline, began + timeout_);
  ++health_.waiting;
  const bool free = returned_.wait_until(lock, context.stop, end, [&] { return out_ < most_; });
  --health_.waiting;
  const auto waited = std::chrono::floor<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  health_.longest_wait = std::max(health_.longest_wait, waited);
  if (Status go = context.check(); !go) {
    if (free) returned_.notify_one();  // who was told of a connection and has no time for it tells the next
    return go;
  }
  if (free) return {};
  ++health_.refused;
  return fail(Errc::unavailable, fmt::format("{}: all {} connections are in use", target_.where, most_));
}

Result<Pool::Lease> Pool::take(const Context& context) {
  std::unique_lock lock(mutex_);
  if (Status turn = wait_for_turn(lock, context); !turn) return tl::unexpected(turn.error());
  ++out_;
  ++health_.taken;
  while (!idle_.empty()) {
    std::unique_ptr<Connection> connection = std::move(idle_.back());
    idle_.pop_back();
    if (connection->is_ready()) return Lease(shared_from_this(), std::move(connection));
    ++health_.lost;
  }
  lock.unlock();
  Result<std::unique_ptr<Connection>> connection = Connection::connect(target_);
  lock.lock();
  ++(connection ? health_.made : health_.failed);
  lock.unlock();
  if (connection) return Lease(shared_from_this(), *std::move(connection));
  give_back(nullptr);
  return tl::unexpected(connection.error());
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
  const bool is_lost = connection && !connection->is_idle();
  if (is_lost) connection.reset();
  {
    const std::lock_guard lock(mutex_);
    --out_;
    if (is_lost) ++health_.lost;
    if (connection) idle_.push_back(std::move(connection));
  }
  returned_.notify_one();
}

PoolHealth Pool::health() const {
  const std::lock_guard lock(mutex_);
  PoolHealth health = health_;
  health.in_use = out_;
  health.idle = static_cast<unsigned>(idle_.size());
  health.most = most_;
  return health;
}

}  // namespace persona::postgres
