//! What every storage promises: values, pages, filters, recipes.
#include "testing/contract_check.hpp"

#include <persona/population/model.hpp>

#include <algorithm>
#include <functional>

namespace persona::testing {
namespace {

using Row = std::function<Value(const char*)>;

//! A filter, and the same condition in C++; `row` gives what a row has of an attribute.
struct FilterCase {
  Filter filter;
  std::function<bool(const Row&)> holds;
};

bool missing(const Value& value) {
  return std::holds_alternative<std::monostate>(value);
}

template <class T, class Test>
bool present(const Value& value, Test test) {
  return !missing(value) && test(std::get<T>(value));
}

std::vector<FilterCase> number_cases() {
  using enum Compare;
  return {
      {{"age", equal, {std::int64_t{25}}}, [](const Row& r) { return r("age") == Value(std::int64_t{25}); }},
      {{"age", less, {24.5}}, [](const Row& r) { return std::get<std::int64_t>(r("age")) < 25; }},
      {{"age", greater_equal, {24.5}}, [](const Row& r) { return std::get<std::int64_t>(r("age")) > 24; }},
      {{"age", equal, {24.5}}, [](const Row&) { return false; }},
      {{"age", not_equal, {24.5}}, [](const Row&) { return true; }},
      {{"age", less, {1e300}}, [](const Row&) { return true; }},
      {{"age", greater, {1e300}}, [](const Row&) { return false; }},
      {{"age", any_of, {}}, [](const Row&) { return false; }},
      {{"age", any_of, {18.0, 18.5, std::int64_t{32}}},
       [](const Row& r) { return r("age") == Value(std::int64_t{18}) || r("age") == Value(std::int64_t{32}); }},
      {{"age", any_of, {18.0, 19.0, 20.0, 21.0, 22.0, 23.0, 24.0, 25.0, 26.0, 27.0}},
       [](const Row& r) { return std::get<std::int64_t>(r("age")) >= 18 && std::get<std::int64_t>(r("age")) <= 27; }},
      {{"Age", less, {std::int64_t{-3}}}, [](const Row& r) { return std::get<double>(r("Age")) < -3; }},
      {{"income", greater, {std::int64_t{20}}},
       [](const Row& r) { return present<double>(r("income"), [](double v) { return v > 20; }); }},
      {{"income", not_equal, {20.5}},
       [](const Row& r) { return present<double>(r("income"), [](double v) { return v != 20.5; }); }},
      {{"income", is_missing, {}}, [](const Row& r) { return missing(r("income")); }},
      {{"income", is_present, {}}, [](const Row& r) { return !missing(r("income")); }},
      {{"account", greater, {std::int64_t{9223372036854775800}}},
       [](const Row& r) { return std::get<std::int64_t>(r("account")) > 9223372036854775800; }},
      {{"index", greater_equal, {std::int64_t{190}}},
       [](const Row& r) { return std::get<std::int64_t>(r("index")) >= 190; }},
      {{"employed", equal, {true}}, [](const Row& r) { return r("employed") == Value(true); }},
      {{"employed", not_equal, {true}}, [](const Row& r) { return r("employed") == Value(false); }},
      {{"born", less_equal, {Date{0}}}, [](const Row& r) { return std::get<Date>(r("born")) <= Date{0}; }},
      {{"born", any_of, {Date{-9000}, Date{-8903}}},
       [](const Row& r) { return std::get<Date>(r("born")) < Date{-8806}; }},
  };
}

std::vector<FilterCase> label_cases() {
  using enum Compare;
  static constexpr const char* text = "na\"me; DROP TABLE persona_population --";
  const auto level = [](const Row& r) { return r("Education level"); };
  const auto speaks = [](const Row& r, const char* label) {
    return present<std::vector<std::string>>(r("languages"),
                                             [&](const auto& l) { return std::ranges::count(l, label) > 0; });
  };
  return {
      {{"sex", equal, {"it's \"quoted\""}}, [](const Row& r) { return r("sex") == Value("it's \"quoted\""); }},
      {{"sex", not_equal, {"male"}}, [](const Row& r) { return r("sex") != Value("male"); }},
      {{"sex", any_of, {"male", "female"}}, [](const Row& r) { return r("sex") != Value("it's \"quoted\""); }},
      {{"sex", is_missing, {}}, [](const Row&) { return false; }},
      {{"Education level", less, {"secondary"}},
       [=](const Row& r) { return level(r) == Value("none") || level(r) == Value("primary"); }},
      {{"Education level", greater_equal, {"secondary"}},
       [=](const Row& r) { return level(r) == Value("tertiary") || level(r) == Value("secondary"); }},
      {{"Education level", greater, {"tertiary"}}, [](const Row&) { return false; }},
      {{"Education level", greater_equal, {"none"}}, [=](const Row& r) { return !missing(level(r)); }},
      {{"Education level", not_equal, {"none"}},
       [=](const Row& r) { return !missing(level(r)) && level(r) != Value("none"); }},
      {{"Education level", is_missing, {}}, [=](const Row& r) { return missing(level(r)); }},
      {{text, equal, {"Zoë '3\" \n"}}, [](const Row& r) { return r(text) == Value("Zoë '3\" \n"); }},
      {{text, equal, {""}}, [](const Row& r) { return r(text) == Value(""); }},
      {{text, less, {"Zoë '2"}}, [](const Row& r) { return std::get<std::string>(r(text)) < "Zoë '2"; }},
      {{text, contains, {"3\" \n"}},
       [](const Row& r) { return std::get<std::string>(r(text)).find("3\" \n") != std::string::npos; }},
      {{text, contains, {""}}, [](const Row&) { return true; }},
      {{text, contains, {"%"}}, [](const Row&) { return false; }},
      {{text, begins_with, {"Zoë '1"}},
       [](const Row& r) { return std::get<std::string>(r(text)).starts_with("Zoë '1"); }},
      {{"sex", contains, {"male"}},
       [](const Row& r) { return r("sex") == Value("male") || r("sex") == Value("female"); }},
      {{"sex", begins_with, {"ma"}}, [](const Row& r) { return r("sex") == Value("male"); }},
      {{"Education level", contains, {"ary"}},
       [=](const Row& r) { return !missing(level(r)) && level(r) != Value("none"); }},
      {{"sex", contains, {"x"}}, [](const Row&) { return false; }},
      {{"languages", equal, {","}}, [=](const Row& r) { return speaks(r, ","); }},
      {{"languages", any_of, {"español", "a\"b"}},
       [=](const Row& r) { return speaks(r, "español") || speaks(r, "a\"b"); }},
      {{"languages", not_equal, {"english"}},
       [=](const Row& r) { return !missing(r("languages")) && !speaks(r, "english"); }},
      {{"languages", is_missing, {}}, [](const Row& r) { return missing(r("languages")); }},
  };
}

std::vector<std::int64_t> rows_where(const Population& population, const std::vector<FilterCase>& cases) {
  std::vector<std::int64_t> rows;
  for (std::int64_t row = 0; row < population.size(); ++row) {
    const Row value = [&](const char* name) { return population.find(name)->value(row); };
    if (std::ranges::all_of(cases, [&](const FilterCase& c) { return c.holds(value); })) rows.push_back(row);
  }
  return rows;
}

void check_filters_on(Storage& storage, ContractCheck& check, const Population& all,
                      const std::vector<FilterCase>& cases) {
  Query query{.limit = 0};
  std::string names;
  for (const FilterCase& each : cases) {
    query.filters.push_back(each.filter);
    names += " " + each.filter.attribute + "/" + std::to_string(static_cast<int>(each.filter.compare));
  }
  const std::vector<std::int64_t> rows = rows_where(all, cases);
  const auto read = storage.read("people", query);
  if (check.succeeds(read, "a filter can be read by:" + names))
    check.that(*read == all.take(rows), "exactly the rows that satisfy it come:" + names);
  const auto count = storage.count("people", query.filters);
  check.that(count && *count == static_cast<std::int64_t>(rows.size()), "and are counted:" + names);
}

}  // namespace

void check_values_survive(Storage& storage, ContractCheck& check) {
  const Population people = mixed_population(300);
  check.succeeds(put(storage, {.name = "people"}, people), "rows can be put");
  const auto read = storage.read("people", {.limit = 0});
  if (!check.succeeds(read, "they can be read")) return;
  check.that(read->columns().size() == people.columns().size() + 1, "with the index and all columns");
  check.that(read->columns()[0].name() == "index", "the index comes first");
  std::vector<std::string> names;
  for (const Column& column : people.columns()) names.push_back(column.name());
  const auto same = read->select(names);
  if (!check.succeeds(same, "under the names they had")) return;
  check.that(*same == people, "every value and every missing value comes back");
  for (std::size_t i = 0; i < names.size(); ++i)
    check.that(same->columns()[i].field() == people.columns()[i].field(), "so does what is known of " + names[i]);
}

void check_pages(Storage& storage, ContractCheck& check) {
  check.succeeds(put(storage, {.name = "people", .start = 100}, mixed_population(105)), "rows can be put");
  const auto all = storage.read("people", {.limit = 0});
  if (!check.succeeds(all, "all are read")) return;
  check.that(all->columns()[0].value(0) == Value(std::int64_t{100}), "their numbers begin where the record says");
  std::vector<Population> pages;
  Query query{.limit = 25};
  for (int i = 0; i < 10; ++i) {
    const auto page = storage.read("people", query);
    if (!check.succeeds(page, "a page is read")) return;
    if (page->size() == 0) break;
    query.after = std::get<std::int64_t>(page->columns()[0].value(page->size() - 1));
    pages.push_back(*page);
  }
  check.that(pages.size() == 5, "there are as many pages as rows fill");
  const auto joined = Population::concatenate(pages);
  check.that(joined && *joined == *all, "pages together are all rows");
  const auto some = storage.read("people", {.columns = {"sex", "index", "age"}, .limit = 3});
  const std::vector<std::string> names = {"index", "sex", "age"};
  check.that(some && *some == *all->slice(0, 3).select(names), "columns come in the order asked, after the index");
  const auto before = storage.read("people", {.after = 7, .limit = 2});
  check.that(before && *before == all->slice(0, 2), "a page after a number below all begins with the first row");
  const auto beyond = storage.read("people", {.after = 1'000'000});
  check.that(beyond && beyond->size() == 0 && beyond->columns().size() == all->columns().size(),
             "a page beyond the end has columns and no rows");
}

void check_filters_hold(Storage& storage, ContractCheck& check) {
  check.succeeds(put(storage, {.name = "people", .indexes = {"sex", "age"}}, mixed_population(200)), "rows can be put");
  const auto all = storage.read("people", {.limit = 0});
  if (!check.succeeds(all, "all are read")) return;
  const std::vector<FilterCase> numbers = number_cases(), labels = label_cases();
  for (const FilterCase& each : numbers) check_filters_on(storage, check, *all, {each});
  for (const FilterCase& each : labels) check_filters_on(storage, check, *all, {each});
  for (std::size_t i = 0; i < std::min(numbers.size(), labels.size()); ++i)
    check_filters_on(storage, check, *all, {numbers[i], labels[i]});
  const Query paged{.filters = {labels[1].filter}, .after = 49, .limit = 10};
  const auto page = storage.read("people", paged);
  std::vector<std::int64_t> rows = rows_where(*all, {labels[1]});
  std::erase_if(rows, [](std::int64_t row) { return row < 50; });
  rows.resize(10);
  check.that(page && *page == all->take(rows), "a page of filtered rows holds the next that satisfy");
}

void check_wrong_queries(Storage& storage, ContractCheck& check) {
  check.succeeds(put(storage, {.name = "people"}, mixed_population(10)), "rows can be put");
  using enum Compare;
  const std::vector<Filter> wrong = {{"shoe_size", equal, {std::int64_t{1}}},
                                     {"age", equal, {"old"}},
                                     {"age", equal, {}},
                                     {"age", is_missing, {std::int64_t{1}}},
                                     {"sex", equal, {"mail"}},
                                     {"sex", less, {"male"}},
                                     {"sex", equal, {true}},
                                     {"employed", equal, {"yes"}},
                                     {"employed", greater, {true}},
                                     {"born", equal, {"2019-07-04"}},
                                     {"languages", equal, {"klingon"}},
                                     {"languages", less, {"english"}},
                                     {"age", equal, {Value()}},
                                     {"Education level", less, {"PhD"}},
                                     {"age", contains, {std::int64_t{1}}},
                                     {"age", begins_with, {"1"}},
                                     {"languages", contains, {"engl"}},
                                     {"sex", contains, {true}},
                                     {"sex", begins_with, {}},
                                     {"age", any_of, std::vector<Value>(10'001, Value(std::int64_t{1}))}};
  for (const Filter& filter : wrong) {
    const auto read = storage.read("people", {.filters = {{"age", is_present, {}}, filter}});
    check.fails(read, Errc::invalid_argument, "a filter that does not fit '" + filter.attribute + "' is refused");
    if (!read) check.that(read.error().path == "/filters/1", "the error says which filter it is");
    if (!read)
      check.that(read.error().message.find(filter.attribute) != std::string::npos, "the error names the attribute");
    check.fails(storage.count("people", {filter}), Errc::invalid_argument, "counting refuses it too");
  }
  const auto unknown = storage.read("people", {.columns = {"age", "shoe_size"}});
  check.fails(unknown, Errc::invalid_argument, "a column that does not exist is refused");
  if (!unknown) check.that(unknown.error().path == "/columns/1", "the error says which column it is");
  check.fails(storage.read("people", {.columns = {"age", "age"}}), Errc::invalid_argument, "a column twice is refused");
  check.fails(storage.read("people", {.limit = -1}), Errc::invalid_argument, "a limit below 0 is refused");
}

// Texts that would be SQL if they were ever part of a statement, as every value and every name of a query.
void check_injections(Storage& storage, ContractCheck& check) {
  const Population people = mixed_population(40);
  check.succeeds(put(storage, {.name = "people", .indexes = {"sex"}}, people), "rows can be put");
  const std::vector<std::string> attempts = {"' OR '1'='1",
                                             "'; DROP TABLE people; --",
                                             "\"; DROP VIEW people; --",
                                             "x') OR 1=1 --",
                                             "\\'; DELETE FROM persona_population; --",
                                             "$1",
                                             "?1",
                                             ":name",
                                             "%",
                                             "$$; DROP SCHEMA public CASCADE; $$",
                                             "NULL",
                                             "/* */",
                                             "1) UNION SELECT name FROM persona_population --",
                                             "{}' && '{",
                                             "[\"a\"]"};
  constexpr const char* text = "na\"me; DROP TABLE persona_population --";
  using enum Compare;
  for (const std::string& attempt : attempts) {
    for (const Compare compare : {equal, any_of, contains, begins_with}) {
      const auto count = storage.count("people", {{text, compare, {attempt}}});
      check.that(count && *count == 0, "nobody has the text " + attempt);
    }
    const auto others = storage.count("people", {{text, not_equal, {attempt}}});
    check.that(others && *others == 40, "everybody has another text than " + attempt);
    const auto several = storage.count("people", {{text, any_of, {attempt, "", attempt + "'"}}});
    check.that(several && *several == 4, "one of several texts is had by few: " + attempt);
    for (const Compare compare : {less, less_equal, greater, greater_equal})
      check.succeeds(storage.count("people", {{text, compare, {attempt}}}), "texts are compared with " + attempt);
    for (const char* attribute : {"sex", "Education level", "languages"})
      check.fails(storage.read("people", {.filters = {{attribute, any_of, {attempt}}}}), Errc::invalid_argument,
                  "no label is " + attempt);
    check.fails(storage.read("people", {.filters = {{attempt, equal, {attempt}}}}), Errc::invalid_argument,
                "no attribute is " + attempt);
    check.fails(storage.read("people", {.columns = {attempt}}), Errc::invalid_argument, "no column is " + attempt);
    check.fails(storage.read(attempt), Errc::not_found, "no population is " + attempt);
    check.fails(storage.remove(attempt), Errc::not_found, "no population can be removed as " + attempt);
  }
  const auto all = storage.read("people", {.limit = 0});
  check.that(all && all->size() == 40, "everybody is still there");
}

void check_streams(Storage& storage, ContractCheck& check) {
  check.succeeds(put(storage, {.name = "people"}, mixed_population(105)), "rows can be put");
  const Filter women{.attribute = "sex", .compare = Compare::equal, .values = {"female"}};
  const auto all = storage.read("people", {.filters = {women}, .limit = 0});
  std::vector<Population> pages;
  const auto keep = [&](const Population& page) -> Status {
    pages.push_back(page);
    return {};
  };
  check.succeeds(each_page(storage, "people", {.filters = {women}, .limit = 10}, keep), "all pages can be walked");
  const auto joined = Population::concatenate(pages);
  check.that(all && joined && *joined == *all && pages.size() == 4, "together they are all rows that satisfy");
  const auto stop = [&](const Population&) -> Status { return fail(Errc::cancelled, "enough"); };
  check.fails(each_page(storage, "people", {.limit = 10}, stop), Errc::cancelled, "a walk ends when it is told to");
  check.fails(each_page(storage, "nobody", {}, keep), Errc::not_found, "an unknown name cannot be walked");
}

void check_recipes(Storage& storage, ContractCheck& check) {
  const auto spec = parse_spec(small_spec());
  const auto model = spec ? PopulationModel::compile(*spec) : tl::unexpected(spec.error());
  const auto people =
      model ? model->generate({.count = 40'000, .seed = 7, .start = 1000}) : tl::unexpected(model.error());
  if (!check.succeeds(people, "people can be drawn")) return;
  const PopulationRecord recipe{.name = "recipe", .form = StorageForm::recipe, .spec = small_spec()};
  check.succeeds(put(storage, recipe, *people), "a recipe can be put");
  check.succeeds(put(storage, {.name = "rows"}, *people), "its rows can be put");
  const auto found = storage.find("recipe");
  if (!check.succeeds(found, "the recipe is found")) return;
  check.that(found->spec_hash == model->spec_hash() && found->names_hash == model->names_hash() &&
                 found->count == 40'000 && found->seed == 7 && found->start == 1000,
             "it says how the people are drawn");
  const Filter old{.attribute = "age", .compare = Compare::greater, .values = {std::int64_t{80}}};
  for (const Query& query : std::vector<Query>{{.limit = 0},
                                               {.limit = 100},
                                               {.columns = {"sex"}, .after = 40'900, .limit = 200},
                                               {.filters = {old}, .limit = 0},
                                               {.filters = {old}, .columns = {"income"}, .after = 20'000, .limit = 50},
                                               {.after = 40'999},
                                               {.filters = {old}, .after = 40'999}}) {
    const auto drawn = storage.read("recipe", query), kept = storage.read("rows", query);
    if (check.succeeds(drawn, "a recipe can be read") && check.succeeds(kept, "rows can be read"))
      check.that(*drawn == *kept, "a recipe reads as its rows do");
  }
  const auto drawn = storage.count("recipe", {old}), kept = storage.count("rows", {old});
  check.that(drawn && kept && *drawn == *kept && *drawn > 0, "and counts as they do");
  auto sink = storage.create({.name = "other", .form = StorageForm::recipe, .spec = small_spec(), .count = 10});
  if (check.succeeds(sink, "a recipe opens"))
    check.fails((*sink)->append(*people), Errc::invalid_argument, "a recipe takes no rows");
  check.fails(storage.create({.name = "bare", .form = StorageForm::recipe}), Errc::invalid_argument,
              "a recipe without specification is refused");
  check.fails(storage.create({.name = "odd", .form = StorageForm::recipe, .spec = small_spec(), .spec_hash = "00"}),
              Errc::invalid_argument, "a recipe with another's hash is refused");
  const std::vector<std::int64_t> chosen = {1, 5};
  check.fails(put(storage, {.name = "chosen", .form = StorageForm::recipe, .spec = small_spec()}, people->take(chosen)),
              Errc::invalid_argument, "rows that were chosen have no recipe");
}

}  // namespace persona::testing
