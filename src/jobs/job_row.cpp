//! Jobs as rows of a table.
#include "jobs/job_row.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace persona {
namespace {

constexpr std::array<std::string_view, 5> job_state_names = {"waiting", "running", "completed", "cancelled", "dead"};

JobState job_state_of(std::string_view name) {
  const auto at = std::ranges::find(job_state_names, name);
  return static_cast<JobState>((at == job_state_names.end() ? job_state_names.end() - 1 : at) -
                               job_state_names.begin());
}

JobTime time_of(std::int64_t milliseconds) {
  return JobTime(std::chrono::milliseconds(milliseconds));
}

std::optional<JobTime> optional_time(const Value& cell) {
  const auto* milliseconds = std::get_if<std::int64_t>(&cell);
  if (milliseconds == nullptr) return {};
  return time_of(*milliseconds);
}

double number_of(const Value& cell) {
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return static_cast<double>(*whole);
  const auto* number = std::get_if<double>(&cell);
  return number == nullptr ? 0 : *number;
}

Value or_missing(const std::string& text) {
  return text.empty() ? Value() : Value(text);
}

bool is_plain_text(const std::string& text) {
  return is_utf8(text) && text.find('\0') == std::string::npos;
}

}  // namespace

std::string_view to_string(JobState state) {
  return job_state_names[static_cast<std::size_t>(state)];
}

const std::string& job_columns() {
  static const std::string columns = [] {
    std::string text;
    for (const char* name : {"id",          "kind",       "arguments",       "queue",  "priority", "most_attempts",
                             "back_off_ms", "unique_key", "idempotency_key", "state",  "attempt",  "made_ms",
                             "due_ms",      "lease_ms",   "ended_ms",        "worker", "progress", "cancel_asked",
                             "result",      "error"})
      text.append(text.empty() ? "" : ", ").append("persona_job.").append(name);
    return text;
  }();
  return columns;
}

Job job_of(const SqlRows& rows, std::size_t row) {
  Job job;
  job.id = rows.integer(row, 0);
  job.work.kind = rows.text(row, 1);
  job.work.arguments.text = rows.text(row, 2);
  job.work.queue = rows.text(row, 3);
  job.work.priority = static_cast<int>(rows.integer(row, 4));
  job.work.most_attempts = static_cast<int>(rows.integer(row, 5));
  job.work.first_back_off = std::chrono::milliseconds(rows.integer(row, 6));
  job.work.unique_key = rows.text(row, 7);
  job.work.idempotency_key = rows.text(row, 8);
  job.state = job_state_of(rows.text(row, 9));
  job.attempt = static_cast<int>(rows.integer(row, 10));
  job.made = time_of(rows.integer(row, 11));
  job.due = time_of(rows.integer(row, 12));
  job.lease_end = optional_time(rows.cells[row][13]);
  job.ended = optional_time(rows.cells[row][14]);
  job.worker = rows.text(row, 15);
  job.progress = number_of(rows.cells[row][16]);
  job.is_cancel_asked = rows.integer(row, 17) != 0;
  if (const std::string& result = rows.text(row, 18); !result.empty()) job.result.text = result;
  job.error = rows.text(row, 19);
  return job;
}

std::vector<Value> new_job_values(const NewJob& job) {
  return {job.kind,
          job.arguments.text,
          job.queue,
          std::int64_t{job.priority},
          std::int64_t{job.most_attempts},
          std::int64_t{job.first_back_off.count()},
          or_missing(job.unique_key)};
}

Status check_job(const NewJob& job) {
  for (const std::string* text : {&job.kind, &job.queue, &job.unique_key, &job.idempotency_key})
    if (!is_plain_text(*text)) return fail(Errc::invalid_argument, "a job's kind, queue and keys must be UTF-8 text");
  if (job.kind.empty() || job.queue.empty()) return fail(Errc::invalid_argument, "a job needs a kind and a queue");
  if (!nlohmann::json::accept(job.arguments.text))
    return fail(Errc::invalid_argument, fmt::format("the arguments of job '{}' are no JSON", job.kind));
  if (job.most_attempts < 1)
    return fail(Errc::invalid_argument, fmt::format("job '{}' needs one attempt at least", job.kind));
  if (job.delay.count() < 0 || job.first_back_off.count() < 0)
    return fail(Errc::invalid_argument, fmt::format("job '{}': a delay cannot be negative", job.kind));
  return {};
}

}  // namespace persona
