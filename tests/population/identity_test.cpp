//! Names and places that agree with who a person is.
#include "population/identity.hpp"
#include "population/rng.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <set>
#include <string>

using persona::GivenName;
using persona::IdentityLabels;
using persona::IdentityModel;
using persona::NameTable;

namespace {

constexpr double unknown_age = std::numeric_limits<double>::quiet_NaN();

std::uint64_t identity_bits(std::uint64_t i) {
  return persona::threefry::word({42, 7, 0}, i);
}

// A table small enough to know every answer.
std::shared_ptr<const NameTable> small_names() {
  return *NameTable::make({{"Edna", "female", 1930, "", 3},
                           {"Ruth", "female", 1930, "", 1},
                           {"Kim", "female", 1980, "", 1},
                           {"Rosa", "female", 1980, "hispanic", 1},
                           {"Earl", "male", 1930, "", 1},
                           {"Jose", "male", 1930, "hispanic", 1}},
                          {{"Smith", "white", 1}, {"Garcia", "hispanic", 1}, {"Garcia", "white", 1}},
                          {{"Salem", "MA", "01970", "Essex County, MA", 44},
                           {"Lynn", "MA", "01902", "Essex County, MA", 101},
                           {"Boston", "MA", "02118", "Suffolk County, MA", 675},
                           {"Salem", "OR", "97301", "", 176}});
}

std::set<std::string> all_given(const IdentityModel& model, int sex, double age, int origin) {
  std::set<std::string> seen;
  for (std::uint64_t i = 0; i < 200; ++i)
    seen.insert((*model.given_names())[static_cast<std::size_t>(model.given(sex, age, origin, identity_bits(i)))]);
  return seen;
}

std::set<std::string> all_places(const IdentityModel& model, int label) {
  std::set<std::string> seen;
  for (std::uint64_t i = 0; i < 200; ++i) {
    const auto place = model.place(label, identity_bits(i));
    seen.insert((*model.cities())[static_cast<std::size_t>(model.city_of(place))] + " " +
                (*model.states())[static_cast<std::size_t>(model.state_of(place))] + " " +
                (*model.postal_codes())[static_cast<std::size_t>(model.postal_code_of(place))]);
  }
  return seen;
}

using Names = std::set<std::string>;

}  // namespace

TEST_CASE("a given name is of the person's sex, decade and origin") {
  const IdentityModel model(*small_names(),
                            {.sex = {"M", "F"}, .origin = {"Hispanic or Latino", "White"}, .age = true, .year = 2019});
  CHECK(all_given(model, 1, 85, -1) == Names{"Edna", "Ruth"});
  CHECK(all_given(model, 1, 35, 0) == Names{"Rosa"});
  CHECK(all_given(model, 1, 35, 1) == Names{"Kim"});
  CHECK(all_given(model, 0, 85, 0) == Names{"Jose"});
}

TEST_CASE("where the table has no such entry it is read more widely: origin, then decade, then sex") {
  const IdentityModel model(*small_names(),
                            {.sex = {"M", "F", "X"}, .origin = {"hispanic", "asian"}, .age = true, .year = 2019});
  CHECK(all_given(model, 1, 85, 0) == Names{"Edna", "Ruth"});  // right decade, everybody's origin
  CHECK(all_given(model, 1, 85, 1) == Names{"Edna", "Ruth"});
  CHECK(all_given(model, 0, 30, -1) == Names{"Earl"});  // right sex, nearest decade
  CHECK(all_given(model, 1, 55, -1) == Names{"Kim"});   // 1960s: nearer to 1980 than to 1930
  CHECK(all_given(model, 2, 35, 1) == Names{"Kim"});    // a sex the table does not know: either
  CHECK(all_given(model, -1, 85, 0) == Names{"Jose"});
  CHECK(all_given(model, 1, unknown_age, -1) == Names{"Edna", "Kim", "Ruth"});
  CHECK(all_given(model, 99, 500, 99) == Names{"Earl", "Edna", "Kim", "Ruth"});  // no such codes: unknown
}

TEST_CASE("without a year ages count back from 2020, and a note says so") {
  const IdentityModel model(*small_names(), {.sex = {"F"}, .age = true});
  REQUIRE(model.notes().size() == 1);
  CHECK(model.notes()[0] == "given names take 2020 as the year of the figures");
  CHECK(all_given(model, 0, 40, -1) == Names{"Kim"});
  CHECK(IdentityModel(*small_names(), {.sex = {"F"}}).notes().empty());
}

