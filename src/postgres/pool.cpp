//! Connections, handed out and taken back.
#include "postgres/pool.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace persona::postgres {

Status Pool::wait_for_turn(std::unique_lock<std::mutex>& lock, const Context& context) {
  const auto end = std::min(context.deadline, std::chrono::steady_clock::now() + timeout_);
  const bool free = returned_.wait_until(lock, context.stop, end, [&] { return out_ < most_; });
  if (Status go = context.check(); !go) return go;
  if (free) return {};
  return fail(Errc::unavailable, fmt::format("{}: all {} connections are in use", target_.where, most_));
}

Result<Pool::Lease> Pool::take(const Context& context) {
  std::unique_lock lock(mutex_);
  if (Status turn = wait_for_turn(lock, context); !turn) return tl::unexpected(turn.error());
  ++out_;
  while (!idle_.empty()) {
    std::unique_ptr<Connection> connection = std::move(idle_.back());
    idle_.pop_back();
    if (connection->is_ready()) return Lease(shared_from_this(), std::move(connection));
  }
  lock.unlock();
  Result<std::unique_ptr<Connection>> connection = Connection::connect(target_);
  if (connection) return Lease(shared_from_this(), *std::move(connection));
  give_back(nullptr);
  return tl::unexpected(connection.error());
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
  if (connection && !connection->is_ready()) connection.reset();
  {
    const std::lock_guard lock(mutex_);
    --out_;
    if (connection) idle_.push_back(std::move(connection));
  }
  returned_.notify_one();
}

}  // namespace persona::postgres
