//! A job queue in the tables of a database.
#include "jobs/job_queue.hpp"

#include "jobs/job_row.hpp"
#include "jobs/schedule.hpp"

#include <algorithm>
#include <atomic>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace persona {
namespace {

constexpr std::int64_t most_back_off_ms = 3'600'000;
constexpr std::int64_t tidy_every_ms = 1000;
constexpr std::size_t most_at_once = 500;  // outcomes in a statement

tl::unexpected<Error> no_such_job(std::int64_t id) {
  return fail(Errc::not_found, fmt::format("there is no job {}", id));
}

tl::unexpected<Error> attempt_over(JobAttempt attempt) {
  return fail(Errc::conflict, fmt::format("attempt {} of job {} is over", attempt.attempt, attempt.id));
}

// What the row must still say for a word of this attempt to count.
constexpr const char* if_still_ours = " WHERE id = $1 AND attempt = $2 AND state = 'running'";

// Leases that are over: others are doing the same at this moment, and each takes some.
Status take_back_leases(SqlSession& session, std::int64_t now) {
  const Value values[] = {now};
  const bool skips = session.dialect() == SqlDialect::postgres;
  const Result<SqlRows> done = session.run(
      fmt::format(
          "UPDATE persona_job SET state = CASE WHEN cancel_asked = 1 THEN 'cancelled' WHEN attempt >= "
          "last_attempt THEN 'dead' ELSE 'waiting' END, ended_ms = CASE WHEN cancel_asked = 1 OR attempt >= "
          "last_attempt THEN $1 END, lease_ms = NULL, due_ms = $1, error = 'its worker gave no sign of life' "
          "WHERE id IN (SELECT id FROM persona_job WHERE state = 'running' AND lease_ms <= $1 ORDER BY lease_ms "
          "LIMIT 1000{})",
          skips ? " FOR UPDATE SKIP LOCKED" : ""),
      values);
  return done ? Status() : tl::unexpected(done.error());
}

// "+due_ms": by the index on priority, which gives the order, not by that on the time.
std::string claim_sql(SqlDialect dialect) {
  return fmt::format(
      "WITH picked AS MATERIALIZED (SELECT id FROM persona_job WHERE queue = $3 AND state = 'waiting' AND +due_ms <= "
      "$4 "
      "ORDER BY priority DESC, due_ms, id LIMIT $5{}) "
      "UPDATE persona_job SET state = 'running', attempt = attempt + 1, lease_ms = $1, worker = $2, progress = 0 "
      "FROM picked WHERE persona_job.id = picked.id RETURNING {}",
      dialect == SqlDialect::postgres ? " FOR UPDATE SKIP LOCKED" : "", job_columns());
}

// Of attempts that are not over yet, the results; all in one statement.
std::string complete_sql(std::size_t outcomes) {
  std::string rows;
  for (std::size_t i = 0; i < outcomes; ++i)
    rows += fmt::format("{}(${}, ${}, ${})", i == 0 ? "" : ", ", 3 * i + 2, 3 * i + 3, 3 * i + 4);
  return fmt::format(
      "WITH done (id, attempt, result) AS (VALUES {}) "
      "UPDATE persona_job SET state = 'completed', result = done.result, ended_ms = $1, progress = 1, lease_ms = NULL, "
      "error = '' FROM done WHERE persona_job.id = done.id AND persona_job.attempt = done.attempt AND "
      "persona_job.state = 'running' RETURNING persona_job.id, persona_job.attempt",
      rows);
}

std::vector<Job> jobs_of(const SqlRows& rows) {
  std::vector<Job> jobs;
  for (std::size_t row = 0; row < rows.cells.size(); ++row) jobs.push_back(job_of(rows, row));
  std::ranges::sort(jobs, [](const Job& a, const Job& b) {
    return std::tuple(-a.work.priority, a.due, a.id) < std::tuple(-b.work.priority, b.due, b.id);
  });
  return jobs;
}

class SqlJobQueue final : public JobQueue {
 public:
  SqlJobQueue(std::shared_ptr<SqlDatabase> database, std::shared_ptr<Clock> clock)
      : database_(std::move(database)), clock_(std::move(clock)), claim_sql_(claim_sql(database_->dialect())) {}

