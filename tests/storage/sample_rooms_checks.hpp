//! What a database holds that was filled with samples.
#pragma once

#include <persona/storage/api_keys.hpp>
#include <persona/storage/copy.hpp>
#include <persona/storage/database.hpp>
#include <persona/storage/templates.hpp>
#include <persona/storage/usage.hpp>
#include <persona/testing/sample_rooms.hpp>

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

namespace persona::test {

template <class T>
T sampled(Result<T> result) {
  REQUIRE_MESSAGE(result, to_string(result.error()));
  return *std::move(result);
}

//! Everything that the same seed must leave the same, line by line: no times, no API keys.
inline std::vector<std::string> sample_lines(Database& database) {
  std::vector<std::string> lines;
  for (const PopulationRecord& kept : sampled(database.populations().list()))
    lines.push_back(
        kept.name + " " + kept.spec_hash + " " + std::to_string(kept.count) + " " +
        (kept.form == StorageForm::rows ? *population_content(database.populations(), kept.name, 100) : ""));
  for (const char* kind : {"group", "template", "evidence", "usage", "note"})
    for (const Record& one : sampled(database.records().list({.kind = kind, .limit = 1000, .with_removed = true})))
      for (const Record& version : sampled(database.records().history(kind, one.id)))
        lines.push_back(version.kind + " " + version.id + " " + std::to_string(version.version) + " " +
                        version.body.text + " " + version.person + (version.is_removed ? " removed" : ""));
  for (const Job& job : sampled(database.jobs().list({.queue = "sample", .limit = 1000})))
    lines.push_back(job.work.kind + job.work.arguments.text + " " + std::string(to_string(job.state)) +
                    job.result.text + job.error + std::to_string(job.progress));
  return lines;
}

//! @param a, b  empty
inline void check_sample_rooms(Database& a, Database& b, Database& other_seed) {
  const testing::SampleRooms sample{.people = 300, .records = 61, .jobs = 12};
  for (Database* each : {&a, &b}) {
    const Status filled = testing::fill_rooms(*each, sample);
    REQUIRE_MESSAGE(filled, to_string(filled.error()));
  }
  REQUIRE(testing::fill_rooms(other_seed, {.people = 300, .records = 61, .jobs = 12, .seed = 8}));
  CHECK(sample_lines(a) == sample_lines(b));
  CHECK(sample_lines(a) != sample_lines(other_seed));
  CHECK(testing::fill_rooms(a, sample).error().code == Errc::already_exists);
  CHECK(testing::fill_rooms(a, {.people = 0}).error().code == Errc::invalid_argument);

  CHECK(a.populations().read("sample everybody", {.limit = 10})->size() == 10);
  CHECK(a.populations().find("sample everybody")->count == 300'000);
  const auto status = a.status();
  using Counts = std::map<std::string, std::int64_t>;
  // 61 records are 13, 12, 12, 12 and 12 of their kinds; a third of the notes is removed; one of three keys is revoked
  CHECK(Counts(status->records.begin(), status->records.end()) ==
        Counts{{"api_key", 2}, {"evidence", 12}, {"group", 13}, {"note", 8}, {"template", 12}, {"usage", 12}});
  CHECK(Counts(status->jobs.begin(), status->jobs.end()) ==
        Counts{{"cancelled", 2}, {"completed", 3}, {"dead", 3}, {"running", 2}, {"waiting", 2}});
  CHECK(list_api_keys(a.records())->size() == 2);
  std::map<std::size_t, int> texts, notes;  // how many have so many versions
  for (const Record& one : sampled(a.records().list({.kind = "template"})))
    ++texts[a.records().history("template", one.id)->size()];
  for (const Record& one : sampled(a.records().list({.kind = "note", .with_removed = true})))
    ++notes[a.records().history("note", one.id)->size()];
  CHECK(texts.size() > 1);
  CHECK(notes == std::map<std::size_t, int>{{2, 4}, {3, 4}, {4, 4}});  // changed; then removed; then restored
  const RecordTime year{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
  CHECK(total_usage(a.records(), "sample-ana", year, year + std::chrono::hours(24))->entries == 6);
  CHECK(a.jobs().unschedule("sample nightly"));
}

}  // namespace persona::test
