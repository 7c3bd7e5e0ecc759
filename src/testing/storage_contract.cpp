//! What every storage promises: names, sinks and lists.
#include <persona/testing/storage_contract.hpp>

#include "testing/contract_check.hpp"

#include <algorithm>
#include <atomic>
#include <optional>
#include <stop_token>
#include <thread>

namespace persona::testing {
namespace {

void check_empty(Storage& storage, ContractCheck& check) {
  const auto records = storage.list();
  if (check.succeeds(records, "an empty storage can be listed")) check.that(records->empty(), "it lists nothing");
  check.fails(storage.find("nobody"), Errc::not_found, "finding an unknown name fails");
  check.fails(storage.read("nobody"), Errc::not_found, "reading an unknown name fails");
  check.fails(storage.count("nobody"), Errc::not_found, "counting an unknown name fails");
  check.fails(storage.remove("nobody"), Errc::not_found, "removing an unknown name fails");
}

void check_records(Storage& storage, ContractCheck& check) {
  const Population people = mixed_population(10);
  const PopulationRecord record{.name = "b",
                                .spec = small_spec(),
                                .spec_hash = "abc",
                                .names_hash = "def",
                                .seed = 0xFFFF'FFFF'FFFF'FFFF,
                                .start = 1'000'000'000'000,
                                .count = 77,
                                .indexes = {"sex", "age"}};
  check.succeeds(put(storage, record, people), "rows can be put");
  for (const char* name : {"c", "a", "B"})
    check.succeeds(put(storage, {.name = name}, people), "several populations can be put");
  const auto found = storage.find("b");
  if (!check.succeeds(found, "what was put is found")) return;
  check.that(found->created_at.size() == 20 && found->created_at.back() == 'Z', "it is dated in UTC");
  PopulationRecord expected = record;
  expected.count = 10;
  expected.created_at = found->created_at;
  expected.indexes = {"age", "sex"};
  check.that(*found == expected, "the record comes back, its count counted, its indexes in column order");
  const auto rows = storage.read("b", {.columns = {"index"}, .limit = 1});
  if (check.succeeds(rows, "it can be read"))
    check.that(rows->columns()[0].value(0) == Value(std::int64_t{1'000'000'000'000}),
               "rows are numbered from its start");
  const auto records = storage.list();
  if (!check.succeeds(records, "they can be listed")) return;
  std::vector<std::string> names;
  for (const PopulationRecord& each : *records) names.push_back(each.name);
  check.that(names == std::vector<std::string>{"B", "a", "b", "c"}, "the list is in order of name");
  check.that(records->size() == 4 && (*records)[2] == *found, "the list holds the whole records");
}

void check_names(Storage& storage, ContractCheck& check) {
  const Population people = mixed_population(3);
  const std::vector<std::string> names = {"adults 2024",   "Robert'); DROP TABLE persona_population;--",
                                          "\"quoted\"",    "persona_population",
                                          "sqlite_schema", "Ämter/β",
                                          "select",        "index"};
  for (const std::string& name : names) {
    check.succeeds(put(storage, {.name = name}, people), "a population may be called " + name);
    const auto count = storage.count(name, {{.attribute = "sex", .compare = Compare::equal, .values = {"male"}}});
    check.that(count && *count == 1, "and be read as " + name);
  }
  const auto records = storage.list();
  check.that(records && records->size() == names.size(), "all of them are there");
  for (const std::string& name : {std::string(), std::string("a\nb"), std::string("a\0b", 3), std::string("\xff")})
    check.fails(put(storage, {.name = name}, people), Errc::invalid_argument, "a name that is no text is refused");
}

void check_sinks(Storage& storage, ContractCheck& check) {
  const Population people = mixed_population(100);
  {
    auto sink = storage.create({.name = "people"});
    if (!check.succeeds(sink, "a sink opens")) return;
    check.succeeds((*sink)->append(people), "it takes a batch");
    check.fails(storage.find("people"), Errc::not_found, "an unfinished population is not found");
    const auto records = storage.list();
    check.that(records && records->empty(), "an unfinished population is not listed");
  }
  check.fails(storage.find("people"), Errc::not_found, "a sink destroyed early leaves nothing");
  auto sink = storage.create({.name = "people", .start = 5});
  if (!check.succeeds(sink, "the name is free again")) return;
  for (const std::int64_t first : {0, 40, 40})
    check.succeeds((*sink)->append(people.slice(first, first == 0 ? 40 : 30)), "it takes several batches");
  check.succeeds((*sink)->append(people.slice(0, 0)), "it takes a batch without rows");
  check.succeeds((*sink)->finish(), "it can be finished");
  check.fails((*sink)->finish(), Errc::invalid_argument, "it cannot be finished twice");
  check.fails((*sink)->append(people), Errc::invalid_argument, "it takes nothing once finished");
  const auto count = storage.count("people");
  check.that(count && *count == 100, "all rows are there");
  const auto last = storage.read("people", {.columns = {"age"}, .after = 103});
  check.that(last && last->size() == 1 && last->columns()[0].value(0) == Value(std::int64_t{104}),
             "rows are numbered through the batches");
  check.fails(storage.create({.name = "people"}), Errc::already_exists, "the name of a population is taken");
}

void check_wrong_batches(Storage& storage, ContractCheck& check) {
  const Population people = mixed_population(10);
  const std::vector<std::string> some = {"age", "sex"}, others = {"sex", "age"};
  {
    auto sink = storage.create({.name = "people"});
    if (!check.succeeds(sink, "a sink opens")) return;
    check.succeeds((*sink)->append(*people.select(some)), "it takes a batch");
    check.fails((*sink)->append(*people.select(others)), Errc::invalid_argument, "a batch with other columns fails");
    check.fails((*sink)->finish(), Errc::invalid_argument, "after a failure it cannot be finished");
  }
  check.fails(put(storage, {.name = "people", .indexes = {"shoe_size"}}, people), Errc::invalid_argument,
              "an index on an unknown attribute is refused");
  const auto records = storage.list();
  check.that(records && records->empty(), "failures leave nothing");
  auto empty = storage.create({.name = "empty"});
  if (!check.succeeds(empty, "a sink opens")) return;
  check.succeeds((*empty)->finish(), "a population without rows can be kept");
  empty->reset();
  const auto none = storage.read("empty");
  check.that(none && none->size() == 0 && none->columns().size() == 1, "it reads as an index without rows");
}

void check_own_index(Storage& storage, ContractCheck& check) {
  check.succeeds(put(storage, {.name = "all"}, mixed_population(50)), "rows can be put");
  const Filter women{.attribute = "sex", .compare = Compare::equal, .values = {"female"}};
  const auto chosen = storage.read("all", {.filters = {women}});
  if (!check.succeeds(chosen, "some are read")) return;
  check.succeeds(put(storage, {.name = "women", .start = 7}, *chosen), "what was read can be put");
  const auto again = storage.read("women");
  if (check.succeeds(again, "and read")) check.that(*again == *chosen, "with the numbers its rows had");
  const std::vector<std::int64_t> falling = {3, 2, 1};
  check.fails(put(storage, {.name = "falling"}, chosen->take(falling)), Errc::invalid_argument,
              "row numbers that do not rise are refused");
}

void check_removal(Storage& storage, ContractCheck& check) {
  check.succeeds(put(storage, {.name = "people"}, mixed_population(20)), "rows can be put");
  check.succeeds(put(storage, {.name = "others"}, mixed_population(30)), "rows can be put");
  check.succeeds(storage.remove("people"), "a population can be removed");
  check.fails(storage.find("people"), Errc::not_found, "then it is gone");
  check.fails(storage.read("people"), Errc::not_found, "then it cannot be read");
  check.succeeds(put(storage, {.name = "people"}, mixed_population(5)), "its name is free");
  const auto count = storage.count("people"), other = storage.count("others");
  check.that(count && *count == 5 && other && *other == 30, "the others are untouched");
}

void check_threads(Storage& storage, ContractCheck& check) {
  const Population people = mixed_population(2'000);
  check.succeeds(put(storage, {.name = "people"}, people), "rows can be put");
  std::atomic<int> wrong = 0;
  const auto read = [&] {
    for (int i = 0; i < 20; ++i) {
      const auto page = storage.read("people", {.after = i * 40 - 1, .limit = 40});
      if (!page || page->size() != 40 || page->columns()[0].value(0) != Value(std::int64_t{i} * 40)) ++wrong;
    }
  };
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 4; ++i) readers.emplace_back(read);
    check.succeeds(put(storage, {.name = "meanwhile"}, people), "a population can be put while others are read");
  }
  check.that(wrong == 0, "threads read the same rows at the same time");
  std::stop_source stop;
  stop.request_stop();
  check.fails(storage.read("people", {}, {.stop = stop.get_token()}), Errc::cancelled, "a stopped read ends");
  check.fails(storage.count("people", {}, {.stop = stop.get_token()}), Errc::cancelled, "a stopped count ends");
}

}  // namespace

std::vector<std::string> storage_contract(const MakeStorage& make) {
  struct Part {
    const char* name;
    void (*check)(Storage&, ContractCheck&);
  };
  constexpr Part parts[] = {{"an empty storage", check_empty},
                            {"records", check_records},
                            {"names", check_names},
                            {"sinks", check_sinks},
                            {"wrong batches", check_wrong_batches},
                            {"numbered rows", check_own_index},
                            {"values", check_values_survive},
                            {"pages", check_pages},
                            {"filters", check_filters_hold},
                            {"wrong queries", check_wrong_queries},
                            {"hostile queries", check_injections},
                            {"streams", check_streams},
                            {"recipes", check_recipes},
                            {"removal", check_removal},
                            {"threads", check_threads}};
  std::vector<std::string> failures;
  for (const Part& part : parts) {
    ContractCheck check(part.name);
    if (const std::unique_ptr<Storage> storage = make(); storage)
      part.check(*storage, check);
    else
      check.that(false, "no storage was made");
    failures.insert(failures.end(), check.failures().begin(), check.failures().end());
  }
  return failures;
}

}  // namespace persona::testing
