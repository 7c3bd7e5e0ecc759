//! Work that outlives the process that asked for it.
#pragma once

#include <persona/core/json.hpp>
#include <persona/core/result.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace persona {

using JobTime = std::chrono::sys_time<std::chrono::milliseconds>;

//! Something to be done, by whoever claims it.
struct NewJob {
  std::string kind = {};    //!< what to do: "generate", "webhook", ...
  JsonText arguments = {};  //!< with what
  std::string queue = "default";
  int priority = 0;  //!< greater comes first
  std::chrono::milliseconds delay{0};
  int most_attempts = 20;
  std::chrono::milliseconds first_back_off{1000};  //!< after a failure; doubled by each further one, an hour at most
  std::string unique_key = {};                     //!< while a job with it waits or runs, no second one is made
  std::string idempotency_key = {};                //!< of all jobs there ever were, one has it
};

enum class JobState {
  waiting,  //!< for its time, for a worker, or for its next attempt
  running,  //!< a worker has it on lease
  completed,
  cancelled,
  dead,  //!< its attempts are used up: a person has to look
};

struct Job {
  std::int64_t id = 0;
  NewJob work = {};  //!< without `delay`
  JobState state = JobState::waiting;
  int attempt = 0;  //!< how often it was claimed
  JobTime made = {}, due = {};
  std::optional<JobTime> lease_end = {}, ended = {};
  std::string worker = {};  //!< who has it, or had it last
  double progress = 0;      //!< 0 .. 1
  bool is_cancel_asked = false;
  JsonText result = {};    //!< of a completed one
  std::string error = {};  //!< of its last failure
};

//! One claim of one job. What is said of an older attempt counts for nothing.
struct JobAttempt {
  std::int64_t id = 0;
  int attempt = 0;
};

struct ClaimOptions {
  std::string queue = "default";
  std::string worker = {};  //!< a name for people
  int most = 1;
  std::chrono::milliseconds lease{30'000};  //!< without a sign of life for so long, another may have it
};

struct JobOutcome {
  JobAttempt attempt = {};
  JsonText result = {};
};

struct JobQuery {
  std::string queue = {};  //!< empty is all
  std::optional<JobState> state = {};
  std::int64_t after = 0;  //!< only greater ids
  int limit = 100;
};

//! A queue that promises: each job is done at least once, or ends cancelled or dead. A worker that dies loses its
//! lease, and another does the job again: what a job does must be harmless when it is done twice. The table is the
//! truth; waking is only for speed. Any thread and process may call.
class JobQueue {
 public:
  virtual ~JobQueue() = default;

  //! All or none. @return ids in order; where a key was taken, the id of the job that has it
  //! @errors invalid_argument: no kind, arguments that are no JSON, less than one attempt; unavailable
  [[nodiscard]] virtual Result<std::vector<std::int64_t>> enqueue(std::span<const NewJob> jobs) = 0;

  //! The jobs that are due, greatest priority and longest due first; none where there are none. Jobs whose lease
  //! is over are waiting again, or dead, before it looks.
  [[nodiscard]] virtual Result<std::vector<Job>> claim(const ClaimOptions& options) = 0;

  //! A sign of life: the lease begins anew. @return whether the job is asked to end early
  //! @errors conflict: it is not this attempt's any more: stop
  [[nodiscard]] virtual Result<bool> heartbeat(JobAttempt attempt, double progress,
                                               std::chrono::milliseconds lease) = 0;

  //! @return whether each one counted: not where its attempt was over
  [[nodiscard]] virtual Result<std::vector<bool>> complete(std::span<const JobOutcome> outcomes) = 0;

  //! It waits for its next attempt, twice as long as before; after the last one, or without `retry`, it is dead.
  //! Where it was asked to end, it is cancelled. @errors conflict
  [[nodiscard]] virtual Status fail(JobAttempt attempt, std::string_view error, bool retry = true) = 0;

  //! Gives it back as if it had not been claimed: for a worker that is told to stop. @errors conflict
  [[nodiscard]] virtual Status release(JobAttempt attempt) = 0;

  //! Of a waiting job, its end; a running one is asked to end. @errors not_found; conflict: it has ended
  [[nodiscard]] virtual Status cancel(std::int64_t id) = 0;

  //! A dead or cancelled one waits again, with all its attempts. @errors not_found; conflict: it is neither, or its
  //! unique key was taken
  [[nodiscard]] virtual Status revive(std::int64_t id) = 0;

  [[nodiscard]] virtual Result<Job> find(std::int64_t id) const = 0;                     //!< @errors not_found
  [[nodiscard]] virtual Result<std::vector<Job>> list(const JobQuery& query) const = 0;  //!< by id

  //! Forgets jobs that ended before a time. @return how many
  [[nodiscard]] virtual Result<std::int64_t> forget(JobTime before) = 0;

  //! Enqueues a job whenever a cron expression says, by whoever claims next; missed times count once. Set again, it
  //! replaces the one of its name. @errors invalid_argument: see `CronTimes`
  [[nodiscard]] virtual Status schedule(std::string_view name, std::string_view cron, const NewJob& job) = 0;
  [[nodiscard]] virtual Status unschedule(std::string_view name) = 0;  //!< @errors not_found

  //! Returns when something may be due: jobs came, a time passed that is known, or `most` is over, or `stop`.
  virtual void wait(std::string_view queue, std::chrono::milliseconds most, const std::stop_token& stop) = 0;

 protected:
  JobQueue() = default;
  JobQueue(const JobQueue&) = default;
  JobQueue& operator=(const JobQueue&) = default;
};

//! "waiting", ...
PERSONA_EXPORT std::string_view to_string(JobState state);

//! One job.
[[nodiscard]] PERSONA_EXPORT Result<std::int64_t> enqueue(JobQueue& queue, const NewJob& job);

}  // namespace persona
