//! Jobs in a Postgres database. Component `persona::postgres`.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/storage/jobs.hpp>
#include <persona/storage/postgres.hpp>

#include <memory>
#include <string>

namespace persona::postgres {

//! For any number of threads and processes. Workers that wait are woken by NOTIFY.
//! @errors as `open`
[[nodiscard]] PERSONA_EXPORT Result<std::unique_ptr<JobQueue>> open_jobs(const std::string& connection,
                                                                         Options options = {},
                                                                         std::shared_ptr<Clock> clock = system_clock());

}  // namespace persona::postgres
