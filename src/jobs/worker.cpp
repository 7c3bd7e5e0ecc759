//! Does the jobs of a queue.
#include <persona/storage/worker.hpp>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <list>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

namespace persona {
namespace {

constexpr std::chrono::milliseconds pause_after_failure{100};
constexpr int most_tries_to_report = 10;

std::string own_name() {
  char host[256] = {};
  ::gethostname(host, sizeof host - 1);
  return fmt::format("{}:{}", host, ::getpid());
}

bool is_final(Errc code) {
  return code == Errc::invalid_argument || code == Errc::unsupported || code == Errc::not_found;
}

//! A job under way.
struct LiveJob {
  JobAttempt attempt;
  std::stop_source stop = {};
  std::atomic<double> progress = 0;
  std::atomic<bool> lost = false;
};

//! Gives a sign of life for all jobs under way, and hears which of them are to end.
class LifeSigns {
 public:
  LifeSigns(JobQueue& queue, std::chrono::milliseconds lease)
      : queue_(queue), lease_(lease), thread_([this](const std::stop_token& stop) { beat(stop); }) {}

  LiveJob& begin(JobAttempt attempt) {
    const std::lock_guard lock(mutex_);
    LiveJob& job = live_.emplace_back();
    job.attempt = attempt;
    return job;
  }

  void end(LiveJob& job) {
    const std::lock_guard lock(mutex_);
    live_.remove_if([&](const LiveJob& other) { return &other == &job; });
  }

 private:
  void beat(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, stop, lease_ / 3, [] { return false; }) && !stop.stop_requested())
      for (LiveJob& job : live_) {
        const Result<bool> cancelled = queue_.heartbeat(job.attempt, job.progress, lease_);
        if (!cancelled && cancelled.error().code == Errc::conflict) job.lost = true;
        if (job.lost || (cancelled && *cancelled)) job.stop.request_stop();
      }
  }

  JobQueue& queue_;
  const std::chrono::milliseconds lease_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::list<LiveJob> live_;
  std::jthread thread_;  // ends before what it uses
};

class Worker {
 public:
  Worker(JobQueue& queue, const std::map<std::string, JobHandler>& handlers, const WorkerOptions& options,
         std::stop_token stop, std::stop_token hurry)
      : queue_(queue),
        handlers_(handlers),
        options_(options),
        stop_(std::move(stop)),
        hurry_(std::move(hurry)),
        signs_(queue, options.lease) {}

  Result<WorkerReport> run() {
    {
      std::vector<std::jthread> threads;
      for (unsigned i = 0; i < std::max(1U, options_.threads); ++i) threads.emplace_back([this] { work(); });
    }
    if (failure_) return tl::unexpected(*failure_);
    return report_;
  }

 private:
  void work() {
    while (!stop_.stop_requested() && !has_failed()) {
      const auto claimed = queue_.claim({.queue = options_.queue, .worker = options_.name, .lease = options_.lease});
      if (!claimed && claimed.error().code != Errc::unavailable) return keep_failure(claimed.error());
      if (claimed && !claimed->empty())
        do_job(claimed->front());
      else
        queue_.wait(options_.queue, claimed ? options_.poll : pause_after_failure, stop_);
    }
  }

  void do_job(const Job& job) {
    LiveJob& live = signs_.begin({job.id, job.attempt});
    {
      const std::stop_callback stop_now(hurry_, [&] { live.stop.request_stop(); });  // not later than `live` is there
      settle(live, handle(job, live));
    }
    signs_.end(live);
  }

  Result<JsonText> handle(const Job& job, LiveJob& live) const {
    const auto handler = handlers_.find(job.work.kind);
    if (handler == handlers_.end())
      return fail(Errc::unsupported, fmt::format("no handler of this worker does '{}'", job.work.kind));
    const RunningJob running(job, {.stop = live.stop.get_token()}, [&](double share) { live.progress = share; });
    try {
      Result<JsonText> result = handler->second(running);
      if (result && !nlohmann::json::accept(result->text))
        return fail(Errc::invalid_argument, fmt::format("the result of '{}' is no JSON", job.work.kind));
      return result;
    } catch (const std::exception& exception) {  // of an application's code: its job has failed, not the worker
      return fail(Errc::internal, fmt::format("the handler of '{}' threw: {}", job.work.kind, exception.what()));
    }
  }

  // Tells the queue what came of it, as long as the database is only away for a moment.
  void settle(LiveJob& live, const Result<JsonText>& result) {
    Result<bool> counted = false;
    for (int i = 0; i < most_tries_to_report; ++i) {
      counted = live.lost ? false : tell(live.attempt, result);
      if (counted || counted.error().code != Errc::unavailable) break;
      queue_.wait(options_.queue, pause_after_failure, hurry_);
    }
    const std::lock_guard lock(mutex_);
    if (!counted || !*counted)
      ++report_.lost;
    else if (result)
      ++report_.completed;
    else if (live.stop.stop_requested() && result.error().code == Errc::cancelled)
      ++report_.cancelled;
    else
      ++report_.failed;
  }

  Result<bool> tell(JobAttempt attempt, const Result<JsonText>& result) {
    if (result) {
      const JobOutcome outcome{attempt, *result};
      const Result<std::vector<bool>> counted = queue_.complete(std::span(&outcome, 1));
      if (counted) return counted->front();
      return tl::unexpected(counted.error());
    }
    if (result.error().code == Errc::cancelled && hurry_.stop_requested()) return told(queue_.release(attempt));
    return told(queue_.fail(attempt, to_string(result.error()), !is_final(result.error().code)));
  }

  static Result<bool> told(const Status& status) {
    if (status) return true;
    if (status.error().code == Errc::conflict) return false;
    return tl::unexpected(status.error());
  }

  bool has_failed() {
    const std::lock_guard lock(mutex_);
    return failure_.has_value();
  }

  void keep_failure(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = error;
  }

  JobQueue& queue_;
  const std::map<std::string, JobHandler>& handlers_;
  const WorkerOptions& options_;
  const std::stop_token stop_, hurry_;
  LifeSigns signs_;
  std::mutex mutex_;
  WorkerReport report_;
  std::optional<Error> failure_;
};

}  // namespace

Result<WorkerReport> run_worker(JobQueue& queue, const std::map<std::string, JobHandler>& handlers,
                                const WorkerOptions& options, std::stop_token stop, std::stop_token hurry) {
  if (options.lease < std::chrono::milliseconds(3) || options.poll.count() < 1)
    return fail(Errc::invalid_argument, "a worker needs a lease of 3 ms and a poll of 1 ms at least");
  WorkerOptions named = options;
  if (named.name.empty()) named.name = own_name();
  return Worker(queue, handlers, named, std::move(stop), std::move(hurry)).run();
}

}  // namespace persona
