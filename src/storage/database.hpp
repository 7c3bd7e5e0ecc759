//! What a database is made of.
#pragma once

#include "storage/sql.hpp"

#include <persona/core/clock.hpp>
#include <persona/storage/database.hpp>

#include <memory>

namespace persona {

//! @pre the database has this library's schema
PERSONA_EXPORT std::unique_ptr<Database> make_database(std::unique_ptr<Storage> populations,
                                                       std::shared_ptr<SqlDatabase> tables,
                                                       std::shared_ptr<Clock> clock);

//! All but the populations' records. @errors as `Database::status`
[[nodiscard]] Status count_rooms(SqlDatabase& tables, DatabaseStatus& status);

//! How much of the disk a population takes; none where the database cannot say.
[[nodiscard]] std::optional<std::int64_t> population_bytes(SqlDatabase& tables, const PopulationRecord& record);

}  // namespace persona
