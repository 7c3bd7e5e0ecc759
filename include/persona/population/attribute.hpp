//! One attribute of a person: its distribution, and how that depends on the others.
#pragma once

#include <persona/population/distribution.hpp>

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace persona {

//! A closed range; the distribution is renormalised inside it, never clamped.
struct Truncation {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool operator==(const Truncation&) const = default;
};

//! What must hold of one other attribute: one of some labels, or a half-open range of numbers.
struct Condition {
  std::string attribute = {};
  std::vector<std::string> any_of = {};                    //!< labels; "true"/"false" for a yes-or-no attribute
  double from = -std::numeric_limits<double>::infinity();  //!< from <= x
  double below = std::numeric_limits<double>::infinity();  //!< x < below
  bool operator==(const Condition&) const = default;
};

//! The distribution among the people for whom all conditions hold.
struct Case {
  std::vector<Condition> when;
  Distribution distribution;
  bool operator==(const Case&) const = default;
};

//! What is known of one attribute.
struct Attribute {
  std::string name = {};                          //!< letters, digits and _, not starting with a digit
  std::string description = {};                   //!< for people
  std::string unit = {};                          //!< "years", "USD/year", ...
  std::optional<Distribution> distribution = {};  //!< where no case holds; without it the value is missing there
  std::vector<Case> cases = {};                   //!< the first that holds counts
  std::optional<Truncation> truncation = {};
  double round = 0;      //!< to a multiple of this; 0 is not at all
  bool integer = false;  //!< whole numbers, kept as such
  double missing = 0;    //!< share of people for whom it is not known
  bool operator==(const Attribute&) const = default;
};

}  // namespace persona
