//! Work that outlives the process that asked for it.
#include "llm/bind_fields.hpp"
#include "llm/call.hpp"
#include "storage/bind_rooms.hpp"
#include "storage/document.hpp"
#include "storage/handle.hpp"
#include "storage/job_words.hpp"

#include <persona/storage/jobs.hpp>

namespace persona::python {
namespace py = pybind11;
namespace {

using Queue = Handle<JobQueue>;
using std::chrono::milliseconds;

// What `work` makes of the queue, without the GIL.
template <class Work>
auto with_queue(const Queue& self, Work&& work, const CallContext* context = nullptr) {
  const auto queue = self.use();
  return call([&](const Context& given) { return work(*queue, given); }, context);
}

void bind_job(py::module_& m) {
  bind_fields<NewJob>(
      m, "NewJob",
      "Something to be done, by whoever claims it. kind: what, \"generate\"; arguments: with what, as JSON has it;\n"
      "priority: greater comes first; delay: seconds until it is due; first_back_off: seconds after a failure,\n"
      "doubled by each further one, an hour at most; unique_key: while a job with it waits or runs, no second one is\n"
      "made; idempotency_key: of all jobs there ever were, one has it.",
      text_field("kind", &NewJob::kind), document_field("arguments", &NewJob::arguments),
      text_field("queue", &NewJob::queue), field("priority", &NewJob::priority), field("delay", &NewJob::delay),
      field("most_attempts", &NewJob::most_attempts), field("first_back_off", &NewJob::first_back_off),
      text_field("unique_key", &NewJob::unique_key), text_field("idempotency_key", &NewJob::idempotency_key));
  py::class_<Job> job(
      m, "Job",
      "A job as it stands. work: a NewJob, without delay; state: \"waiting\", \"running\", \"completed\", "
      "\"cancelled\",\n"
      "\"dead\"; attempt: how often it was claimed; made, due, lease_end, ended: seconds since 1970; worker: who has\n"
      "it, or had it last; progress: 0 to 1; result: of a completed one, as JSON has it; error: of its last failure.");
  def_fields(job, "Job", field("id", &Job::id), field("work", &Job::work), field("state", &Job::state),
             field("attempt", &Job::attempt), field("made", &Job::made), field("due", &Job::due),
             field("lease_end", &Job::lease_end), field("ended", &Job::ended), text_field("worker", &Job::worker),
             field("progress", &Job::progress), field("is_cancel_asked", &Job::is_cancel_asked),
             document_field("result", &Job::result), text_field("error", &Job::error));
  bind_fields<JobAttempt>(m, "JobAttempt",
                          "One claim of one job; a Job is taken for its own. What is said of an older attempt counts\n"
                          "for nothing.",
                          field("id", &JobAttempt::id), field("attempt", &JobAttempt::attempt))
      .def(py::init([](const Job& claimed) {
             return JobAttempt{claimed.id, claimed.attempt};
           }),
           py::arg("job"));
  py::implicitly_convertible<Job, JobAttempt>();
  bind_fields<JobOutcome>(m, "JobOutcome", "That an attempt is done. result: what JSON has.",
                          field("attempt", &JobOutcome::attempt), document_field("result", &JobOutcome::result));
}

void bind_asking(py::class_<Queue>& type) {
  type.def(
          "enqueue",
          [](const Queue& self, const NewJob& job) {
            return with_queue(self, [&](JobQueue& queue, const Context&) { return enqueue(queue, job); });
          },
          py::arg("job"), "One job; returns its id.")
      .def(
          "enqueue",
          [](const Queue& self, const std::vector<NewJob>& jobs) {
            return with_queue(self, [&](JobQueue& queue, const Context&) { return queue.enqueue(jobs); });
          },
          py::arg("jobs"),
          "All or none; returns ids in order: where a key was taken, the id of the job that has it.\n\n"
          "Raises InvalidArgument: no kind, less than one attempt; Unavailable.")
      .def(
          "cancel",
          [](const Queue& self, std::int64_t id) {
            with_queue(self, [&](JobQueue& queue, const Context&) { return queue.cancel(id); });
          },
          py::arg("id"),
          "Ends a waiting job; a running one is asked to end.\n\nRaises NotFound; Conflict: it has ended.")
      .def(
          "revive",
          [](const Queue& self, std::int64_t id) {
            with_queue(self, [&](JobQueue& queue, const Context&) { return queue.revive(id); });
          },
          py::arg("id"),
          "A dead or cancelled one waits again, with all its attempts.\n\n"
          "Raises NotFound; Conflict: it is neither, or its unique key was taken.")
      .def(
          "forget",
          [](const Queue& self, JobTime before) {
            return with_queue(self, [&](JobQueue& queue, const Context&) { return queue.forget(before); });
          },
          py::arg("before"), "Forgets jobs that ended before a time (seconds since 1970). Returns how many.")
      .def(
          "schedule",
          [](const Queue& self, const py::str& name, const py::str& cron, const NewJob& job) {
            with_queue(self, [&, name = text_of(name), cron = text_of(cron)](JobQueue& queue, const Context&) {
              return queue.schedule(name, cron, job);
            });
          },
          py::arg("name"), py::arg("cron"), py::arg("job"),
          "Enqueues a job whenever a cron expression says (\"30 3 * * 1-5\": minute, hour, day of the month, month,\n"
          "day of the week; UTC), by whoever claims next; missed times count once. Set again, it replaces the one of\n"
          "its name.\n\nRaises InvalidArgument: names the field of the expression.")
      .def(
          "unschedule",
          [](const Queue& self, const py::str& name) {
            with_queue(self,
                       [&, name = text_of(name)](JobQueue& queue, const Context&) { return queue.unschedule(name); });
          },
          py::arg("name"), "Raises NotFound.");
}

void bind_looking(py::class_<Queue>& type) {
  type.def(
          "find",
          [](const Queue& self, std::int64_t id) {
            return with_queue(self, [&](JobQueue& queue, const Context&) { return queue.find(id); });
          },
          py::arg("id"), "Raises NotFound.")
      .def(
          "list",
          [](const Queue& self, const py::str& name, std::optional<JobState> state, std::int64_t after, int limit) {
            const JobQuery query{text_of(name), state, after, limit};
            return with_queue(self, [&](JobQueue& queue, const Context&) { return queue.list(query); });
          },
          py::arg("queue") = "", py::arg("state") = py::none(), py::arg("after") = 0, py::arg("limit") = 100,
          "At most `limit` jobs by id, of those with greater ids than `after`; queue \"\" is all, state None any.")
      .def(
          "wait",
          [](const Queue& self, const py::str& name, milliseconds most, const CallContext* context) {
            const auto work = [&, name = text_of(name)](JobQueue& queue, const Context& given) -> Status {
              const auto left = std::chrono::ceil<milliseconds>(given.deadline - std::chrono::steady_clock::now());
              queue.wait(name, std::max(milliseconds(0), std::min(most, left)), given.stop);
              return {};
            };
            with_queue(self, work, context);
          },
          py::arg("queue") = "default", py::arg("most") = 1.0, py::arg("context") = py::none(),
          "Returns when something may be due, after `most` seconds at the latest, or when `context` is stopped.");
}

void bind_doing(py::class_<Queue>& type) {
  type.def(
          "claim",
          [](const Queue& self, const py::str& name, const py::str& worker, int most, milliseconds lease) {
            const ClaimOptions options{text_of(name), text_of(worker), most, lease};
            return with_queue(self, [&](JobQueue& queue, const Context&) { return queue.claim(options); });
          },
          py::arg("queue") = "default", py::arg("worker") = "", py::arg("most") = 1, py::arg("lease") = 30.0,
          "The jobs that are due, greatest priority and longest due first; none where there are none. worker: a name\n"
          "for people; lease: seconds without a sign of life, after which another may have it.\n\n"
          "Raises InvalidArgument, Unavailable.")
      .def(
          "heartbeat",
          [](const Queue& self, JobAttempt attempt, double progress, milliseconds lease) {
            return with_queue(
                self, [&](JobQueue& queue, const Context&) { return queue.heartbeat(attempt, progress, lease); });
          },
          py::arg("attempt"), py::arg("progress") = 0.0, py::arg("lease") = 30.0,
          "A sign of life: the lease (seconds) begins anew. Returns whether the job is asked to end early.\n\n"
          "Raises Conflict: it is not this attempt's any more: stop.")
      .def(
          "complete",
          [](const Queue& self, JobAttempt attempt, const py::object& result) {
            const std::vector<JobOutcome> outcomes = {{attempt, json_of(result)}};
            const auto counted =
                with_queue(self, [&](JobQueue& queue, const Context&) { return queue.complete(outcomes); });
            return static_cast<bool>(counted.front());
          },
          py::arg("attempt"), py::arg("result") = py::none(), "One attempt; returns whether it counted.")
      .def(
          "complete",
          [](const Queue& self, const std::vector<JobOutcome>& outcomes) {
            return with_queue(self, [&](JobQueue& queue, const Context&) { return queue.complete(outcomes); });
          },
          py::arg("outcomes"), "Returns whether each one counted: not where its attempt was over.")
      .def(
          "fail",
          [](const Queue& self, JobAttempt attempt, const py::str& error, bool retry) {
            with_queue(self, [&, error = text_of(error)](JobQueue& queue, const Context&) {
              return queue.fail(attempt, error, retry);
            });
          },
          py::arg("attempt"), py::arg("error"), py::arg("retry") = true,
          "It waits for its next attempt, twice as long as before; after the last one, or without `retry`, it is\n"
          "dead. Where it was asked to end, it is cancelled.\n\nRaises Conflict.")
      .def(
          "release",
          [](const Queue& self, JobAttempt attempt) {
            with_queue(self, [&](JobQueue& queue, const Context&) { return queue.release(attempt); });
          },
          py::arg("attempt"), "Gives it back as if it had not been claimed.\n\nRaises Conflict.");
}

}  // namespace

void bind_jobs(py::module_& module) {
  bind_job(module);
  py::class_<Queue> type(
      module, "JobQueue",
      "Each job is done at least once, or ends cancelled or dead. A worker that dies loses its lease, and another\n"
      "does the job again: what a job does must be harmless when it is done twice. May be used from any thread. From\n"
      "`persona.sqlite.open_jobs` or `persona.postgres.open_jobs`, or a room of a `persona.database.Database`.");
  bind_asking(type);
  bind_looking(type);
  bind_doing(type);
  def_closing(type);
}

}  // namespace persona::python
