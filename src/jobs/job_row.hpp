//! Jobs as rows of a table.
#pragma once

#include "storage/sql.hpp"

#include <persona/storage/jobs.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace persona {

inline std::int64_t job_milliseconds(JobTime time) {
  return time.time_since_epoch().count();
}

//! "persona_job.id, ...": what `job_of` reads.
const std::string& job_columns();

Job job_of(const SqlRows& rows, std::size_t row);

//! The columns that a job is made with, in the order of `new_job_values`; a schedule has them too.
inline constexpr const char* new_job_columns =
    "kind, arguments, queue, priority, most_attempts, back_off_ms, unique_key";

//! Keys that are empty are missing.
std::vector<Value> new_job_values(const NewJob& job);

//! @errors invalid_argument
[[nodiscard]] Status check_job(const NewJob& job);

}  // namespace persona
