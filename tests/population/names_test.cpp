//! Name tables: the built-in one, ones made by hand, and ones from files.
#include <persona/population/names.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <set>
#include <string>

using persona::Errc;
using persona::GivenName;
using persona::NameTable;
using persona::Surname;

namespace {

const std::string real_names = "/work/shared/data/names_us";

// A file in the temporary directory, removed at the end.
struct NameCsv {
  NameCsv(const char* name, const std::string& text)
      : path((std::filesystem::temp_directory_path() / (std::string("persona_names_test_") + name)).string()) {
    std::ofstream(path) << text;
  }
  ~NameCsv() { std::filesystem::remove(path); }
  std::string path;
};

}  // namespace

TEST_CASE("the built-in table has both sexes in every decade from 1930 to 2009") {
  const auto table = NameTable::builtin();
  std::map<std::pair<std::string, int>, int> count;
  for (const auto& g : table->given())
    if (g.origin.empty()) ++count[{g.sex, g.decade}];
  CHECK(count.size() == 16);
  for (const auto& cell : count) CHECK_MESSAGE(cell.second == 30, cell.first.first << " " << cell.first.second);
  CHECK(table->hash().size() == 64);
  CHECK(NameTable::builtin() == table);
}

TEST_CASE("the built-in places cover every state, and every county of Massachusetts") {
  std::set<std::string> states, counties, postal_codes;
  for (const auto& place : NameTable::builtin()->places()) {
    states.insert(place.state);
    if (place.state == "MA") counties.insert(place.area);
    CHECK(place.postal_code.size() == 5);
    CHECK_MESSAGE(postal_codes.insert(place.postal_code).second, place.city);
    if (place.state == "MA") CHECK((place.postal_code.starts_with("01") || place.postal_code.starts_with("02")));
  }
  CHECK(states.size() == 51);
  CHECK(counties.size() == 14);
}

TEST_CASE("the built-in table says what the published figures say") {
  if (!std::filesystem::exists(real_names)) {
    MESSAGE("skipped: no " << real_names);
    return;
  }
  const auto published = NameTable::read_csv(real_names + "/given_by_decade.csv", real_names + "/surnames_2010.csv");
  REQUIRE(published);
  std::map<std::string, double> count;
  for (const auto& g : (*published)->given()) count[g.sex + std::to_string(g.decade) + g.name] = g.weight;
  for (const auto& g : NameTable::builtin()->given()) {
    if (!g.origin.empty()) continue;
    // Written from memory of rankings: each name is truly frequent, its count within a factor of 1.6.
    const double real = count[g.sex + std::to_string(g.decade) + g.name];
    CHECK_MESSAGE(std::abs(std::log(g.weight * 1000 / real)) < std::log(1.6), g.decade << " " << g.name << " " << real);
  }
}

TEST_CASE("the hash names the content") {
  const std::vector<GivenName> given = {{"Ada", "female", 1950, "", 2}};
  const auto one = NameTable::make(given, {{"Byron", "", 1}});
  const auto same = NameTable::make(given, {{"Byron", "", 1}});
  const auto other = NameTable::make(given, {{"Byron", "", 2}});
  REQUIRE((one && same && other));
  CHECK((*one)->hash() == (*same)->hash());
  CHECK((*one)->hash() != (*other)->hash());
  CHECK((*one)->places().size() == NameTable::builtin()->places().size());
}

TEST_CASE("a table that cannot be drawn from is refused with the entry's name") {
  const std::vector<GivenName> given = {{.name = "Ada"}};
  const std::vector<Surname> surnames = {{.name = "Byron"}};
  const auto message = [](const auto& made) {
    REQUIRE_FALSE(made);
    CHECK(made.error().code == Errc::invalid_argument);
    return made.error().message;
  };
  CHECK(message(NameTable::make({}, surnames)) == "name table: there are no given names");
  CHECK(message(NameTable::make(given, {})) == "name table: there are no surnames");
  CHECK(message(NameTable::make(given, {{.name = "Byron", .weight = 0}})) ==
        "name table: surname 0 ('Byron') has weight 0; it must be positive");
  CHECK(message(NameTable::make(given, {{.name = "Byron", .weight = std::nan("")}})).find("Byron") !=
        std::string::npos);
  CHECK(message(NameTable::make({{.name = ""}}, surnames)) == "name table: given name 0 ('') has no name");
  CHECK(message(NameTable::make({{.name = "Jos\xe9"}}, surnames)) == "name table: given name 0 is not UTF-8");
  CHECK(message(NameTable::make({{.name = "Ada", .decade = 1955}}, surnames)).find("1955") != std::string::npos);
  CHECK(message(NameTable::make(given, surnames, {{.city = "Paris", .state = "\xff"}})).find("Paris") !=
        std::string::npos);
}

TEST_CASE("CSV files are read with quotes, CRLF, byte-order mark and suppressed shares") {
  const NameCsv given("given.csv",
                      "\xEF\xBB\xBF"
                      "decade,sex,name,count\r\n1950,F,\"Anne, Marie\",3\r\n\r\n1950,M,Jos\u00e9,1\r\n");
  const NameCsv surnames("surnames.csv", "name,count,pctwhite,pctblack\nO'Neil,200,75,(S)\n\"A \"\"B\"\"\",10,100,0\n");
  const auto table = NameTable::read_csv(given.path, surnames.path);
  REQUIRE_MESSAGE(table, table.error().message);
  REQUIRE((*table)->given().size() == 2);
  CHECK((*table)->given()[0].name == "Anne, Marie");
  CHECK((*table)->given()[0].sex == "female");
  CHECK((*table)->given()[1].name == "Jos\u00e9");
  const auto& read = (*table)->surnames();
  REQUIRE(read.size() == 3);
  CHECK(read[0].origin == "white");
  CHECK(read[0].weight == doctest::Approx(150));
  CHECK(read[1].origin == "two or more");  // what the shares leave
  CHECK(read[1].weight == doctest::Approx(50));
  CHECK(read[2].name == "A \"B\"");
}

TEST_CASE("a CSV file that is missing or wrong is refused with its path and line") {
  const NameCsv good("good.csv", "decade,sex,name,count\n1950,F,Ada,3\n"), surnames("s.csv", "name,count\nByron,1\n");
  const NameCsv no_column("column.csv", "decade,sex,name\n1950,F,Ada\n"),
      bad_count("count.csv", "name,count\nA,1\nB,x\n");
  const auto missing = NameTable::read_csv("/nowhere/given.csv", surnames.path);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == Errc::io);
  CHECK(missing.error().path == "/nowhere/given.csv");
  const auto column = NameTable::read_csv(no_column.path, surnames.path);
  REQUIRE_FALSE(column);
  CHECK(column.error().message.find("there is no column 'count'") != std::string::npos);
  const auto count = NameTable::read_csv(good.path, bad_count.path);
  REQUIRE_FALSE(count);
  CHECK(count.error().message.find("line 3: the count is not a number") != std::string::npos);
  CHECK(NameTable::read_csv(good.path, surnames.path));
}
