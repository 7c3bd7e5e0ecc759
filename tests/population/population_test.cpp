//! Populations: looked up, cut, sampled, grouped, joined, compared.
#include <persona/population/population.hpp>

#include "example.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>

#include <doctest/doctest.h>

using namespace persona;
using namespace persona::testing;

namespace {

Column numbers(std::string name, std::vector<Value> values) {
  return column_of({.name = std::move(name)}, values);
}

Column kinds(std::vector<std::string> names, std::vector<Value> values, bool ordered = false) {
  return column_of(
      {.name = "kind", .type = ColumnType::category, .ordered = ordered, .labels = labels(std::move(names))},
      std::move(values));
}

}  // namespace

TEST_CASE("columns of unequal length or of one name are no population") {
  const auto unequal = Population::make({numbers("a", {1.0}), numbers("b", {1.0, 2.0})});
  REQUIRE_FALSE(unequal);
  CHECK(unequal.error().message == "column 'b' has 2 rows, but column 'a' has 1");
  const auto twice = Population::make({numbers("a", {1.0}), numbers("a", {2.0})});
  REQUIRE_FALSE(twice);
  CHECK(twice.error().message == "two columns have the name 'a'");
}

TEST_CASE("a column that does not exist is answered with those that do") {
  const Population people = population_of({numbers("age", {1.0}), numbers("income", {2.0})});
  CHECK(people.find("age")->number(0) == 1);
  CHECK(people.find("wage") == nullptr);
  const auto missing = people.column("wage");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == Errc::not_found);
  CHECK(missing.error().message == "no column 'wage'; there are 'age', 'income'; did you mean 'age'?");
}

TEST_CASE("a person knows its values and where it came from") {
  const Population example = example_population(20);
  const Persona person = example.slice(2, 10).person(3);
  CHECK(person.spec_hash == "example");
  CHECK(person.seed == 7);
  CHECK(person.index == 105);
  CHECK(*person.find("small") == Value(std::int64_t{1}));
  CHECK(*person.find("chosen") == Value(std::vector<std::string>{"art", "ça"}));
  CHECK(person.find("nothing") == nullptr);
  CHECK(to_json(person) ==
        R"({"real":-3.333333333333333,"money":-0.25,"small":1,"large":2000000014000,"yes":false,"day":null,)"
        R"("level":"h\"igh","text":"plain","chosen":["art","ça"]})");
}

TEST_CASE("filter keeps the people for whom the expression holds") {
  const Population example = example_population(5000);
  const auto adults = example.filter("small >= 100 and level == 'low'");
  REQUIRE(adults);
  std::vector<std::int64_t> expected;
  for (std::int64_t i = 0; i < 5000; ++i)
    if (i % 5 != 2 && i - 4 >= 100 && i % 8 != 6 && i % 3 == 0) expected.push_back(i);
  CHECK(*adults == example.take(expected));
  CHECK(adults->origin() == Origin{});
  const auto unknown = example.filter("wage > 3");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message.find("wage") != std::string::npos);
}

TEST_CASE("a sample has different people in rising order and depends on the seed alone") {
  std::vector<Value> indices;
  for (int i = 0; i < 1000; ++i) indices.push_back(std::int64_t{i});
  const Population people = population_of({column_of({.name = "i", .type = ColumnType::int64}, indices)});
  for (const std::int64_t count : {0, 1, 100, 500, 501, 999, 1000}) {
    const auto sample = people.sample(count, 3);
    REQUIRE(sample);
    const auto rows = sample->columns()[0].int64s();
    CHECK(static_cast<std::int64_t>(rows.size()) == count);
    CHECK(std::ranges::adjacent_find(rows, std::greater_equal<>()) == rows.end());
    CHECK(*sample == *people.sample(count, 3));
  }
  CHECK_FALSE(*people.sample(100, 3) == *people.sample(100, 4));
  CHECK_FALSE(people.sample(1001, 3));
  CHECK_FALSE(people.sample(-1, 3));
}

TEST_CASE("every set is equally likely in a sample") {
  // 10 sets of 2 (and of 3) out of 5, 20000 draws: each is expected 2000 times with a standard deviation of
  // sqrt(20000 * 0.1 * 0.9) = 42.4; six of them bound all 20 counts with a chance of 4e-8 to fail.
  const Population five = population_of({numbers("x", {0.0, 1.0, 2.0, 3.0, 4.0})});
  for (const std::int64_t count : {2, 3}) {
    std::map<std::vector<double>, int> seen;
    for (std::uint64_t seed = 0; seed < 20000; ++seed) {
      const Population sample = *five.sample(count, seed);
      const auto rows = sample.columns()[0].float64s();
      ++seen[{rows.begin(), rows.end()}];
    }
    CHECK(seen.size() == 10);
    for (const auto& [set, times] : seen) CHECK(std::abs(times - 2000) < 6 * 42.4);
  }
}

