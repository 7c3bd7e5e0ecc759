//! Runs of prompt optimizers in an SQLite file. Component `persona::sqlite`.
#pragma once

#include <persona/prompt/run_ledger.hpp>
#include <persona/storage/sqlite.hpp>

#include <memory>
#include <string>

namespace persona::sqlite {

//! Keeps runs in the tables `persona_run` and `persona_run_call` (docs/storage.md), for any number of
//! threads; it may be the file of a storage. What `put` returned from survives `kill -9`, and with
//! `Options::durable` the failure of the machine.
//! @errors as `open`
[[nodiscard]] PERSONA_EXPORT Result<std::shared_ptr<prompt::RunLedger>> open_run_ledger(const std::string& path,
                                                                                        Options options = {});

}  // namespace persona::sqlite
