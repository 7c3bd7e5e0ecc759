//! What every job queue promises.
#include <persona/testing/job_contract.hpp>

#include "testing/promises.hpp"

#include <persona/testing/fake_clock.hpp>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>

namespace persona::testing {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

//! A queue whose clock goes when it is told to.
struct JobScene {
  std::shared_ptr<FakeClock> clock;
  std::unique_ptr<JobQueue> queue, other;  // two who know of each other only through the database

  std::int64_t add(const NewJob& job) const { return enqueue(*queue, job).value_or(-1); }
  std::vector<Job> claim(int most = 1, const std::string& name = "default") const {
    return queue->claim({.queue = name, .worker = "w", .most = most, .lease = seconds(30)})
        .value_or(std::vector<Job>{});
  }
  JobState state(std::int64_t id) const {
    const auto job = queue->find(id);
    return job ? job->state : JobState::dead;
  }
};

JobAttempt attempt_of(const Job& job) {
  return {job.id, job.attempt};
}

bool completes(JobQueue& queue, const Job& job) {
  const JobOutcome outcome{attempt_of(job), {"null"}};
  const auto counted = queue.complete(std::span(&outcome, 1));
  return counted && counted->size() == 1 && counted->front();
}

void check_life(const JobScene& scene, ContractCheck& check) {
  check.that(scene.claim().empty(), "an empty queue has nothing to claim");
  const std::int64_t id = scene.add({.kind = "greet", .arguments = {R"({"name":"Zoë"})"}, .priority = 3});
  const auto found = scene.other->find(id);
  if (!check.succeeds(found, "a job is found by another")) return;
  check.that(found->state == JobState::waiting && found->attempt == 0 && !found->lease_end, "it waits");
  const auto jobs = scene.other->claim({.worker = "me", .lease = seconds(30)});
  if (!check.succeeds(jobs, "it can be claimed") || jobs->size() != 1) return check.that(false, "one job is claimed");
  const Job& job = jobs->front();
  check.that(job.id == id && job.attempt == 1 && job.state == JobState::running && job.worker == "me" &&
                 job.work.kind == "greet" && job.work.arguments.text == R"({"name":"Zoë"})" && job.work.priority == 3,
             "it comes as it was made");
  check.that(job.lease_end == found->made + seconds(30), "on lease");
  check.that(scene.claim().empty(), "nobody else gets it");
  const auto cancelled = scene.queue->heartbeat(attempt_of(job), 0.5, seconds(60));
  check.that(cancelled && !*cancelled, "its worker may say that it is alive");
  check.that(scene.queue->find(id)->progress == 0.5, "and how far it is");
  const JobOutcome outcomes[] = {{{job.id, job.attempt - 1}, {"null"}}, {attempt_of(job), {R"({"said":1})"}}};
  const auto counted = scene.queue->complete(outcomes);
  check.that(counted && *counted == std::vector{false, true}, "it can be completed, by the attempt that has it alone");
  const auto done = scene.queue->find(id);
  check.that(done && done->state == JobState::completed && done->result.text == R"({"said":1})" && done->ended &&
                 !done->lease_end && done->progress == 1,
             "and keeps its result");
  check.that(!completes(*scene.queue, job), "it cannot be completed twice");
  check.fails(scene.queue->heartbeat(attempt_of(job), 1, seconds(1)), Errc::conflict, "a finished job has no heart");
  check.fails(scene.queue->fail(attempt_of(job), "no"), Errc::conflict, "nor can it fail");
  check.fails(scene.queue->find(id + 100), Errc::not_found, "an unknown job is not found");
}

void check_order(const JobScene& scene, ContractCheck& check) {
  const std::vector<NewJob> jobs = {{.kind = "later", .delay = seconds(10)},
                                    {.kind = "low", .priority = -1},
                                    {.kind = "first"},
                                    {.kind = "second"},
                                    {.kind = "high", .priority = 7},
                                    {.kind = "elsewhere", .queue = "other"}};
  check.that(scene.queue->enqueue(jobs)->size() == 6, "many can be enqueued at once");
  std::string order;
  for (int i = 0; i < 3; ++i)
    for (const Job& job : scene.claim(2)) order += job.work.kind + " ";
  check.that(order == "high first second low ", "greater priority first, then who is due longer, not: " + order);
  scene.clock->advance(seconds(10));
  const auto late = scene.claim(5);
  check.that(late.size() == 1 && late[0].work.kind == "later", "a delayed job comes when its time has come");
  const auto other = scene.claim(5, "other");
  check.that(other.size() == 1 && other[0].work.kind == "elsewhere", "queues are apart");
  const auto listed = scene.queue->list({.queue = "default", .state = JobState::running, .limit = 3});
  check.that(listed && listed->size() == 3, "jobs can be listed by queue and state");
  const auto rest = scene.queue->list({.after = listed->back().id});
  check.that(rest && rest->size() == 3 && rest->front().id > listed->back().id, "page by page");
}

void check_failures(const JobScene& scene, ContractCheck& check) {
  const std::int64_t id = scene.add({.kind = "hard", .most_attempts = 3, .first_back_off = seconds(4)});
  for (int attempt = 1; attempt <= 3; ++attempt) {
    const auto jobs = scene.claim();
    if (jobs.size() != 1) return check.that(false, "a failed job is claimed again");
    check.that(jobs[0].attempt == attempt, "attempts are counted");
    check.succeeds(scene.queue->fail(attempt_of(jobs[0]), "it's \"hard\""), "it can fail");
    if (attempt == 3) break;
    check.that(scene.claim().empty(), "it waits before it is tried again");
    scene.clock->advance(seconds(attempt == 1 ? 4 : 8) - milliseconds(1));
    check.that(scene.claim().empty(), "twice as long each time");
    scene.clock->advance(milliseconds(1));
  }
  const auto dead = scene.queue->find(id);
  check.that(dead && dead->state == JobState::dead && dead->error == "it's \"hard\"" && dead->ended,
             "after its last attempt it is dead, and says why");
  check.succeeds(scene.queue->revive(id), "a dead job can be revived");
  check.fails(scene.queue->revive(id), Errc::conflict, "only once");
  const auto again = scene.claim();
  check.that(again.size() == 1 && again[0].attempt == 4, "its attempts are counted on");
  check.succeeds(scene.queue->fail(attempt_of(again[0]), "for good", false), "it can fail for good");
  check.that(scene.state(id) == JobState::dead, "then it is dead at once");
  const std::int64_t given_back = scene.add({.kind = "once", .most_attempts = 1});
  check.succeeds(scene.queue->release(attempt_of(scene.claim()[0])), "a job can be given back");
  const auto same = scene.claim();
  check.that(same.size() == 1 && same[0].id == given_back && same[0].attempt == 2, "and is there again at once");
  check.succeeds(scene.queue->fail(attempt_of(same[0]), std::string_view("n\0o", 3)), "it can fail, in any words");
  check.that(scene.state(given_back) == JobState::dead, "giving back used no attempt up, failing did");
}

void check_leases(const JobScene& scene, ContractCheck& check) {
  const std::int64_t id = scene.add({.kind = "slow", .most_attempts = 2});
  const auto first = scene.claim();
  scene.clock->advance(seconds(29));
  check.that(scene.other->claim({})->empty(), "a lease holds");
  check.succeeds(scene.queue->heartbeat(attempt_of(first[0]), 0.1, seconds(30)), "a heartbeat is heard");
  scene.clock->advance(seconds(29));
  check.that(scene.other->claim({})->empty(), "a heartbeat begins the lease anew");
  scene.clock->advance(seconds(2));
  const auto second = scene.other->claim({.lease = seconds(30)});
  if (!second || second->size() != 1) return check.that(false, "a lost job is taken over");
  check.that(second->front().id == id && second->front().attempt == 2, "a lost job is taken over");
  check.fails(scene.queue->heartbeat(attempt_of(first[0]), 0.9, seconds(30)), Errc::conflict, "the late one is told");
  check.that(!completes(*scene.queue, first[0]), "what it has done does not count");
  check.fails(scene.queue->fail(attempt_of(first[0]), "late"), Errc::conflict, "nor that it failed");
  check.fails(scene.queue->release(attempt_of(first[0])), Errc::conflict, "nor can it give the job back");
  scene.clock->advance(seconds(31));
  check.that(scene.claim().empty(), "a job that was lost in its last attempt is not tried again");
  check.that(scene.state(id) == JobState::dead, "it is dead");
}

void check_keys(const JobScene& scene, ContractCheck& check) {
  const NewJob unique{.kind = "sync", .unique_key = "sync:1"}, once{.kind = "pay", .idempotency_key = "order 7"};
  const std::int64_t first = scene.add(unique), paid = scene.add(once);
  check.that(scene.add(unique) == first, "while a unique job waits there is no second");
  const auto jobs = scene.claim(5);
  check.that(jobs.size() == 2 && scene.add(unique) == first, "nor while it runs");
  for (const Job& job : jobs) check.that(completes(*scene.queue, job), "they can be completed");
  const std::int64_t second = scene.add(unique);
  check.that(second != first, "afterwards there is");
  check.that(scene.add(once) == paid, "what was asked for by a key of its own is never asked for again");
  check.that(scene.claim(5).size() == 1, "and not done again");
  check.succeeds(scene.queue->cancel(second), "it can be cancelled");
  std::atomic<int> made = 0;
  std::vector<std::int64_t> ids(8);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < ids.size(); ++i)
      threads.emplace_back([&, i] {
        JobQueue& queue = i % 2 == 0 ? *scene.queue : *scene.other;
        ids[i] = enqueue(queue, {.kind = "race", .queue = "race", .idempotency_key = "race"}).value_or(-1);
        ++made;
      });
  }
  check.that(std::ranges::count(ids, ids[0]) == 8 && ids[0] > 0, "of many who ask at once, one makes the job");
}

