//! Fills all rooms of a database with what is made up.
#include <persona/testing/sample_rooms.hpp>

#include <persona/population/builder.hpp>
#include <persona/population/model.hpp>
#include <persona/storage/api_keys.hpp>
#include <persona/storage/evidence.hpp>
#include <persona/storage/groups.hpp>
#include <persona/storage/templates.hpp>
#include <persona/storage/usage.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace persona::testing {
namespace {

constexpr const char* sample_queue = "sample";
constexpr const char* sample_actor = "sample";

template <class T>
Status done_or_not(const Result<T>& result) {
  return result ? Status() : tl::unexpected(result.error());
}

Result<PopulationModel> sample_model() {
  return SpecBuilder("A made-up town")
      .year(2024)
      .attribute("age", Normal{46, 18})
      .unit("years")
      .truncate(18, 95)
      .integer()
      .attribute("sex", Categorical{{"female", "male"}, {51, 49}})
      .attribute("education", Ordinal{{"school", "college", "university"}, {50, 30, 20}})
      .attribute("income", LogNormal{10.3, 0.6})
      .unit("EUR/year")
      .round(100)
      .missing(0.1)
      .correlate("age", "income", 0.3)
      .build()
      .and_then([](const PopulationSpec& spec) { return PopulationModel::compile(spec); });
}

Status fill_populations(Storage& storage, const PopulationModel& model, const Population& people,
                        const SampleRooms& sample) {
  const std::string spec = to_json(model.spec());
  if (Status rows = put(storage, {.name = "sample people", .spec = spec, .indexes = {"age"}}, people); !rows)
    return rows;
  auto recipe = storage.create({.name = "sample everybody",
                                .form = StorageForm::recipe,
                                .spec = spec,
                                .seed = sample.seed,
                                .count = sample.people * 1000});
  return recipe ? (*recipe)->finish() : tl::unexpected(recipe.error());
}

// Who a record is about, and what it says, is taken from the people: it depends on nothing but the seed.
class SampleRecords {
 public:
  SampleRecords(Records& records, const Population& people) : records_(records), people_(people) {}

  Status put(int number) {
    switch (number % 5) {
      case 0: return group(number);
      case 1: return texts(number);
      case 2: return evidence(number);
      case 3: return usage(number);
      default: return note(number);
    }
  }

  Status keys() {
    for (const char* owner : {"ana", "bob", "who left"}) {
      const Result<NewApiKey> made = make_api_key(records_, {.owner = owner, .scopes = {"read"}}, sample_actor);
      if (!made) return tl::unexpected(made.error());
      if (made->key.owner != "who left") continue;
      if (Status revoked = revoke_api_key(records_, made->key.id, sample_actor); !revoked) return revoked;
    }
    return {};
  }

 private:
  std::int64_t row(std::int64_t number) const { return number % people_.size(); }
  std::string who(std::int64_t number) const { return fmt::format("sample people/{}", row(number)); }
  std::int64_t age(std::int64_t number) const {
    return std::get<std::int64_t>(people_.find("age")->value(row(number)));
  }

  Status group(int number) {
    Group group{.id = fmt::format("sample-{:06}", number), .name = fmt::format("Guests of evening {}", number / 5 + 1)};
    for (std::int64_t member = 0; member < 3 + age(number) % 5; ++member) group.members.push_back(who(number + member));
    return done_or_not(put_group(records_, group, sample_actor));
  }

  Status texts(int number) {
    TemplateText text{.name = fmt::format("sample-{:06}", number)};
    for (std::int64_t version = 0; version <= age(number) % 3; ++version) {
      text.text = fmt::format("Interview {} of {{{{ name }}}}, {} questions", number / 5 + 1, 5 + version);
      text.note = version == 0 ? "first" : "one question more";
      const Result<std::int64_t> kept = put_template(records_, text, sample_actor);
      if (!kept) return tl::unexpected(kept.error());
      text.version = *kept;
    }
    return {};
  }

  Status evidence(int number) {
    return done_or_not(put_evidence(records_,
                                    {.about = "sample-age",
                                     .id = fmt::format("{:06}", number),
                                     .source = fmt::format("made-up register, page {}", number + 1),
                                     .quote = fmt::format("{} years old", age(number)),
                                     .weight = static_cast<double>(age(number)) / 100,
                                     .person = who(number)},
                                    sample_actor));
  }

