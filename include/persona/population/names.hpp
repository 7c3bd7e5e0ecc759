//! What people and places are called, and how often.
#pragma once

#include <persona/core/result.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace persona {

//! A given name's count among people of one sex, birth decade and origin.
struct GivenName {
  std::string name;
  std::string sex;     //!< "female" or "male"; empty is either
  int decade = 0;      //!< first year of birth, 1950; 0 is any
  std::string origin;  //!< empty is everybody
  double weight = 1;
};

struct Surname {
  std::string name;
  std::string origin;  //!< empty is everybody
  double weight = 1;
};

struct Place {
  std::string city;
  std::string state;  //!< two letters in the built-in table, "MA"
  std::string postal_code;
  std::string area;  //!< what a label of the `place` attribute may call it, "Suffolk County, MA"; may be empty
  double weight = 1;
};

//! Names and places with weights. An application brings its own tables, or uses the built-in one.
//!
//! A person's given name comes from the entries for their sex, birth decade and origin. Where there
//! are none the table is read more widely, in this order: everybody's origin, the nearest decade,
//! either sex. Surnames come from the person's origin, else everybody's. A place is one whose area,
//! state or city the `place` label names, else any. Labels are compared without case, and usual words
//! for the same thing are one: F, female, women; Black, African American; MA, Massachusetts.
class NameTable {
 public:
  //! A small table: the most frequent US given names by sex and birth decade 1930-2009 (and usual ones
  //! of Hispanic and Asian Americans), surnames by origin, cities by state, and the municipalities of
  //! Massachusetts by county. Weights approximate public figures.
  //! @source{US Social Security Administration; US Census Bureau}
  PERSONA_EXPORT static std::shared_ptr<const NameTable> builtin();

  //! @param places  none: those of the built-in table
  //! @errors invalid_argument: no given names or no surnames; an entry whose name is empty or not UTF-8,
  //!         whose weight is not positive and finite, or whose decade is not the first year of one
  [[nodiscard]] PERSONA_EXPORT static Result<std::shared_ptr<const NameTable>> make(std::vector<GivenName> given,
                                                                                    std::vector<Surname> surnames,
                                                                                    std::vector<Place> places = {});

  //! Reads given names (`decade,sex,name,count`) and surnames (`name,count` and optional share
  //! columns pctwhite, pctblack, pctapi, pctaian, pcthispanic) from CSV files; F and M are
  //! understood. Places stay those of the built-in table. @errors io, invalid_argument
  [[nodiscard]] PERSONA_EXPORT static Result<std::shared_ptr<const NameTable>> read_csv(
      const std::string& given_path, const std::string& surnames_path);

  const std::vector<GivenName>& given() const { return given_; }
  const std::vector<Surname>& surnames() const { return surnames_; }
  const std::vector<Place>& places() const { return places_; }

  //! Names the content; part of what makes a person reproducible.
  const std::string& hash() const { return hash_; }

 private:
  NameTable() = default;
  std::vector<GivenName> given_;
  std::vector<Surname> surnames_;
  std::vector<Place> places_;
  std::string hash_;
};

}  // namespace persona
