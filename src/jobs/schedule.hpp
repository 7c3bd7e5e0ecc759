//! Making jobs, now and by the clock.
#pragma once

#include "storage/sql.hpp"

#include <persona/storage/jobs.hpp>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace persona {

//! @return its id, or that of the job that has its key
[[nodiscard]] Result<std::int64_t> insert_job(SqlSession& session, const NewJob& job, std::int64_t now_ms);

//! As `insert_job` does one after the other, in fewer round trips.
[[nodiscard]] Result<std::vector<std::int64_t>> insert_jobs(SqlSession& session, std::span<const NewJob> jobs,
                                                            std::int64_t now_ms);

//! @errors invalid_argument: no name; no cron expression
[[nodiscard]] Status keep_schedule(SqlSession& session, std::string_view name, std::string_view cron, const NewJob& job,
                                   std::int64_t now_ms);

//! One job for each schedule whose time has come. Its key is the schedule and the time: nobody makes it twice.
[[nodiscard]] Status enqueue_due(SqlSession& session, std::int64_t now_ms);

}  // namespace persona