void check_cancelling(const JobScene& scene, ContractCheck& check) {
  const std::int64_t waiting = scene.add({.kind = "a"});
  check.succeeds(scene.queue->cancel(waiting), "a waiting job can be cancelled");
  check.that(scene.state(waiting) == JobState::cancelled && scene.claim().empty(), "then it is not done");
  check.fails(scene.queue->cancel(waiting), Errc::conflict, "what has ended cannot be cancelled");
  check.fails(scene.queue->cancel(waiting + 100), Errc::not_found, "nor what never was");
  check.succeeds(scene.queue->revive(waiting), "a cancelled job can be revived");
  const auto running = scene.claim();
  check.succeeds(scene.other->cancel(waiting), "a running job can be asked to end");
  check.that(scene.state(waiting) == JobState::running, "it goes on");
  const auto asked = scene.queue->heartbeat(attempt_of(running[0]), 0, seconds(30));
  check.that(asked && *asked, "until its worker hears of it");
  check.succeeds(scene.queue->fail(attempt_of(running[0]), "stopped"), "and gives it up");
  check.that(scene.state(waiting) == JobState::cancelled, "then it is cancelled, not tried again");
  check.that(scene.queue->forget(scene.queue->find(waiting)->made + hours(1)) == 1, "what has ended can be forgotten");
  check.fails(scene.queue->find(waiting), Errc::not_found, "then it is gone");
}