  Status usage(int number) {
    const RecordTime first{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
    return add_usage(records_,
                     {.account = number % 2 == 0 ? "sample-ana" : "sample-bob",
                      .what = "generate",
                      .units = 100 * age(number),
                      .cost = Money{1'000'000} * age(number),
                      .at = first + std::chrono::minutes(number)},
                     std::to_string(number), sample_actor);
  }

  // Kept once, changed, and then left, removed, or removed and restored.
  Status note(int number) {
    RecordChange change{.kind = "note",
                        .id = fmt::format("sample-{:06}", number),
                        .body = {to_json(people_.person(row(number)))},
                        .person = who(number),
                        .actor = sample_actor};
    if (auto made = records_.put({change}); !made) return tl::unexpected(made.error());
    change.body = {fmt::format(R"({{"age":{}}})", age(number))};
    if (auto changed = records_.put({change}); !changed) return tl::unexpected(changed.error());
    const int fate = number / 5 % 3;
    if (fate == 0) return {};
    if (auto gone = records_.remove(change.kind, change.id, sample_actor); !gone) return tl::unexpected(gone.error());
    return fate == 1 ? Status() : done_or_not(records_.restore(change.kind, change.id, sample_actor));
  }

  Records& records_;
  const Population& people_;
};

// What becomes of those that were claimed. Jobs that wait are made last, so that none of them is claimed.
Status let_jobs_end(JobQueue& queue, const Job& job, JobState state) {
  const JobAttempt attempt{job.id, job.attempt};
  if (state == JobState::running) return done_or_not(queue.heartbeat(attempt, 0.5, std::chrono::hours(24)));
  if (state == JobState::dead) return queue.fail(attempt, "the printer is out of paper");
  const JobOutcome outcome[] = {{attempt, {R"({"pages":1})"}}};
  return done_or_not(queue.complete(outcome));
}

Status fill_jobs(JobQueue& queue, JobState state, int first, int count) {
  if (count == 0) return {};
  std::vector<NewJob> jobs;
  for (int i = 0; i < count; ++i)
    jobs.push_back({.kind = "print",
                    .arguments = {fmt::format(R"({{"page":{}}})", first + i)},
                    .queue = sample_queue,
                    .most_attempts = state == JobState::dead ? 1 : 20});
  const Result<std::vector<std::int64_t>> ids = queue.enqueue(jobs);
  if (!ids || state == JobState::waiting) return done_or_not(ids);
  if (state == JobState::cancelled) {
    for (const std::int64_t id : *ids)
      if (Status ended = queue.cancel(id); !ended) return ended;
    return {};
  }
  for (int i = 0; i < count; ++i) {
    const auto claimed = queue.claim({.queue = sample_queue, .worker = sample_actor, .lease = std::chrono::hours(24)});
    if (!claimed) return tl::unexpected(claimed.error());
    if (claimed->size() != 1 || std::count(ids->begin(), ids->end(), claimed->front().id) != 1)
      return persona::fail(Errc::conflict, "the queue 'sample' is in use");
    if (Status ended = let_jobs_end(queue, claimed->front(), state); !ended) return ended;
  }
  return {};
}

}  // namespace

Status fill_rooms(Database& database, const SampleRooms& sample) {
  if (sample.people < 1 || sample.records < 0 || sample.jobs < 0)
    return fail(Errc::invalid_argument, "sample rooms need a person, and no less than no records and jobs");
  const Result<PopulationModel> model = sample_model();
  if (!model) return tl::unexpected(model.error());
  const Result<Population> people =
      model->generate({.count = static_cast<std::uint64_t>(sample.people), .seed = sample.seed});
  if (!people) return tl::unexpected(people.error());
  if (Status kept = fill_populations(database.populations(), *model, *people, sample); !kept) return kept;

  Status kept = database.transact([&](const Rooms& rooms) -> Status {  // one commit instead of one each
    SampleRecords records(rooms.records, *people);
    for (int number = 0; number < sample.records; ++number)
      if (Status put = records.put(number); !put) return put;
    return records.keys();
  });
  if (!kept) return kept;

  using enum JobState;
  const JobState states[] = {completed, dead, cancelled, running, waiting};
  int first = 0;
  for (int i = 0; i < 5; ++i) {
    const int count = sample.jobs / 5 + (i < sample.jobs % 5 ? 1 : 0);
    if (Status filled = fill_jobs(database.jobs(), states[i], first, count); !filled) return filled;
    first += count;
  }
  return database.jobs().schedule("sample nightly", "30 3 * * *", {.kind = "print", .queue = sample_queue});
}

}  // namespace persona::testing