  Result<std::vector<std::int64_t>> enqueue(std::span<const NewJob> jobs) override {
    for (const NewJob& job : jobs)
      if (Status sound = check_job(job); !sound) return tl::unexpected(sound.error());
    Result<std::vector<std::int64_t>> ids;
    const Status done = transact([&](SqlSession& session) -> Status {
      ids = insert_jobs(session, jobs, now_ms());
      return ids ? Status() : tl::unexpected(ids.error());
    });
    if (!done) return tl::unexpected(done.error());
    if (!jobs.empty()) database_->wake();
    return ids;
  }

  Result<std::vector<Job>> claim(const ClaimOptions& options) override {
    if (options.most < 1 || options.lease.count() < 1)
      return persona::fail(Errc::invalid_argument, "a claim needs a lease, and one job at least");
    const std::int64_t now = now_ms(), tidied = tidied_ms_.load();
    const bool is_tidy = now >= tidied && now - tidied < tidy_every_ms;
    if (!is_tidy)
      if (Status done = tidy_up(now); !done) return tl::unexpected(done.error());
    const Value values[] = {now + options.lease.count(), options.worker, options.queue, now,
                            std::int64_t{options.most}};
    Result<SqlRows> rows = run(claim_sql_, values);
    if (rows && rows->cells.empty() && is_tidy) {  // perhaps there is what others have left
      if (Status done = tidy_up(now); !done) return tl::unexpected(done.error());
      rows = run(claim_sql_, values);
    }
    if (!rows) return tl::unexpected(rows.error());
    return jobs_of(*rows);
  }

  Result<bool> heartbeat(JobAttempt attempt, double progress, std::chrono::milliseconds lease) override {
    const Value values[] = {attempt.id, std::int64_t{attempt.attempt}, now_ms() + lease.count(), progress};
    const Result<SqlRows> rows = run(
        std::string("UPDATE persona_job SET lease_ms = $3, progress = $4") + if_still_ours + " RETURNING cancel_asked",
        values);
    if (!rows) return tl::unexpected(rows.error());
    if (rows->cells.empty()) return attempt_over(attempt);
    return rows->integer(0, 0) != 0;
  }

  Result<std::vector<bool>> complete(std::span<const JobOutcome> outcomes) override {
    for (const JobOutcome& outcome : outcomes)
      if (!nlohmann::json::accept(outcome.result.text))
        return persona::fail(Errc::invalid_argument,
                             fmt::format("the result of job {} is no JSON", outcome.attempt.id));
    std::vector<bool> counted;
    for (std::size_t first = 0; first < outcomes.size(); first += most_at_once) {
      const auto part = outcomes.subspan(first, std::min(most_at_once, outcomes.size() - first));
      std::vector<Value> values = {now_ms()};
      for (const JobOutcome& outcome : part)
        values.insert(values.end(), {outcome.attempt.id, std::int64_t{outcome.attempt.attempt}, outcome.result.text});
      const Result<SqlRows> rows = run(complete_sql(part.size()), values);
      if (!rows) return tl::unexpected(rows.error());
      for (const JobOutcome& outcome : part)
        counted.push_back(std::ranges::any_of(rows->cells, [&](const std::vector<Value>& cells) {
          return cells[0] == Value(outcome.attempt.id) && cells[1] == Value(std::int64_t{outcome.attempt.attempt});
        }));
    }
    return counted;
  }