TEST_CASE("surnames follow the origin, and labels without any are noted") {
  const IdentityModel model(*small_names(), {.origin = {"hispanic", "Martian"}});
  Names hispanic, martian;
  for (std::uint64_t i = 0; i < 200; ++i) {
    hispanic.insert((*model.surnames())[static_cast<std::size_t>(model.surname(0, identity_bits(i)))]);
    martian.insert((*model.surnames())[static_cast<std::size_t>(model.surname(1, identity_bits(i)))]);
  }
  CHECK(hispanic == Names{"Garcia"});
  CHECK(martian == Names{"Garcia", "Smith"});
  REQUIRE(model.notes().size() == 1);
  CHECK(model.notes()[0] == "the name table has no surnames for 'Martian': everybody's are used");
}

TEST_CASE("city, state and postal code are of one place within the label's area, state or city") {
  const IdentityModel by_county(*small_names(), {.place = {"Essex", "Suffolk County", "Atlantis"}});
  CHECK(all_places(by_county, 0) == Names{"Lynn MA 01902", "Salem MA 01970"});
  CHECK(all_places(by_county, 1) == Names{"Boston MA 02118"});
  CHECK(all_places(by_county, 2).size() == 4);
  REQUIRE(by_county.notes().size() == 1);
  CHECK(by_county.notes()[0] == "the name table has no places for 'Atlantis': any are used");
  const IdentityModel by_state(*small_names(), {.place = {"Oregon", "MA"}});
  CHECK(all_places(by_state, 0) == Names{"Salem OR 97301"});
  CHECK(all_places(by_state, 1) == Names{"Boston MA 02118", "Lynn MA 01902", "Salem MA 01970"});
  const IdentityModel by_city(*small_names(), {.place = {"Salem", "Salem, Oregon"}});
  CHECK(all_places(by_city, 0) == Names{"Salem MA 01970", "Salem OR 97301"});
  CHECK(all_places(by_city, 1) == Names{"Salem OR 97301"});
}

TEST_CASE("a county that only shares its name with one of another state is not taken for it") {
  const IdentityModel new_jersey(*small_names(), {.place = {"Bergen", "Essex", "Hudson"}});
  CHECK(new_jersey.notes()[0].find("'Essex'") != std::string::npos);
}

TEST_CASE("draws follow the weights of the published table") {
  const std::string real = "/work/shared/data/names_us";
  const bool present = std::filesystem::exists(real);
  if (!present) MESSAGE("no " << real << ": the built-in table is used");
  const auto table =
      present ? *NameTable::read_csv(real + "/given_by_decade.csv", real + "/surnames_2010.csv") : NameTable::builtin();
  const IdentityModel model(*table, {.sex = {"female"}, .age = true, .year = 2019});
  std::map<std::string, double> weight;
  double total = 0;
  for (const auto& g : table->given())
    if (g.sex == "female" && g.decade == 1980 && g.origin.empty()) weight[g.name] += g.weight, total += g.weight;
  constexpr int people = 300'000;
  std::map<std::string, int> seen;
  for (int i = 0; i < people; ++i)
    ++seen[(*model.given_names())[static_cast<std::size_t>(
        model.given(0, 35, -1, identity_bits(static_cast<std::uint64_t>(i))))]];
  double chi_square = 0;
  for (const auto& [name, w] : weight) {
    const double expected = people * w / total;
    chi_square += (seen[name] - expected) * (seen[name] - expected) / expected;
  }
  CHECK(seen.size() == weight.size());
  // Chi-square of k - 1 degrees of freedom: mean k - 1, variance 2 (k - 1); 5 standard deviations.
  const double freedom = static_cast<double>(weight.size()) - 1;
  CHECK(chi_square < freedom + 5 * std::sqrt(2 * freedom));
}

TEST_CASE("names and addresses of one person agree") {
  const IdentityModel model(*NameTable::builtin(),
                            {.sex = {"female", "male"}, .origin = {"hispanic"}, .age = true, .year = 2019});
  const auto given = model.given(0, 30, 0, identity_bits(1)), surname = model.surname(0, identity_bits(2));
  std::string name, email;
  model.append_full_name(name, given, surname);
  model.append_email(email, given, surname, 12345, 2);
  CHECK(name == (*model.given_names())[static_cast<std::size_t>(given)] + " " +
                    (*model.surnames())[static_cast<std::size_t>(surname)]);
  const auto space = name.find(' ');
  CHECK(email == persona::ascii_fold(name.substr(0, space)) + "." + persona::ascii_fold(name.substr(space + 1)) +
                     ".9ix@example.com");
}
