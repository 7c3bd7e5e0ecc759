//! What every database promises across its rooms.
#pragma once

#include "testing/contract_check.hpp"

#include <persona/core/hash.hpp>
#include <persona/storage/database.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

namespace persona::test {

//! Rows, a recipe, records with all that can happen to them, jobs in several states.
inline void fill_rooms(Database& database) {
  REQUIRE(put(database.populations(), {.name = "people", .indexes = {}}, testing::mixed_population(2500)));
  auto recipe = database.populations().create(
      {.name = "recipe", .form = StorageForm::recipe, .spec = testing::small_spec(), .seed = 7, .count = 1'000'000});
  REQUIRE(recipe);
  REQUIRE((*recipe)->finish());
  Records& records = database.records();
  REQUIRE(records.put({{.kind = "group", .id = "a", .body = {"{\"n\":1}"}, .actor = "ana"}}));
  REQUIRE(records.put({{.kind = "group", .id = "a", .body = {"{\"n\":2}"}, .actor = "bob", .idempotency_key = "k"}}));
  REQUIRE(records.put({{.kind = "note", .id = "b", .person = "p-1", .actor = "ana"}}));
  REQUIRE(records.put({{.kind = "note", .id = "c", .person = "p-2", .actor = "ana"}}));
  REQUIRE(records.remove("note", "c", "bob"));
  REQUIRE(records.erase_person("p-1", "officer"));
  const NewJob jobs[] = {{.kind = "write", .arguments = {"[1]"}}, {.kind = "send", .priority = 2, .unique_key = "u"}};
  REQUIRE(database.jobs().enqueue(jobs));
  const auto claimed = database.jobs().claim({.worker = "w"});
  REQUIRE(claimed);
  REQUIRE(database.jobs().heartbeat({claimed->front().id, 1}, 0.25, std::chrono::hours(1)));
}

inline void check_same_rooms(Database& a, Database& b) {
  const auto first = a.records().audit(0, 100), second = b.records().audit(0, 100);
  REQUIRE(first->size() == second->size());
  for (std::size_t i = 0; i < first->size(); ++i) {
    CHECK((*first)[i].number == (*second)[i].number);
    CHECK((*first)[i].actor == (*second)[i].actor);
    CHECK((*first)[i].at == (*second)[i].at);
  }
  CHECK(*a.records().history("group", "a") == *b.records().history("group", "a"));
  CHECK(*a.records().history("note", "c") == *b.records().history("note", "c"));
  const auto jobs = a.jobs().list({}), others = b.jobs().list({});
  REQUIRE(jobs->size() == others->size());
  for (std::size_t i = 0; i < jobs->size(); ++i) {
    CHECK((*jobs)[i].id == (*others)[i].id);
    CHECK((*jobs)[i].state == (*others)[i].state);
    CHECK((*jobs)[i].progress == (*others)[i].progress);
    CHECK((*jobs)[i].lease_end == (*others)[i].lease_end);
  }
}

//! @param to  empty
inline void check_copy(Database& from, Database& to) {
  fill_rooms(from);
  const auto copied = copy(from.populations(), to.populations());
  REQUIRE_MESSAGE(copied, to_string(copied.error()));
  REQUIRE(copied->size() == 2);
  CHECK(copied->front().content == *population_content(from.populations(), "people", 77));
  CHECK(to.populations().read("people", {.limit = 0})->size() == 2500);
  CHECK(to.populations().find("recipe")->seed == 7);
  CHECK(copy(from.populations(), to.populations()).error().code == Errc::already_exists);
  const auto rows = from.copy_rooms(to);
  REQUIRE_MESSAGE(rows, to_string(rows.error()));
  check_same_rooms(from, to);
  CHECK(from.copy_rooms(to).error().code == Errc::already_exists);
  CHECK(to.records().put({{.kind = "note", .id = "d", .person = "p-1", .actor = "ana"}}).error().code ==
        Errc::conflict);  // the tombstone came along
  const auto before = to.records().audit(0, 100)->back().number;
  REQUIRE(to.records().put({{.kind = "group", .id = "z", .actor = "ana"}}));
  const auto lines = to.records().audit(before, 10);
  REQUIRE(lines->size() == 1);  // its triggers write again
  CHECK(lines->front().action == "create");
  const auto id = enqueue(to.jobs(), {.kind = "next"});
  REQUIRE(id);
  CHECK(*id == from.jobs().list({})->back().id + 1);
}

inline void check_transactions(Database& database) {
  const auto both = [](const Rooms& rooms, const std::string& id) -> Status {
    if (auto put = rooms.records.put({{.kind = "order", .id = id, .actor = "ana"}}); !put)
      return tl::unexpected(put.error());
    const auto job = enqueue(rooms.jobs, {.kind = "send", .idempotency_key = "send " + id});
    return job ? Status() : tl::unexpected(job.error());
  };
  REQUIRE(database.transact([&](const Rooms& rooms) { return both(rooms, "1"); }));
  CHECK(database.records().find("order", "1"));
  CHECK(database.jobs().list({})->size() == 1);
  const Status refused = database.transact([&](const Rooms& rooms) -> Status {
    if (Status done = both(rooms, "2"); !done) return done;
    CHECK(rooms.records.find("order", "2"));  // it sees its own changes
    return fail(Errc::quota_exceeded, "no more orders");
  });
  CHECK(refused.error().code == Errc::quota_exceeded);
  CHECK(database.records().find("order", "2").error().code == Errc::not_found);
  CHECK(database.jobs().list({})->size() == 1);
  CHECK(database.records().audit(0, 10)->size() == 1);
  const Status second_fails = database.transact([&](const Rooms& rooms) -> Status {
    REQUIRE(rooms.records.put({{.kind = "order", .id = "3", .actor = "ana"}}));
    const auto job = enqueue(rooms.jobs, {.kind = "send", .most_attempts = 0});
    return job ? Status() : tl::unexpected(job.error());
  });
  CHECK(second_fails.error().code == Errc::invalid_argument);
  CHECK(database.records().find("order", "3").error().code == Errc::not_found);
}

//! One room's call that fails is undone as a whole, and the others' stay.
inline void check_savepoints(Database& database) {
  REQUIRE(database.transact([](const Rooms& rooms) -> Status {
    REQUIRE(rooms.records.put({{.kind = "a", .id = "1", .actor = "ana"}}));
    const auto put = rooms.records.put(
        {{.kind = "a", .id = "2", .actor = "ana"}, {.kind = "a", .id = "1", .actor = "ana", .expected = 9}});
    CHECK(put.error().code == Errc::conflict);
    return {};
  }));
  CHECK(database.records().find("a", "1"));
  CHECK(database.records().find("a", "2").error().code == Errc::not_found);
}

inline void check_rooms_outside(Database& database) {
  REQUIRE(database.transact([&](const Rooms& rooms) -> Status {
    CHECK(database.records().find("a", "1").error().code == Errc::conflict);
    CHECK(enqueue(database.jobs(), {.kind = "b"}).error().code == Errc::conflict);
    CHECK(database.transact([](const Rooms&) -> Status { return {}; }).error().code == Errc::conflict);
    CHECK(database.status().error().code == Errc::conflict);
    const auto job = enqueue(rooms.jobs, {.kind = "b"});
    return job ? Status() : tl::unexpected(job.error());
  }));
  CHECK(database.jobs().list({})->size() == 1);
}

inline void check_status(Database& database) {
  fill_rooms(database);
  const auto status = database.status();
  REQUIRE_MESSAGE(status, to_string(status.error()));
  REQUIRE(status->populations.size() == 2);
  CHECK(status->populations[0].record.count == 2500);
  CHECK(status->populations[0].bytes.value_or(1) > 0);
  CHECK(status->bytes > status->populations[0].bytes.value_or(0));
  CHECK(status->jobs == std::vector<std::pair<std::string, std::int64_t>>{{"running", 1}, {"waiting", 1}});
  CHECK(status->records == std::vector<std::pair<std::string, std::int64_t>>{{"group", 1}});
}

}  // namespace persona::test