  Status fail(JobAttempt attempt, std::string_view error, bool retry) override {
    return transact([&](SqlSession& session) -> Status {
      const Value key[] = {attempt.id, std::int64_t{attempt.attempt}};
      const Result<SqlRows> row =
          session.run(std::string("SELECT last_attempt, most_attempts, back_off_ms, cancel_asked FROM persona_job") +
                          if_still_ours + (session.dialect() == SqlDialect::postgres ? " FOR UPDATE" : ""),
                      key);
      if (!row) return tl::unexpected(row.error());
      if (row->cells.empty()) return attempt_over(attempt);
      const bool cancelled = row->integer(0, 3) != 0;
      const bool again = retry && !cancelled && attempt.attempt < row->integer(0, 0);
      const std::int64_t before = attempt.attempt - (row->integer(0, 0) - row->integer(0, 1)) - 1;
      const std::int64_t doublings = std::clamp<std::int64_t>(before, 0, 22);
      const std::int64_t wait = std::min(most_back_off_ms, std::min(row->integer(0, 2), most_back_off_ms) << doublings);
      std::string text(error);
      std::ranges::replace(text, '\0', ' ');  // Postgres keeps no text with it
      const std::string state = cancelled ? "cancelled" : (again ? "waiting" : "dead");
      const Value values[] = {attempt.id,      std::int64_t{attempt.attempt},    state, std::move(text),
                              now_ms() + wait, again ? Value() : Value(now_ms())};
      const Result<SqlRows> done = session.run(
          std::string("UPDATE persona_job SET state = $3, error = $4, due_ms = $5, ended_ms = $6, lease_ms = NULL") +
              if_still_ours,
          values);
      return done ? Status() : tl::unexpected(done.error());
    });
  }

  Status release(JobAttempt attempt) override {
    const Value values[] = {attempt.id, std::int64_t{attempt.attempt}, now_ms()};
    const Result<SqlRows> rows =
        run(std::string("UPDATE persona_job SET state = 'waiting', lease_ms = NULL, due_ms = $3, "
                        "last_attempt = last_attempt + 1") +
                if_still_ours,
            values);
    if (!rows) return tl::unexpected(rows.error());
    if (rows->affected == 0) return attempt_over(attempt);
    database_->wake();
    return {};
  }

  Status cancel(std::int64_t id) override {
    const Value values[] = {id, now_ms()};
    const Result<SqlRows> rows =
        run("UPDATE persona_job SET cancel_asked = 1, ended_ms = CASE WHEN state = 'waiting' THEN $2 END, state = CASE "
            "WHEN state = 'waiting' THEN 'cancelled' ELSE state END WHERE id = $1 AND state IN ('waiting', 'running')",
            values);
    return changed(rows, id, "it has ended");
  }

  Status revive(std::int64_t id) override {
    const Value values[] = {id, now_ms()};
    Result<SqlRows> rows =
        run("UPDATE persona_job SET state = 'waiting', cancel_asked = 0, ended_ms = NULL, due_ms = $2, last_attempt = "
            "attempt + most_attempts WHERE id = $1 AND state IN ('dead', 'cancelled')",
            values);
    if (!rows && rows.error().code == Errc::already_exists)
      return persona::fail(Errc::conflict, fmt::format("job {} cannot wait again: another has its unique key", id));
    if (Status revived = changed(rows, id, "it is neither dead nor cancelled"); !revived) return revived;
    database_->wake();
    return {};
  }

  Result<Job> find(std::int64_t id) const override {
    const Value values[] = {id};
    const Result<SqlRows> rows = run("SELECT " + job_columns() + " FROM persona_job WHERE id = $1", values);
    if (!rows) return tl::unexpected(rows.error());
    if (rows->cells.empty()) return no_such_job(id);
    return job_of(*rows, 0);
  }

  Result<std::vector<Job>> list(const JobQuery& query) const override {
    std::string sql = "SELECT " + job_columns() + " FROM persona_job WHERE id > $1";
    std::vector<Value> values = {query.after, std::int64_t{std::max(0, query.limit)}};
    const auto condition = [&](const char* column, std::string value) {
      values.emplace_back(std::move(value));
      sql += fmt::format(" AND {} = ${}", column, values.size());
    };
    if (!query.queue.empty()) condition("queue", query.queue);
    if (query.state) condition("state", std::string(to_string(*query.state)));
    const Result<SqlRows> rows = run(sql + " ORDER BY id LIMIT $2", values);
    if (!rows) return tl::unexpected(rows.error());
    std::vector<Job> jobs;
    for (std::size_t row = 0; row < rows->cells.size(); ++row) jobs.push_back(job_of(*rows, row));
    return jobs;
  }

