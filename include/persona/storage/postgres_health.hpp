//! How the connections of a storage are. Component `persona::postgres`.
#pragma once

#include <persona/storage/storage.hpp>

#include <chrono>
#include <cstdint>
#include <vector>

namespace persona::postgres {

//! Since the storage was opened.
struct PoolHealth {
  unsigned most = 0;          //!< that may be open
  unsigned in_use = 0;        //!< now
  unsigned idle = 0;          //!< open and free
  unsigned waiting = 0;       //!< calls that wait for one
  std::uint64_t taken = 0;    //!< by calls
  std::uint64_t made = 0;     //!< connections opened
  std::uint64_t failed = 0;   //!< connections that did not come about
  std::uint64_t lost = 0;     //!< that broke, or were given back unfit
  std::uint64_t refused = 0;  //!< calls that waited for `pool_timeout` in vain
  std::chrono::milliseconds longest_wait{0};
};

//! Of a standby.
struct ReplicaHealth {
  PoolHealth pool = {};
  bool is_away = false;           //!< it did not answer; it is tried again after a few seconds
  std::uint64_t reads = 0;        //!< that went to it
  std::uint64_t behind = 0;       //!< that did not, because it had not yet what was written here
  std::uint64_t turned_away = 0;  //!< that went on to the database itself after it failed or knew nothing
};

struct Health {
  PoolHealth primary = {};
  std::vector<ReplicaHealth> replicas = {};  //!< in the order of the options
};

//! Any thread may ask; of a `Database`, its `populations` tell, and their standbys are those of its records too.
//! @errors invalid_argument: not a storage of Postgres
[[nodiscard]] PERSONA_EXPORT Result<Health> health(const Storage& storage);

}  // namespace persona::postgres
