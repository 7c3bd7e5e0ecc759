//! What every store of records promises.
#include <persona/testing/record_contract.hpp>

#include "testing/promises.hpp"

#include <persona/testing/fake_clock.hpp>

#include <algorithm>
#include <atomic>
#include <thread>

namespace persona::testing {
namespace {

using std::chrono::hours;

//! A store whose clock goes when it is told to.
struct RecordScene {
  std::shared_ptr<FakeClock> clock;
  std::unique_ptr<Records> records, other;

  Result<std::int64_t> put(const RecordChange& change) const {
    const auto versions = records->put({change});
    return versions ? Result<std::int64_t>(versions->front()) : tl::unexpected(versions.error());
  }
  RecordTime now() const { return std::chrono::floor<std::chrono::milliseconds>(clock->today()); }
};

RecordChange group_change(const std::string& id, const std::string& body = "{}") {
  return {.kind = "group", .id = id, .body = {body}, .actor = "ana"};
}

void check_versions(const RecordScene& scene, ContractCheck& check) {
  check.fails(scene.records->find("group", "a"), Errc::not_found, "what was never put is not found");
  check.fails(scene.records->history("group", "a"), Errc::not_found, "and has no history");
  const auto first = scene.put(group_change("a", R"({"name":"Zoë's"})"));
  check.that(first && *first == 1, "the first version is 1");
  scene.clock->advance(hours(1));
  RecordChange change = group_change("a", "[2]");
  change.actor = "ben";
  const auto second = scene.put(change);
  check.that(second && *second == 2, "the next is 2");
  const auto found = scene.other->find("group", "a");
  if (!check.succeeds(found, "another finds it")) return;
  const Record expected{
      .kind = "group", .id = "a", .version = 2, .body = {"[2]"}, .actor = "ben", .changed = scene.now()};
  check.that(*found == expected, "as it was put last");
  const auto history = scene.other->history("group", "a");
  check.that(history && history->size() == 2 && history->front().body.text == R"({"name":"Zoë's"})" &&
                 history->front().actor == "ana" && history->back() == *found,
             "with all its versions");
  check.fails(scene.records->find("run", "a"), Errc::not_found, "an id is one of its kind");
}

void check_locking(const RecordScene& scene, ContractCheck& check) {
  RecordChange change = group_change("a");
  change.expected = 0;
  check.succeeds(scene.put(change), "what is expected not to be there is made");
  check.fails(scene.put(change), Errc::conflict, "once");
  change.expected = 1;
  check.succeeds(scene.put(change), "the version that was read is replaced");
  check.fails(scene.put(change), Errc::conflict, "an older one is not");
  check.fails(scene.records->remove("group", "a", "ana", 1), Errc::conflict, "nor removed");
  RecordChange good = group_change("b"), bad = group_change("a");
  bad.expected = 7;
  check.fails(scene.records->put({good, bad}), Errc::conflict, "of several changes all are done");
  check.fails(scene.records->find("group", "b"), Errc::not_found, "or none");
  std::atomic<int> won = 0, lost = 0, broken = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i)
      threads.emplace_back([&, i] {
        RecordChange race = group_change("race", std::to_string(i));
        race.expected = 0;
        const auto done = (i % 2 == 0 ? *scene.records : *scene.other).put({race});
        ++(done ? won : done.error().code == Errc::conflict ? lost : broken);
      });
  }
  check.that(won == 1 && lost == 5 && broken == 0, "of many who change one version, one does");
}

void check_repeats(const RecordScene& scene, ContractCheck& check) {
  RecordChange change = group_change("a", "1");
  change.idempotency_key = "request 1";
  check.that(scene.put(change) == 1, "a change with a key is done");
  check.that(scene.put(group_change("a", "2")) == 2, "others follow");
  check.that(scene.put(change) == 1, "said again, it answers as it did");
  check.that(scene.records->find("group", "a")->body.text == "2", "and is not done again");
  change.id = "b";
  check.fails(scene.put(change), Errc::conflict, "a key belongs to one record");
}

void check_record_removal(const RecordScene& scene, ContractCheck& check) {
  for (const char* id : {"a", "b", "c", "d"}) check.succeeds(scene.put(group_change(id)), "records are put");
  check.that(scene.records->remove("group", "b", "ana") == 2, "a removal is a version");
  check.fails(scene.records->find("group", "b"), Errc::not_found, "what is removed is not found");
  check.fails(scene.records->remove("group", "b", "ana"), Errc::not_found, "nor removed again");
  check.fails(scene.put(group_change("b")), Errc::conflict, "nor put over");
  const auto listed = scene.records->list({.kind = "group", .after = "a", .limit = 2});
  check.that(listed && listed->size() == 2 && listed->front().id == "c" && listed->back().id == "d", "nor listed");
  const auto all = scene.records->list({.kind = "group", .with_removed = true});
  check.that(all && all->size() == 4 && (*all)[1].is_removed, "but on request");
  check.that(scene.records->restore("group", "b", "ben") == 3, "it can be restored");
  check.succeeds(scene.records->find("group", "b"), "and is found again");
  check.fails(scene.records->restore("group", "b", "ben"), Errc::conflict, "once");
  check.succeeds(scene.records->remove("group", "c", "ana"), "another is removed");
  scene.clock->advance(hours(24));
  check.succeeds(scene.put(group_change("d", "4")), "one is changed later");
  check.that(scene.records->purge("group", scene.now() - hours(1), "rule") == 5,
             "what is old is purged, but the last versions");
  check.fails(scene.records->history("group", "c"), Errc::not_found, "a removed record with its history");
  check.that(scene.records->history("group", "d")->size() == 1 && scene.records->history("group", "a")->size() == 1,
             "of the others what they are now stays");
}

void check_person(const RecordScene& scene, ContractCheck& check) {
  RecordChange about = group_change("e1", R"({"phone":"0151-23"})");
  about.kind = "evidence";
  about.person = "person-7";
  about.idempotency_key = "once";
  check.succeeds(scene.put(about), "a record may be about a person");
  about.idempotency_key = "";
  about.body = {"\"secret\""};
  about.person = "";
  check.succeeds(scene.put(about), "and later about nobody");
  check.succeeds(scene.put(group_change("g")), "others are not");
  const auto all = scene.records->export_person("person-7");
  if (check.succeeds(all, "all that is known of a person can be exported"))
    check.that(all->text.find("0151-23") != std::string::npos && all->text.find("create") != std::string::npos,
               "the versions and the audit trail are in it");
  const auto erased = scene.other->erase_person("person-7", "officer");
  check.that(erased && erased->records == 1, "a person can be erased");
  check.fails(scene.records->find("evidence", "e1"), Errc::not_found, "then nothing is found");
  check.fails(scene.records->history("evidence", "e1"), Errc::not_found, "not in the history either");
  const auto nothing = scene.records->export_person("person-7");
  check.that(nothing && nothing->text.find("0151") == std::string::npos, "nor exported");
  about.person = "person-7";
  check.fails(scene.put(about), Errc::conflict, "and nothing is put again");
  check.succeeds(scene.records->find("group", "g"), "others stay");
  check.that(scene.records->erase_person("person-7", "officer")->records == 0, "erasing again erases nothing more");
}

void check_audit(const RecordScene& scene, ContractCheck& check) {
  RecordChange about = group_change("a");
  about.person = "p";
  check.succeeds(scene.put(about), "a record is put");
  check.succeeds(scene.put(about), "and changed");
  check.succeeds(scene.records->remove("group", "a", "ben"), "and removed");
  check.succeeds(scene.records->restore("group", "a", "ana"), "and restored");
  check.fails(scene.records->remove("group", "a", "ben", 1), Errc::conflict, "what fails");
  check.succeeds(scene.records->erase_person("p", "officer"), "and erased");
  const auto lines = scene.other->audit(0, 100);
  if (!check.succeeds(lines, "the audit trail can be read")) return;
  std::string story;
  for (const AuditLine& line : *lines)
    story += line.actor + " " + line.action + " " + std::to_string(line.version) + "; ";
  check.that(story == "ana create 1; ana change 2; ben remove 3; ana restore 4; officer erase 4; ",
             "it tells who did what, not: " + story);
  check.that(std::ranges::all_of(*lines,
                                 [&](const AuditLine& line) {
                                   return line.kind == "group" && line.id == "a" && line.at == scene.now();
                                 }),
             "to what, and when");
  const auto rest = scene.records->audit((*lines)[2].number, 1);
  check.that(rest && rest->size() == 1 && rest->front().action == "restore", "it can be followed line by line");
}

void check_wrong_records(const RecordScene& scene, ContractCheck& check) {
  const RecordChange good = group_change("good");
  for (const RecordChange& wrong :
       std::vector<RecordChange>{{.kind = "group", .id = "a"},
                                 {.kind = "", .id = "a", .actor = "ana"},
                                 {.kind = "group", .id = "", .actor = "ana"},
                                 {.kind = "group", .id = "a", .body = {"{"}, .actor = "ana"},
                                 {.kind = "group", .id = std::string("\0", 1), .actor = "ana"}})
    check.fails(scene.records->put({good, wrong}), Errc::invalid_argument, "a change that is none is refused");
  check.fails(scene.records->find("group", "good"), Errc::not_found, "and those beside it");
  check.fails(scene.records->remove("group", "good", ""), Errc::invalid_argument, "nobody cannot remove");
  const std::string hostile = "'; DROP TABLE persona_record; --";
  const RecordChange strange{.kind = hostile, .id = hostile, .body = {"\"'\""}, .person = hostile, .actor = hostile};
  check.succeeds(scene.put(strange), "any text may be a name");
  check.that(scene.records->find(hostile, hostile)->body.text == "\"'\"", "and is read as it is");
  check.that(scene.records->erase_person(hostile, hostile)->records == 1, "and erased");
}

}  // namespace

std::vector<std::string> record_contract(const MakeRecords& make) {
  struct Part {
    const char* name;
    void (*check)(const RecordScene&, ContractCheck&);
  };
  constexpr Part parts[] = {
      {"versions", check_versions},          {"locking", check_locking}, {"repeats", check_repeats},
      {"removal", check_record_removal},     {"person", check_person},   {"audit", check_audit},
      {"wrong records", check_wrong_records}};
  std::vector<std::string> failures;
  for (const Part& part : parts) {
    ContractCheck check(part.name);
    const auto clock = std::make_shared<FakeClock>(false);
    const RecordScene scene{clock, make(part.name, clock), make(part.name, clock)};
    if (scene.records && scene.other)
      part.check(scene, check);
    else
      check.that(false, "no store was made");
    failures.insert(failures.end(), check.failures().begin(), check.failures().end());
  }
  return failures;
}

}  // namespace persona::testing
