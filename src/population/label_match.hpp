//! When two labels mean the same sex, origin or place.
#pragma once

#include <string>
#include <string_view>

namespace persona {

//! "female", "male", or the label in lower case: "F", "Women" and "female" are one.
std::string sex_key(std::string_view label);

//! "white", "black", "hispanic", "asian", "native", "two or more", or the label in lower case.
//! "White alone, not Hispanic or Latino" is white, "Hispanic or Latino (of any race)" hispanic.
std::string origin_key(std::string_view label);

//! The two letters of a US state from its name or its letters; empty if it is none.
std::string us_state_code(std::string_view label);

//! A place by name, without "County" and the like, and the state after a comma.
struct PlaceKey {
  std::string name, state;

  //! A key without a state is in any state.
  bool matches(const PlaceKey& other) const {
    return !name.empty() && name == other.name && (state.empty() || other.state.empty() || state == other.state);
  }
};

//! "Middlesex County, Massachusetts" is {"middlesex", "MA"}.
PlaceKey place_key(std::string_view label);

}  // namespace persona
