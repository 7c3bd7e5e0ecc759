//! Workers that are hurried at any moment. Under the address sanitizer it sees who is told of jobs that are gone.
#include <persona/storage/worker.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace persona;

namespace {

// Has always one job more, which ends at once.
class EndlessQueue final : public JobQueue {
 public:
  Result<std::vector<std::int64_t>> enqueue(std::span<const NewJob>) override { return std::vector<std::int64_t>(); }
  Result<std::vector<Job>> claim(const ClaimOptions&) override {
    Job job;
    job.id = ++claimed;
    job.attempt = 1;
    job.work.kind = "short";
    return std::vector<Job>{job};
  }
  Result<bool> heartbeat(JobAttempt, double, std::chrono::milliseconds) override { return false; }
  Result<std::vector<bool>> complete(std::span<const JobOutcome> outcomes) override {
    return std::vector<bool>(outcomes.size(), true);
  }
  Status fail(JobAttempt, std::string_view, bool) override { return {}; }
  Status release(JobAttempt) override { return {}; }
  Status cancel(std::int64_t) override { return {}; }
  Status revive(std::int64_t) override { return {}; }
  Result<Job> find(std::int64_t) const override { return Job(); }
  Result<std::vector<Job>> list(const JobQuery&) const override { return std::vector<Job>(); }
  Result<std::int64_t> forget(JobTime) override { return 0; }
  Status schedule(std::string_view, std::string_view, const NewJob&) override { return {}; }
  Status unschedule(std::string_view) override { return {}; }
  void wait(std::string_view, std::chrono::milliseconds, const std::stop_token&) override {}

  std::atomic<std::int64_t> claimed = 0;
};

}  // namespace

TEST_CASE("a hurry at the very end of a job tells nobody who is gone") {
  for (int round = 0; round < 100; ++round) {
    EndlessQueue queue;
    std::stop_source stop, hurry;
    const std::jthread other([&] {
      while (queue.claimed < 200) std::this_thread::yield();
      hurry.request_stop();
      stop.request_stop();
    });
    const auto work = [](const RunningJob&) -> Result<JsonText> { return JsonText{}; };
    const auto report = run_worker(queue, {{"short", work}}, {.threads = 4}, stop.get_token(), hurry.get_token());
    REQUIRE(report);
    CHECK(report->completed == queue.claimed);
  }
}
