//! The built-in table of US names and places, as compact text.
#pragma once

#include <span>
#include <string_view>

namespace persona {

//! "Mary 573, Betty 300": names of one sex and origin with weights, for some decades of birth.
struct UsGivenNames {
  std::string_view sex, origin;
  int first_decade, last_decade;
  std::string_view names;
};

//! A surname's bearers in thousands, and their origin in percent.
struct UsSurname {
  std::string_view name;
  double thousands, white, black, hispanic, asian;
};

//! A city or town with its people in thousands.
struct UsPlace {
  std::string_view city, state, postal_code;
  double thousands;
  std::string_view area;
};

std::span<const UsGivenNames> us_given_names();
std::span<const UsSurname> us_surnames();
std::span<const UsPlace> us_places();

}  // namespace persona
