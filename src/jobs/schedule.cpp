//! Making jobs, now and by the clock.
#include "jobs/schedule.hpp"

#include "jobs/job_row.hpp"

#include <persona/storage/cron.hpp>

#include <limits>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace persona {
namespace {

constexpr int most_tries = 8;

// A key is free when the job that had it ends, perhaps between our look and our insertion.
Result<std::int64_t> job_with_key(SqlSession& session, const NewJob& job) {
  const Value values[] = {job.idempotency_key, job.unique_key};
  const Result<SqlRows> rows = session.run(
      "SELECT id FROM persona_job WHERE (idempotency_key = $1 AND $1 <> '') OR (unique_key = $2 AND $2 <> '' AND state "
      "IN ('waiting', 'running')) ORDER BY id LIMIT 1",
      values);
  if (!rows) return tl::unexpected(rows.error());
  return rows->cells.empty() ? 0 : rows->integer(0, 0);
}

// Answers the id, or nothing where a key is taken.
SqlStatement insertion_of(const NewJob& job, std::int64_t now_ms) {
  static const std::string sql = fmt::format(
      "INSERT INTO persona_job ({}, idempotency_key, made_ms, due_ms, last_attempt) VALUES ($1, $2, $3, $4, $5, $6, "
      "$7, "
      "$8, $9, $10, $5) ON CONFLICT DO NOTHING RETURNING id",
      new_job_columns);
  std::vector<Value> values = new_job_values(job);
  values.emplace_back(job.idempotency_key.empty() ? Value() : Value(job.idempotency_key));
  values.emplace_back(now_ms);
  values.emplace_back(now_ms + job.delay.count());
  return {sql, std::move(values)};
}

std::int64_t next_time(const CronTimes& times, std::int64_t now_ms) {
  const auto next = times.next(JobTime(std::chrono::milliseconds(now_ms)));
  if (!next) return std::numeric_limits<std::int64_t>::max();
  return std::chrono::milliseconds(next->time_since_epoch()).count();
}

NewJob job_of_schedule(const SqlRows& rows, std::size_t row) {
  NewJob job{.kind = rows.text(row, 3), .arguments = {rows.text(row, 4)}, .queue = rows.text(row, 5)};
  job.priority = static_cast<int>(rows.integer(row, 6));
  job.most_attempts = static_cast<int>(rows.integer(row, 7));
  job.first_back_off = std::chrono::milliseconds(rows.integer(row, 8));
  job.unique_key = rows.text(row, 9);
  job.idempotency_key = fmt::format("schedule:{}:{}", rows.text(row, 0), rows.integer(row, 2));
  return job;
}

}  // namespace

Result<std::int64_t> insert_job(SqlSession& session, const NewJob& job, std::int64_t now_ms) {
  const SqlStatement insertion = insertion_of(job, now_ms);
  for (int i = 0; i < most_tries; ++i) {
    const Result<SqlRows> rows = session.run(insertion.sql, insertion.values);
    if (!rows) return tl::unexpected(rows.error());
    if (!rows->cells.empty()) return rows->integer(0, 0);
    const Result<std::int64_t> other = job_with_key(session, job);
    if (!other || *other != 0) return other;
  }
  return fail(Errc::unavailable,
              fmt::format("the keys of job '{}' were taken and given back again and again", job.kind));
}

Result<std::vector<std::int64_t>> insert_jobs(SqlSession& session, std::span<const NewJob> jobs, std::int64_t now_ms) {
  std::vector<SqlStatement> insertions;
  for (const NewJob& job : jobs) insertions.push_back(insertion_of(job, now_ms));
  const Result<std::vector<SqlRows>> rows = session.run_all(insertions);
  if (!rows) return tl::unexpected(rows.error());
  std::vector<std::int64_t> ids;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const SqlRows& row = (*rows)[i];
    const Result<std::int64_t> id = row.cells.empty() ? insert_job(session, jobs[i], now_ms) : row.integer(0, 0);
    if (!id) return tl::unexpected(id.error());
    ids.push_back(*id);
  }
  return ids;
}

Status keep_schedule(SqlSession& session, std::string_view name, std::string_view cron, const NewJob& job,
                     std::int64_t now_ms) {
  if (name.empty()) return fail(Errc::invalid_argument, "a schedule needs a name");
  const Result<CronTimes> times = CronTimes::parse(cron);
  if (!times) return tl::unexpected(times.error());
  std::vector<Value> values = new_job_values(job);
  for (Value value : {Value(std::string(name)), Value(std::string(cron)), Value(next_time(*times, now_ms))})
    values.push_back(std::move(value));
  const Result<SqlRows> done = session.run(
      fmt::format(
          "INSERT INTO persona_schedule ({}, name, cron, next_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
          "ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, arguments = excluded.arguments, queue = "
          "excluded.queue, priority = excluded.priority, most_attempts = excluded.most_attempts, back_off_ms = "
          "excluded.back_off_ms, unique_key = excluded.unique_key, cron = excluded.cron, next_ms = "
          "excluded.next_ms",
          new_job_columns),
      values);
  return done ? Status() : tl::unexpected(done.error());
}

Status enqueue_due(SqlSession& session, std::int64_t now_ms) {
  const Value now[] = {now_ms};
  const Result<SqlRows> due =
      session.run(fmt::format("SELECT name, cron, next_ms, {} FROM persona_schedule WHERE next_ms <= $1 ORDER BY name",
                              new_job_columns),
                  now);
  if (!due) return tl::unexpected(due.error());
  for (std::size_t row = 0; row < due->cells.size(); ++row) {
    const Result<CronTimes> times = CronTimes::parse(due->text(row, 1));
    if (!times) return tl::unexpected(times.error());
    const Value values[] = {due->text(row, 0), due->integer(row, 2), next_time(*times, now_ms)};
    const Result<SqlRows> ours =
        session.run("UPDATE persona_schedule SET next_ms = $3 WHERE name = $1 AND next_ms = $2", values);
    if (!ours) return tl::unexpected(ours.error());
    if (ours->affected == 0) continue;  // somebody else was faster
    if (Result<std::int64_t> id = insert_job(session, job_of_schedule(*due, row), now_ms); !id)
      return tl::unexpected(id.error());
  }
  return {};
}

}  // namespace persona