  Result<std::int64_t> forget(JobTime before) override {
    const Value values[] = {job_milliseconds(before)};
    const Result<SqlRows> rows =
        run("DELETE FROM persona_job WHERE state IN ('completed', 'cancelled', 'dead') AND ended_ms < $1", values);
    return rows ? Result<std::int64_t>(rows->affected) : tl::unexpected(rows.error());
  }

  Status schedule(std::string_view name, std::string_view cron, const NewJob& job) override {
    if (Status sound = check_job(job); !sound) return sound;
    return transact([&](SqlSession& session) { return keep_schedule(session, name, cron, job, now_ms()); });
  }

  Status unschedule(std::string_view name) override {
    const Value values[] = {std::string(name)};
    const Result<SqlRows> rows = run("DELETE FROM persona_schedule WHERE name = $1", values);
    if (!rows) return tl::unexpected(rows.error());
    if (rows->affected == 1) return {};
    return persona::fail(Errc::not_found, fmt::format("there is no schedule '{}'", name));
  }

  void wait(std::string_view queue, std::chrono::milliseconds most, const std::stop_token& stop) override {
    const std::uint64_t told = database_->told();
    const Value values[] = {std::string(queue)};
    const Result<SqlRows> next = run(
        "SELECT min(moment) FROM (SELECT min(due_ms) AS moment FROM persona_job WHERE queue = $1 AND state = 'waiting' "
        "UNION ALL SELECT min(lease_ms) FROM persona_job WHERE state = 'running' "
        "UNION ALL SELECT min(next_ms) FROM persona_schedule) AS times",
        values);
    if (next && !next->cells.empty() && std::holds_alternative<std::int64_t>(next->cells[0][0]))
      most = std::min(most, std::chrono::milliseconds(std::max<std::int64_t>(0, next->integer(0, 0) - now_ms())));
    if (most.count() > 0) database_->wait(told, most, stop);
  }

 private:
  std::int64_t now_ms() const {
    return job_milliseconds(std::chrono::floor<std::chrono::milliseconds>(clock_->today()));
  }

  Status transact(const std::function<Status(SqlSession&)>& work) const { return database_->transact(work); }

  Result<SqlRows> run(const std::string& sql, std::span<const Value> values) const {
    return database_->run(sql, values);
  }

  Status tidy_up(std::int64_t now) {
    const Status done = transact([&](SqlSession& session) -> Status {
      if (Status taken = take_back_leases(session, now); !taken) return taken;
      return enqueue_due(session, now);
    });
    if (done) tidied_ms_ = now;
    return done;
  }

  Status changed(const Result<SqlRows>& rows, std::int64_t id, std::string_view otherwise) const {
    if (!rows) return tl::unexpected(rows.error());
    if (rows->affected == 1) return {};
    if (Result<Job> there = find(id); !there) return tl::unexpected(there.error());
    return persona::fail(Errc::conflict, fmt::format("job {}: {}", id, otherwise));
  }

  std::shared_ptr<SqlDatabase> database_;
  std::shared_ptr<Clock> clock_;
  const std::string claim_sql_;
  std::atomic<std::int64_t> tidied_ms_ = 0;
};

}  // namespace

std::unique_ptr<JobQueue> make_job_queue(std::shared_ptr<SqlDatabase> database, std::shared_ptr<Clock> clock) {
  return std::make_unique<SqlJobQueue>(std::move(database), std::move(clock));
}

Result<std::int64_t> enqueue(JobQueue& queue, const NewJob& job) {
  const Result<std::vector<std::int64_t>> ids = queue.enqueue(std::span(&job, 1));
  return ids ? Result<std::int64_t>(ids->front()) : tl::unexpected(ids.error());
}

}  // namespace persona
