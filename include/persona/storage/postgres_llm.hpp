//! Answers and accounts of language models in a Postgres database. Component `persona::postgres`.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/llm/budget.hpp>
#include <persona/llm/cache.hpp>
#include <persona/storage/postgres.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace persona::postgres {

//! Keeps answers in a schema, for any number of threads and processes; it may be that of a storage
//! (docs/storage.md). What has expired is removed now and then.
//! @errors as `open`
[[nodiscard]] PERSONA_EXPORT Result<std::shared_ptr<llm::ResponseCache>> open_cache(
    const std::string& connection, Options options = {}, std::shared_ptr<Clock> clock = system_clock());

struct LedgerOptions {
  Options database = {};
  std::chrono::seconds lease{3600};  //!< longer than any call: an older reservation was left by the dead
  std::shared_ptr<Clock> clock = system_clock();
};

//! Keeps accounts in a schema, for any number of threads and processes: no cap is passed by all of them
//! together.
//!
//! A process that dies in the middle of a call leaves its reservation. Until the lease is over it stays
//! reserved; then it is booked at its most, as nobody knows whether the call was made. Should its process
//! be alive after all and settle it late, the booking is corrected. Nothing else is ever forgotten.
//! @errors as `open`
[[nodiscard]] PERSONA_EXPORT Result<std::shared_ptr<llm::Ledger>> open_ledger(const std::string& connection,
                                                                              LedgerOptions options = {});

}  // namespace persona::postgres
