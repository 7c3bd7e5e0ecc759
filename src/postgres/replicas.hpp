//! The standbys of a database, and which of them answers a read.
#pragma once

#include "postgres/replica.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace persona::postgres {

//! All rooms that were opened together share it, so that each reads what another wrote. Any thread may use it.
class Replicas {
 public:
  Replicas() = default;  //!< none: the database itself answers

  //! @errors invalid_argument: a connection string that is none
  [[nodiscard]] static Result<std::shared_ptr<Replicas>> of(const Options& options);

  //! What `work` says of a connection to a standby that has all that was written here, else of one to the database
  //! itself. Where the database could know better than the standby, `work` is asked again.
  template <class Work>
  std::invoke_result_t<const Work&, Pool::Lease> read(Pool& primary, const Context& context, const Work& work) {
    if (std::optional<Standby> standby = take(context)) {
      auto answer = work(std::move(standby->connection));
      if (answer || !Replica::may_be_its_own(answer.error())) return answer;
      standby->replica->turned_away(answer.error());
    }
    Result<Pool::Lease> connection = primary.take(context);
    if (!connection) return tl::unexpected(connection.error());
    if (!written()) note_write(**connection);
    return work(*std::move(connection));
  }

  //! After every write, also one of which nobody knows whether it came about: no standby answers that is not so far.
  //! @param connection  that it was written on; where the log stands is asked there
  void note_write(Connection& connection);

  std::vector<ReplicaHealth> health() const;

 private:
  struct Standby {
    Pool::Lease connection;
    Replica* replica;
  };

  std::optional<Standby> take(const Context& context);
  std::optional<std::int64_t> written() const;

  std::vector<std::unique_ptr<Replica>> replicas_;
  std::atomic<std::size_t> turn_ = 0;
  mutable std::mutex mutex_;
  std::int64_t written_ = 0;            // the log of the database, after the last write of ours
  std::uint64_t lost_ = 0, found_ = 0;  // writes of which it is not known; up to which one it is again
};

}  // namespace persona::postgres
