//! A standby that takes reads while it has what they need.
#pragma once

#include "postgres/pool.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace persona::postgres {

//! Any thread may use it.
class Replica {
 public:
  Replica(Target target, const Options& options) : pool_(std::make_shared<Pool>(std::move(target), options)) {}

  //! A connection to it; none where it is away, or behind.
  //! @param written  where the log must have been replayed to
  std::optional<Pool::Lease> take(std::int64_t written, const Context& context);

  //! Could the database itself answer where the standby said this?
  static bool may_be_its_own(const Error& error);

  void turned_away(const Error& error);
  ReplicaHealth health() const;

 private:
  using Moment = std::chrono::steady_clock::time_point;

  bool is_away() const { return std::chrono::steady_clock::now() < away_until_.load(); }
  bool may_be_tried();
  void rest();

  std::shared_ptr<Pool> pool_;
  std::atomic<Moment> away_until_ = Moment::min();  // that: it answered
  std::atomic<std::uint64_t> reads_ = 0, behind_ = 0, turned_away_ = 0;
};

}  // namespace persona::postgres
