//! Jobs in an SQLite file. Component `persona::sqlite`.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/storage/jobs.hpp>
#include <persona/storage/sqlite.hpp>

#include <memory>
#include <string>

namespace persona::sqlite {

//! For any number of threads and processes; it may be the file of a storage (docs/storage.md).
//! @errors as `open`
[[nodiscard]] PERSONA_EXPORT Result<std::unique_ptr<JobQueue>> open_jobs(const std::string& path, Options options = {},
                                                                         std::shared_ptr<Clock> clock = system_clock());

}  // namespace persona::sqlite