void check_schedules(const JobScene& scene, ContractCheck& check) {
  const auto minutes_left = [&] {
    const auto now = std::chrono::floor<milliseconds>(scene.clock->today());
    return std::chrono::ceil<std::chrono::minutes>(now) - now;
  };
  scene.clock->advance(minutes_left() + seconds(1));
  check.succeeds(scene.queue->schedule("tick", "* * * * *", {.kind = "tick"}), "a schedule can be set");
  check.that(scene.claim().empty(), "its job comes at its time, not before");
  scene.clock->advance(seconds(59));
  auto jobs = scene.other->claim({.most = 5});
  check.that(jobs && jobs->size() == 1 && jobs->front().work.kind == "tick", "then whoever claims finds it");
  check.that(scene.claim().empty(), "once");
  scene.clock->advance(hours(2));
  check.that(scene.claim(9).size() == 2, "of the times that were missed one job comes, and the lost one again");
  check.succeeds(scene.queue->schedule("tick", "0 0 1 1 *", {.kind = "new year"}), "a schedule can be replaced");
  scene.clock->advance(seconds(61));
  const auto waiting = scene.queue->list({.state = JobState::waiting});
  check.that(waiting && waiting->empty(), "then the old one is no more");
  check.fails(scene.queue->schedule("tock", "every day", {.kind = "x"}), Errc::invalid_argument, "words are no cron");
  check.succeeds(scene.queue->unschedule("tick"), "a schedule can be removed");
  check.fails(scene.queue->unschedule("tick"), Errc::not_found, "once");
}

