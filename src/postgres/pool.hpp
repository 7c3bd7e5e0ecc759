//! Connections, handed out and taken back.
#pragma once

#include "postgres/connection.hpp"

#include <persona/storage/postgres_health.hpp>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace persona::postgres {

//! Any thread may take a connection; each is used by one thread at a time. One that was lost is not handed
//! out again: after the database was away, the pool fills anew. Outlived by nothing it has handed out.
class Pool : public std::enable_shared_from_this<Pool> {
 public:
  Pool(Target target, const Options& options)
      : target_(std::move(target)), most_(std::max(1U, options.connections)), timeout_(options.pool_timeout) {}

  //! A connection that goes back to the pool when it is destroyed.
  class Lease {
   public:
    Lease(std::shared_ptr<Pool> pool, std::unique_ptr<Connection> connection)
        : pool_(std::move(pool)), connection_(std::move(connection)) {}
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (pool_) pool_->give_back(std::move(connection_));
    }
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    std::shared_ptr<Pool> pool_;
    std::unique_ptr<Connection> connection_;
  };

  //! @errors unavailable: none is free within the timeout; cancelled, deadline_exceeded; those of `connect`
  [[nodiscard]] Result<Lease> take(const Context& context = {});

  const Target& target() const { return target_; }
  PoolHealth health() const;

 private:
  void give_back(std::unique_ptr<Connection> connection);
  [[nodiscard]] Status wait_for_turn(std::unique_lock<std::mutex>& lock, const Context& context);

  const Target target_;
  const unsigned most_;
  const std::chrono::milliseconds timeout_;
  mutable std::mutex mutex_;
  std::condition_variable_any returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
  unsigned out_ = 0;  // handed out
  PoolHealth health_ = {};
};

}  // namespace persona::postgres
