//! Rooms of language models and prompt runs, in the tables of a database.
#pragma once

#include "storage/sql.hpp"

#include <persona/core/clock.hpp>
#include <persona/llm/budget.hpp>
#include <persona/llm/cache.hpp>
#include <persona/prompt/run_ledger.hpp>

#include <chrono>
#include <memory>

namespace persona {

//! @pre the database has the tables persona_run, persona_run_call
PERSONA_EXPORT std::shared_ptr<prompt::RunLedger> make_run_ledger(std::shared_ptr<SqlDatabase> database);

//! Removes what has expired, unless it only reads.
//! @param reader  for what never waits for writers; it may be the same
//! @param writer  null: only read
//! @pre the database has the table persona_reply
[[nodiscard]] PERSONA_EXPORT Result<std::shared_ptr<llm::ResponseCache>> make_reply_cache(
    std::shared_ptr<SqlDatabase> reader, std::shared_ptr<SqlDatabase> writer, std::shared_ptr<Clock> clock);

//! Books what the dead left, unless it only reads.
//! @pre the database has the tables persona_account, persona_reservation
[[nodiscard]] PERSONA_EXPORT Result<std::shared_ptr<llm::Ledger>> make_ledger(std::shared_ptr<SqlDatabase> database,
                                                                              std::chrono::seconds lease,
                                                                              std::shared_ptr<Clock> clock,
                                                                              bool read_only);

}  // namespace persona