void check_wrong_jobs(const JobScene& scene, ContractCheck& check) {
  for (const NewJob& job : std::vector<NewJob>{{},
                                               {.kind = "a", .arguments = {"{"}},
                                               {.kind = "a", .queue = ""},
                                               {.kind = "a", .most_attempts = 0},
                                               {.kind = "a", .delay = seconds(-1)},
                                               {.kind = std::string("a\0b", 3)}}) {
    const std::vector<NewJob> jobs = {{.kind = "good"}, job};
    check.fails(scene.queue->enqueue(jobs), Errc::invalid_argument, "a job that is none is refused");
  }
  check.that(scene.claim().empty(), "and those beside it");
  check.fails(scene.queue->claim({.most = 0}), Errc::invalid_argument, "nobody can claim nothing");
  const std::string hostile = "'; DROP TABLE persona_job; --";
  const std::int64_t id =
      scene.add({.kind = hostile, .queue = hostile, .unique_key = hostile, .idempotency_key = hostile});
  const auto jobs = scene.claim(1, hostile);
  check.that(jobs.size() == 1 && jobs[0].id == id && jobs[0].work.kind == hostile, "any text may be a name");
}

void check_crowd(const JobScene& scene, ContractCheck& check) {
  constexpr int all = 200;
  const std::vector<NewJob> jobs(all, NewJob{.kind = "one of many"});
  check.succeeds(scene.queue->enqueue(jobs), "many can be enqueued");
  std::mutex mutex;
  std::map<std::int64_t, int> claimed;
  std::atomic<int> completed = 0;
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < 4; ++i)
      workers.emplace_back([&, i] {
        JobQueue& queue = i % 2 == 0 ? *scene.queue : *scene.other;
        while (completed < all) {
          const auto mine = queue.claim({.most = 3});
          if (!mine) return;
          for (const Job& job : *mine) {
            const std::lock_guard lock(mutex);
            ++claimed[job.id];
          }
          for (const Job& job : *mine) completed += completes(queue, job) ? 1 : 0;
        }
      });
  }
  check.that(completed == all, "each is completed once");
  check.that(claimed.size() == all && std::ranges::all_of(claimed, [](const auto& one) { return one.second == 1; }),
             "and claimed by one of those who want it at the same time");
}

}  // namespace

std::vector<std::string> job_contract(const MakeJobQueue& make) {
  struct Part {
    const char* name;
    void (*check)(const JobScene&, ContractCheck&);
  };
  constexpr Part parts[] = {{"life", check_life},           {"order", check_order},
                            {"failures", check_failures},   {"leases", check_leases},
                            {"keys", check_keys},           {"cancelling", check_cancelling},
                            {"schedules", check_schedules}, {"wrong jobs", check_wrong_jobs},
                            {"crowd", check_crowd}};
  std::vector<std::string> failures;
  for (const Part& part : parts) {
    ContractCheck check(part.name);
    const auto clock = std::make_shared<FakeClock>(false);
    JobScene scene{clock, make(part.name, clock), make(part.name, clock)};
    if (scene.queue && scene.other)
      part.check(scene, check);
    else
      check.that(false, "no queue was made");
    failures.insert(failures.end(), check.failures().begin(), check.failures().end());
  }
  return failures;
}

}  // namespace persona::testing
