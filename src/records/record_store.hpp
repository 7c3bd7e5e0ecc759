//! Records in the tables of a database.
#pragma once

#include "storage/sql.hpp"

#include <persona/core/clock.hpp>
#include <persona/storage/records.hpp>

#include <memory>

namespace persona {

//! @pre the database has the tables persona_record, ...
PERSONA_EXPORT std::unique_ptr<Records> make_records(std::shared_ptr<SqlDatabase> database,
                                                     std::shared_ptr<Clock> clock);

}  // namespace persona
