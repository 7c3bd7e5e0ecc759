//! Does the jobs of a queue.
#pragma once

#include <persona/core/context.hpp>
#include <persona/storage/jobs.hpp>

#include <functional>
#include <map>
#include <string>

namespace persona {

//! What a handler is given: the job, and a way to say how far it is.
class RunningJob {
 public:
  RunningJob(const Job& job, Context context, std::function<void(double)> report)
      : job_(job), context_(std::move(context)), report_(std::move(report)) {}

  const Job& job() const { return job_; }
  const JsonText& arguments() const { return job_.work.arguments; }

  //! Triggered when the job is cancelled, when its lease was lost, and when the worker must stop at once.
  const Context& context() const { return context_; }

  //! @param share  0 .. 1; told to the queue with the next sign of life
  void progress(double share) const { report_(share); }

 private:
  const Job& job_;
  Context context_;
  std::function<void(double)> report_;
};

//! Returns the result as JSON. A failure is tried again later, but `invalid_argument`, `unsupported` and `not_found`
//! are final: the same arguments would fail again. It may run twice: what it does must be harmless then.
using JobHandler = std::function<Result<JsonText>(const RunningJob&)>;

struct WorkerOptions {
  std::string queue = "default";
  std::string name = {};                    //!< for people; empty is the machine and process
  unsigned threads = 1;                     //!< jobs at the same time
  std::chrono::milliseconds lease{30'000};  //!< a sign of life is given three times in it
  std::chrono::milliseconds poll{1'000};    //!< how long it waits at most before it looks again
};

struct WorkerReport {
  std::int64_t completed = 0, failed = 0, cancelled = 0;
  std::int64_t lost = 0;  //!< attempts that another had taken over
};

//! Claims and runs jobs until `stop` is triggered. Jobs under way are then finished, or, once `hurry` is triggered
//! too, stopped and given back.
//! @param handlers  by kind; a job of another kind fails finally
//! @errors invalid_argument; what the queue answers when it fails for good: what is only unavailable is waited for
[[nodiscard]] PERSONA_EXPORT Result<WorkerReport> run_worker(JobQueue& queue,
                                                             const std::map<std::string, JobHandler>& handlers,
                                                             const WorkerOptions& options, std::stop_token stop,
                                                             std::stop_token hurry = {});

}  // namespace persona
