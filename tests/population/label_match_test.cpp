//! Words that mean the same sex, origin or place.
#include "population/label_match.hpp"

#include <doctest/doctest.h>

#include <string>

using persona::origin_key;
using persona::place_key;
using persona::sex_key;
using persona::us_state_code;

TEST_CASE("usual words for a sex are one key") {
  for (const char* label : {"F", "f", "female", "Female", "WOMEN", "woman", "Female (18+)"})
    CHECK(sex_key(label) == "female");
  for (const char* label : {"M", "male", "Man", "men"}) CHECK(sex_key(label) == "male");
  CHECK(sex_key("Non-Binary") == "non-binary");
  CHECK(sex_key("male or female") == "male or female");
}

TEST_CASE("origin labels of the Census are understood") {
  CHECK(origin_key("White alone") == "white");
  CHECK(origin_key("White alone, not Hispanic or Latino") == "white");
  CHECK(origin_key("Non-Hispanic White") == "white");
  CHECK(origin_key("European") == "white");
  CHECK(origin_key("Black or African American alone") == "black");
  CHECK(origin_key("Hispanic or Latino (of any race)") == "hispanic");
  CHECK(origin_key("latina") == "hispanic");
  CHECK(origin_key("Asian or Pacific Islander") == "asian");
  CHECK(origin_key("API") == "asian");
  CHECK(origin_key("Native Hawaiian and Other Pacific Islander alone") == "asian");
  CHECK(origin_key("Asian Indian") == "asian");
  CHECK(origin_key("American Indian and Alaska Native alone") == "native");
  CHECK(origin_key("Two or more races") == "two or more");
  CHECK(origin_key("White and Asian") == "two or more");
}

TEST_CASE("an origin nobody knows keeps its own name") {
  CHECK(origin_key("Some other race alone") == "some other race alone");
  CHECK(origin_key("Middle Eastern or North African") == "middle eastern or north african");
  CHECK(origin_key("") == "");
}

TEST_CASE("US states are known by name and by letters") {
  CHECK(us_state_code("Massachusetts") == "MA");
  CHECK(us_state_code("ma") == "MA");
  CHECK(us_state_code("new  hampshire") == "NH");
  CHECK(us_state_code("Bavaria") == "");
}

TEST_CASE("a county is known with and without its state") {
  const auto middlesex = place_key("Middlesex County, MA");
  CHECK(place_key("middlesex").matches(middlesex));
  CHECK(place_key("Middlesex County").matches(middlesex));
  CHECK(place_key("Middlesex, Massachusetts").matches(middlesex));
  CHECK_FALSE(place_key("Middlesex County, New Jersey").matches(middlesex));
  CHECK_FALSE(place_key("Essex").matches(middlesex));
  CHECK_FALSE(place_key("").matches(place_key("")));
}
