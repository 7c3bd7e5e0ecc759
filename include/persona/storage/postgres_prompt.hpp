//! Runs of prompt optimizers in a Postgres database. Component `persona::postgres`.
#pragma once

#include <persona/prompt/run_ledger.hpp>
#include <persona/storage/postgres.hpp>

#include <memory>
#include <string>

namespace persona::postgres {

//! Keeps runs in the tables `persona_run` and `persona_run_call` (docs/storage.md), for any number of
//! threads and processes; it may be the schema of a storage. What `put` returned from survives `kill -9` and, as far as
//! the server's settings say so, the failure of its machine.
//! @errors as `open`
[[nodiscard]] PERSONA_EXPORT Result<std::shared_ptr<prompt::RunLedger>> open_run_ledger(const std::string& connection,
                                                                                        Options options = {});

}  // namespace persona::postgres
