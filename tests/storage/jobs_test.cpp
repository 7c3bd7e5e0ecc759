//! The job queue of SQLite keeps the contract; cron expressions mean what they say; workers.
#include <persona/storage/cron.hpp>
#include <persona/storage/sqlite_jobs.hpp>
#include <persona/testing/job_contract.hpp>

#include "temporary_folder.hpp"
#include "worker_checks.hpp"

#include <doctest/doctest.h>

using namespace persona;
using persona::test::TemporaryFolder;

namespace {

std::unique_ptr<JobQueue> open_queue(const std::string& path, std::shared_ptr<Clock> clock = system_clock()) {
  auto queue = sqlite::open_jobs(path, {.busy_timeout = std::chrono::seconds(60)}, std::move(clock));
  if (!queue) FAIL(to_string(queue.error()));
  return *std::move(queue);
}

// Minutes since 1970 as the calendar says them.
std::string next_of(const char* cron, std::chrono::sys_days day, int minute) {
  const auto times = CronTimes::parse(cron);
  REQUIRE(times);
  const auto next = times->next(day + std::chrono::minutes(minute));
  if (!next) return "never";
  const auto midnight = std::chrono::floor<std::chrono::days>(*next);
  const auto left = (*next - midnight).count();
  return to_string(Date{static_cast<std::int32_t>(midnight.time_since_epoch().count())}) + " " +
         std::to_string(left / 60) + ":" + std::to_string(left % 60);
}

}  // namespace

TEST_CASE("the job queue of SQLite keeps the contract of jobs") {
  const TemporaryFolder folder;
  const auto make = [&](const std::string& part, std::shared_ptr<Clock> clock) {
    return open_queue(folder / (part + ".db"), std::move(clock));
  };
  for (const auto& failure : testing::job_contract(make)) FAIL_CHECK(failure);
}

TEST_CASE("workers on SQLite do all jobs, hear of cancelling, and give back what they must leave") {
  const TemporaryFolder folder;
  const auto queue = open_queue(folder / "a.db");
  test::check_workers(*queue);
}

TEST_CASE("jobs survive the processes that die doing them, on SQLite") {
  const TemporaryFolder folder;
  test::check_killed_workers([&] { return open_queue(folder / "a.db"); });
}

TEST_CASE("cron expressions mean what they say") {
  using namespace std::chrono;
  const sys_days day = 2024y / February / 28;  // a Wednesday of a leap year
  CHECK(next_of("* * * * *", day, 0) == "2024-02-28 0:1");
  CHECK(next_of("*/15 * * * *", day, 50) == "2024-02-28 1:0");
  CHECK(next_of("30 3 * * *", day, 3 * 60 + 30) == "2024-02-29 3:30");
  CHECK(next_of("0 0 29 2 *", day, 0) == "2024-02-29 0:0");
  CHECK(next_of("0 0 29 2 *", day + days(1), 1) == "2028-02-29 0:0");
  CHECK(next_of("0 12 * * 1-5", day + days(3), 0) == "2024-03-04 12:0");
  CHECK(next_of("0 12 * * 7", day, 0) == "2024-03-03 12:0");
  CHECK(next_of("5,10-12 1 1 1,7 *", day, 0) == "2024-07-01 1:5");
  CHECK(next_of("0 0 15 * 5", day, 0) == "2024-03-01 0:0");  // a Friday, or the 15th
  CHECK(next_of("0 20/2 * * *", day, 21 * 60) == "2024-02-28 22:0");
  CHECK(next_of("0 0 30 2 *", day, 0) == "never");
  for (const char* wrong :
       {"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "a * * * *",
        "5-1 * * * *", "*/0 * * * *", "1,,2 * * * *", "1, * * * *", "-1 * * * *"})
    CHECK(CronTimes::parse(wrong).error().code == Errc::invalid_argument);
}
