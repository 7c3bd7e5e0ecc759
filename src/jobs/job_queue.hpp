//! A job queue in the tables of a database.
#pragma once

#include "storage/sql.hpp"

#include <persona/core/clock.hpp>
#include <persona/storage/jobs.hpp>

#include <memory>

namespace persona {

//! @pre the database has the tables persona_job and persona_schedule
PERSONA_EXPORT std::unique_ptr<JobQueue> make_job_queue(std::shared_ptr<SqlDatabase> database,
                                                        std::shared_ptr<Clock> clock);

}  // namespace persona