TEST_CASE("group splits by rising value, missing last") {
  const Population example = example_population(90);
  for (const char* name : {"level", "yes", "small", "large", "day", "text"}) {
    CAPTURE(name);
    const auto groups = example.group(name);
    REQUIRE(groups);
    std::int64_t rows = 0;
    for (const auto& [value, part] : *groups) {
      rows += part.size();
      for (std::int64_t row = 0; row < part.size(); ++row) CHECK(part.find(name)->value(row) == value);
    }
    CHECK(rows == 90);
    CHECK(groups->back().first == Value());
    if (std::string_view(name) != "level")
      for (std::size_t g = 0; g + 2 < groups->size(); ++g) CHECK((*groups)[g].first < (*groups)[g + 1].first);
  }
  CHECK((*example.group("level"))[2].first == Value("h\"igh"));
  CHECK_FALSE(example.group("real"));
  CHECK_FALSE(example.group("chosen"));
  CHECK(example.group("nothing").error().code == Errc::not_found);
}

TEST_CASE("slices joined again are the population they were cut from") {
  const Population example = example_population(100);
  const std::vector<Population> parts = {example.slice(0, 13), example.slice(13, 0), example.slice(13, 50),
                                         example.slice(63, 37)};
  const auto joined = Population::concatenate(parts);
  REQUIRE(joined);
  CHECK(*joined == example);
  CHECK(joined->origin() == example.origin());
  const auto turned = Population::concatenate(std::vector<Population>{parts[3], parts[0]});
  CHECK(turned->origin() == Origin{});
  CHECK(turned->person(37).attributes == example.person(0).attributes);
}

TEST_CASE("labels are merged where populations are joined") {
  const Population a = population_of({kinds({"x", "y"}, {"y", Value(), "x"})});
  const Population b = population_of({kinds({"z", "y"}, {"y", "z"})});
  const auto joined = Population::concatenate(std::vector<Population>{a, b});
  REQUIRE(joined);
  CHECK(*joined->columns()[0].field().labels == std::vector<std::string>{"x", "y", "z"});
  CHECK(*joined == population_of({kinds({"x", "y", "z"}, {"y", Value(), "x", "y", "z"})}));

  std::vector<std::string> many;
  for (int i = 0; i < 200; ++i) many.push_back("m" + std::to_string(i));
  const auto wide = Population::concatenate(std::vector<Population>{a, population_of({kinds(many, {"m199"})})});
  CHECK(wide->columns()[0].text(0) == "y");
  CHECK(wide->columns()[0].text(3) == "m199");
  CHECK(wide->columns()[0].field().code_bytes == 2);
}

TEST_CASE("ordered labels keep both orders or are refused") {
  const Population a = population_of({kinds({"low", "high"}, {"high"}, true)});
  const Population b = population_of({kinds({"none", "low", "mid", "high", "top"}, {"mid", "top"}, true)});
  const Population c = population_of({kinds({"high", "low"}, {"low"}, true)});
  const auto joined = Population::concatenate(std::vector<Population>{a, b});
  REQUIRE(joined);
  CHECK(*joined->columns()[0].field().labels == std::vector<std::string>{"none", "low", "mid", "high", "top"});
  CHECK(joined->columns()[0].text(0) == "high");
  const auto refused = Population::concatenate(std::vector<Population>{a, c});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "column 'kind': its labels are in different orders");
}

TEST_CASE("populations that differ in columns are not joined") {
  const Population a = population_of({numbers("x", {1.0})});
  const Population b = population_of({numbers("y", {1.0})});
  const Population c = population_of({column_of({.name = "x", .type = ColumnType::int64}, {std::int64_t{1}})});
  CHECK(Population::concatenate(std::vector<Population>{a, b}).error().message.find("'x'") != std::string::npos);
  CHECK(Population::concatenate(std::vector<Population>{a, c}).error().message ==
        "column 'x' is float64 in one population and int64 in another");
  CHECK(Population::concatenate({})->size() == 0);
}

TEST_CASE("select shares columns in the order asked for") {
  const Population example = example_population(5);
  const auto two = example.select(std::vector<std::string>{"text", "real"});
  REQUIRE(two);
  CHECK(two->columns()[0].parts().values == example.find("text")->parts().values);
  CHECK(two->columns()[1].name() == "real");
  CHECK(example.select(std::vector<std::string>{"no"}).error().code == Errc::not_found);
}

TEST_CASE("equality compares values, not the layout behind them") {
  const Population example = example_population(64);
  std::vector<std::int64_t> rows;
  for (std::int64_t i = 9; i < 64; ++i) rows.push_back(i);
  CHECK(example.slice(9, 55) == example.take(rows));
  rows.back() = 9;
  CHECK_FALSE(example.slice(9, 55) == example.take(rows));
  CHECK_FALSE(example.slice(0, 3) == example.slice(0, 4));
  CHECK(population_of({kinds({"b", "a"}, {"a"})}) == population_of({kinds({"a"}, {"a"})}));
}

TEST_CASE("bytes counts shared memory once") {
  const Population people = population_of({numbers("x", {1.0, 2.0, 3.0, 4.0})});
  CHECK(people.bytes() == 32);
  CHECK(people.slice(1, 1).bytes() == 32);
}
