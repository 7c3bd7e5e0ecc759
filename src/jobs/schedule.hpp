//! Making jobs, now and by the clock.
#pragma once

#include "storage/sql.hpp"

#include <persona/storage/jobs.hpp>

#include <cstdint>
#include <string_view>

namespace persona {

//! @return its id, or that of the job that has its key
[[nodiscard]] Result<std::int64_t> insert_job(SqlSession& session, const NewJob& job, std::int64_t now_ms);

//! @errors invalid_argument: no name; no cron expression
[[nodiscard]] Status keep_schedule(SqlSession& session, std::string_view name, std::string_view cron, const NewJob& job,
                                   std::int64_t now_ms);

//! One job for each schedule whose time has come. Its key is the schedule and the time: nobody makes it twice.
[[nodiscard]] Status enqueue_due(SqlSession& session, std::int64_t now_ms);

}  // namespace persona
