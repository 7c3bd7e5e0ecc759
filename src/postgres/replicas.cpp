//! The standbys of a database, and which of them answers a read.
#include "postgres/replicas.hpp"

#include <algorithm>
#include <string>

namespace persona::postgres {

Result<std::shared_ptr<Replicas>> Replicas::of(const Options& options) {
  auto replicas = std::make_shared<Replicas>();
  for (const std::string& connection : options.replicas) {
    Result<Target> target = parse_target(connection, options);
    if (!target) return tl::unexpected(target.error());
    replicas->replicas_.push_back(std::make_unique<Replica>(*std::move(target), options));
  }
  return replicas;
}

std::optional<Replicas::Standby> Replicas::take(const Context& context) {
  const std::optional<std::int64_t> position = written();
  if (!position) return {};
  const std::size_t first = turn_++;
  for (std::size_t i = 0; i < replicas_.size(); ++i) {
    Replica& replica = *replicas_[(first + i) % replicas_.size()];
    if (std::optional<Pool::Lease> connection = replica.take(*position, context))
      return Standby{*std::move(connection), &replica};
  }
  return {};
}

void Replicas::note_write(Connection& connection) {
  if (replicas_.empty()) return;
  std::unique_lock lock(mutex_);
  const std::uint64_t lost = lost_;  // those after are not in what is answered now
  lock.unlock();
  const Result<Rows> position = connection.run("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint");
  lock.lock();
  if (!position || position->size() == 0) {
    ++lost_;
    return;
  }
  written_ = std::max(written_, position->integer(0, 0));
  found_ = std::max(found_, lost);
}

std::optional<std::int64_t> Replicas::written() const {
  const std::lock_guard lock(mutex_);
  return found_ == lost_ ? std::optional(written_) : std::nullopt;
}

std::vector<ReplicaHealth> Replicas::health() const {
  std::vector<ReplicaHealth> health;
  for (const auto& replica : replicas_) health.push_back(replica->health());
  return health;
}

}  // namespace persona::postgres
