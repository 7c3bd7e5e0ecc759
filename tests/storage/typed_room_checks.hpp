//! What the typed rooms promise on every database.
#pragma once

#include <persona/storage/api_keys.hpp>
#include <persona/storage/database.hpp>
#include <persona/storage/evidence.hpp>
#include <persona/storage/groups.hpp>
#include <persona/storage/templates.hpp>
#include <persona/storage/usage.hpp>

#include <doctest/doctest.h>

#include <string>

namespace persona::test {

inline void check_groups(Records& records) {
  Group group{.id = "g1", .name = "Testers", .description = "é \" \\", .members = {"a", "b"}};
  REQUIRE(*put_group(records, group, "ana") == 1);
  CHECK(put_group(records, group, "ana").error().code == Errc::conflict);
  group = *find_group(records, "g1");
  CHECK(group.members == std::vector<std::string>{"a", "b"});
  CHECK(group.description == "é \" \\");
  group.members.push_back("c");
  REQUIRE(*put_group(records, group, "bob") == 2);
  CHECK(put_group(records, group, "ana").error().code == Errc::conflict);  // it was read before
  REQUIRE(put_group(records, {.id = "g2"}, "ana"));
  CHECK(list_groups(records)->size() == 2);
  CHECK(list_groups(records, "g1")->front().id == "g2");
  REQUIRE(records.put({{.kind = "group", .id = "odd", .body = {"[]"}, .actor = "ana"}}));
  CHECK(find_group(records, "odd").error().code == Errc::corrupted);
}

inline void check_templates(Records& records) {
  REQUIRE(*put_template(records, {.name = "t", .text = "Hello {name}"}, "ana") == 1);
  CHECK(*put_template(records, {.name = "t", .text = "Hello {name}", .version = 1}, "ana") == 1);
  CHECK(*put_template(records, {.name = "t", .text = "Hi {name}", .note = "shorter", .version = 1}, "bob") == 2);
  CHECK(put_template(records, {.name = "t", .text = "Hey", .version = 1}, "ana").error().code == Errc::conflict);
  CHECK(find_template(records, "t")->text == "Hi {name}");
  CHECK(find_template(records, "t", 1)->text == "Hello {name}");
  CHECK(find_template(records, "t", 3).error().code == Errc::not_found);
  CHECK(template_versions(records, "t")->size() == 2);
}

inline void check_api_keys(Records& records) {
  const RecordTime now{std::chrono::milliseconds(1'000'000)};
  const auto made = make_api_key(records, {.owner = "ana", .scopes = {"read"}, .expires = now}, "admin");
  REQUIRE(made);
  CHECK(made->text.size() == 8 + 16 + 1 + 64);
  const RecordTime before = now - std::chrono::milliseconds(1);
  CHECK(*verify_api_key(records, made->text, before) == made->key);
  CHECK(verify_api_key(records, made->text, now).error().code == Errc::unauthenticated);
  for (std::size_t at : {std::size_t{0}, std::size_t{9}, std::size_t{25}, made->text.size() - 1}) {
    std::string wrong = made->text;
    wrong[at] = wrong[at] == '0' ? '1' : '0';
    CHECK(verify_api_key(records, wrong, before).error() == verify_api_key(records, "", before).error());
    wrong[at] = '\0';  // no text of Postgres
    CHECK(verify_api_key(records, wrong, before).error() == verify_api_key(records, "", before).error());
  }
  CHECK(records.find("api_key", made->key.id)->body.text.find(made->text.substr(30)) == std::string::npos);
  const auto forever = make_api_key(records, {.owner = "bob"}, "admin");
  CHECK(forever->text != made->text);
  CHECK(list_api_keys(records)->size() == 2);
  REQUIRE(revoke_api_key(records, forever->key.id, "admin"));
  CHECK(verify_api_key(records, forever->text, before).error().code == Errc::unauthenticated);
  CHECK(list_api_keys(records)->size() == 1);
}

inline void check_evidence_and_usage(Records& records) {
  REQUIRE(put_evidence(records, {.about = "town", .id = "1", .source = "census", .weight = 0.5}, "ana"));
  REQUIRE(put_evidence(records, {.about = "town", .id = "2", .quote = "46 years", .person = "p"}, "ana"));
  REQUIRE(put_evidence(records, {.about = "town2", .id = "1"}, "ana"));
  CHECK(put_evidence(records, {.about = "town", .id = "3", .weight = 2}, "ana").error().code == Errc::invalid_argument);
  CHECK(put_evidence(records, {.about = "a/b", .id = "3"}, "ana").error().code == Errc::invalid_argument);
  const auto about = evidence_about(records, "town");
  REQUIRE(about->size() == 2);
  CHECK(about->front().weight == 0.5);
  REQUIRE(records.erase_person("p", "officer"));
  CHECK(evidence_about(records, "town")->size() == 1);

  const auto at = [](int ms) { return RecordTime(std::chrono::milliseconds(ms)); };
  for (int i = 0; i < 700; ++i)  // more than a page
    REQUIRE(add_usage(records, {"team", "generate", 10, Money{3}, at(i)}, "job", "worker"));
  REQUIRE(add_usage(records, {"team", "generate", 10, Money{3}, at(5)}, "job", "worker"));  // said again
  REQUIRE(add_usage(records, {"team", "generate", 1, Money{1}, at(5)}, "other job", "worker"));
  REQUIRE(add_usage(records, {"teammates", "generate", 9, Money{9}, at(5)}, "job", "worker"));
  CHECK(*total_usage(records, "team", at(0), at(700)) == UsageTotal{701, 7001, Money{2101}});
  CHECK(*total_usage(records, "team", at(5), at(7)) == UsageTotal{3, 21, Money{7}});
  CHECK(*total_usage(records, "nobody", at(0), at(700)) == UsageTotal{});
  CHECK(add_usage(records, {"team", "x", -1}, "k", "worker").error().code == Errc::invalid_argument);
}

inline void check_typed_rooms(Database& database) {
  check_groups(database.records());
  check_templates(database.records());
  check_api_keys(database.records());
  check_evidence_and_usage(database.records());
  // Within a transaction, as any other records.
  const Status undone = database.transact([](const Rooms& rooms) -> Status {
    REQUIRE(put_group(rooms.records, {.id = "g9"}, "ana"));
    return fail(Errc::conflict, "no");
  });
  CHECK(undone.error().code == Errc::conflict);
  CHECK(find_group(database.records(), "g9").error().code == Errc::not_found);
}

}  // namespace persona::test
