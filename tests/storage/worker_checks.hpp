//! What workers do on the queue of any database.
#pragma once

#include <persona/storage/worker.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace persona::test {

using std::chrono::milliseconds;

//! Runs a worker beside the test until the end of its scope.
class BesideWorker {
 public:
  BesideWorker(JobQueue& queue, std::map<std::string, JobHandler> handlers, WorkerOptions options)
      : handlers_(std::move(handlers)), thread_([this, &queue, options](const std::stop_token& stop) {
          report_ = run_worker(queue, handlers_, options, stop, hurry_.get_token());
        }) {}

  WorkerReport end(bool hurry = false) {
    thread_.request_stop();
    if (hurry) hurry_.request_stop();
    thread_.join();
    REQUIRE(report_);
    return *report_;
  }

 private:
  std::map<std::string, JobHandler> handlers_;
  std::stop_source hurry_;
  Result<WorkerReport> report_ = WorkerReport{};
  std::jthread thread_;
};

inline Job wait_for(JobQueue& queue, std::int64_t id, JobState state) {
  for (;;) {
    const auto job = queue.find(id);
    REQUIRE(job);
    if (job->state == state) return *job;
    queue.wait("default", milliseconds(20), {});
  }
}

inline void check_workers(JobQueue& queue) {
  std::atomic<bool> started = false;
  const auto until_stopped = [&](const RunningJob& job) -> Result<JsonText> {
    started = true;
    started.notify_all();
    job.progress(0.25);
    while (job.context().check()) std::this_thread::yield();
    return fail(Errc::cancelled, "stopped");
  };
  std::atomic<int> tries = 0;
  const std::map<std::string, JobHandler> handlers = {
      {"add", [](const RunningJob& job) -> Result<JsonText> { return JsonText{job.arguments().text}; }},
      {"flaky",
       [&](const RunningJob&) -> Result<JsonText> {
         if (++tries < 3) return fail(Errc::unavailable, "not now");
         return JsonText{"3"};
       }},
      {"wrong", [](const RunningJob&) -> Result<JsonText> { return fail(Errc::invalid_argument, "no such person"); }},
      {"throws", [](const RunningJob&) -> Result<JsonText> { throw std::runtime_error("oops"); }},
      {"spoilt", [](const RunningJob&) -> Result<JsonText> { return JsonText{"{"}; }},
      {"long", until_stopped}};
  BesideWorker worker(queue, handlers, {.name = "w", .threads = 3, .lease = milliseconds(3000)});
  std::vector<NewJob> many(30, NewJob{.kind = "add", .arguments = {"[1]"}});
  const auto ids = queue.enqueue(many);
  REQUIRE(ids);
  for (const std::int64_t id : *ids) CHECK(wait_for(queue, id, JobState::completed).result.text == "[1]");
  const auto id_of = [&](NewJob job) { return *enqueue(queue, job); };
  const auto flaky = id_of({.kind = "flaky", .first_back_off = milliseconds(1)});
  CHECK(wait_for(queue, flaky, JobState::completed).attempt == 3);
  CHECK(wait_for(queue, id_of({.kind = "wrong"}), JobState::dead).attempt == 1);
  CHECK(wait_for(queue, id_of({.kind = "unknown"}), JobState::dead).error.find("'unknown'") != std::string::npos);
  CHECK(wait_for(queue, id_of({.kind = "spoilt"}), JobState::dead).error.find("no JSON") != std::string::npos);
  CHECK(wait_for(queue, id_of({.kind = "throws", .most_attempts = 1}), JobState::dead).error.find("oops") !=
        std::string::npos);
  const auto cancelled = id_of({.kind = "long"});
  started.wait(false);
  REQUIRE(queue.cancel(cancelled));
  CHECK(wait_for(queue, cancelled, JobState::cancelled).attempt == 1);
  started = false;
  const auto left = id_of({.kind = "long"});
  started.wait(false);
  const WorkerReport report = worker.end(true);
  const auto waiting = queue.find(left);
  CHECK(waiting->state == JobState::waiting);
  CHECK(!waiting->lease_end);
  CHECK(report.completed == 31);
  CHECK(report.lost == 0);
}

//! Processes that are killed at any moment, until every job is completed: each once in the table, none lost.
inline void check_killed_workers(const std::function<std::unique_ptr<JobQueue>()>& open) {
  constexpr int all = 60;
  const std::vector<NewJob> jobs(all, NewJob{.kind = "work", .most_attempts = 1000});
  REQUIRE(open()->enqueue(jobs));
  const auto work = [&](int ready) {
    const auto queue = open();
    const std::map<std::string, JobHandler> handlers = {{"work", [&](const RunningJob&) -> Result<JsonText> {
                                                           if (::write(ready, "x", 1) != 1) ::_exit(3);
                                                           return JsonText{"1"};
                                                         }}};
    const std::stop_source never;
    static_cast<void>(run_worker(*queue, handlers, {.lease = milliseconds(100)}, never.get_token()));
    ::_exit(2);
  };
  for (int killed = 0;; ++killed) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) work(ends[1]);
    ::close(ends[1]);
    // It has begun some jobs; where it is in the next one, nobody knows.
    const auto is_done = [&] { return open()->list({.state = JobState::completed, .limit = all + 1})->size() == all; };
    bool done = false;
    for (int begun = 0; !done && begun <= killed % 5;) {
      pollfd end{ends[0], POLLIN, 0};
      char byte = 0;
      if (::poll(&end, 1, 20) > 0)
        begun += ::read(ends[0], &byte, 1) == 1 ? 1 : 100;
      else
        done = is_done();
    }
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    ::close(ends[0]);
    if (done) break;
  }
  const auto completed = open()->list({.state = JobState::completed, .limit = all + 1});
  REQUIRE(completed);
  CHECK(completed->size() == all);
  for (const Job& job : *completed) CHECK(job.result.text == "1");
}

}  // namespace persona::test
