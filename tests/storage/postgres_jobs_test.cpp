//! The job queue of Postgres keeps the contract, and wakes those who wait.
#include <persona/storage/postgres_jobs.hpp>
#include <persona/testing/job_contract.hpp>

#include "postgres_ask.hpp"
#include "worker_checks.hpp"

#include <doctest/doctest.h>

using namespace persona;
using persona::testing::PostgresServer;
using persona::testing::with_password;

namespace {

std::unique_ptr<JobQueue> open_queue(const std::string& schema, std::shared_ptr<Clock> clock = system_clock()) {
  auto queue = postgres::open_jobs(PostgresServer::shared().connection(), with_password(schema), std::move(clock));
  if (!queue) FAIL(to_string(queue.error()));
  return *std::move(queue);
}

}  // namespace

TEST_CASE("the job queue of Postgres keeps the contract of jobs") {
  std::map<std::string, std::string> schemas;
  const auto make = [&](const std::string& part, std::shared_ptr<Clock> clock) {
    if (!schemas.contains(part)) schemas[part] = testing::fresh_schema();
    return open_queue(schemas[part], std::move(clock));
  };
  for (const auto& failure : testing::job_contract(make)) FAIL_CHECK(failure);
}

TEST_CASE("workers on Postgres do all jobs, hear of cancelling, and give back what they must leave") {
  const auto queue = open_queue(testing::fresh_schema());
  test::check_workers(*queue);
}

TEST_CASE("jobs survive the processes that die doing them, on Postgres") {
  const std::string schema = testing::fresh_schema();
  test::check_killed_workers([&] { return open_queue(schema); });
}

TEST_CASE("who waits is woken by a job that another connection brings") {
  const std::string schema = testing::fresh_schema();
  const auto waiting = open_queue(schema), bringing = open_queue(schema);
  waiting->wait("default", std::chrono::milliseconds(1), {});  // from now on it listens
  std::atomic<bool> done = false;
  std::jthread waiter([&] {
    // Without being woken this lasts an hour, and the test with it.
    while (waiting->claim({})->empty()) waiting->wait("default", std::chrono::hours(1), {});
    done = true;
  });
  REQUIRE(enqueue(*bringing, {.kind = "wake up"}));
  waiter.join();
  CHECK(done);
}
