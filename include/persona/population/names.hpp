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
  std::string origin;  //!< empty is any
  double weight = 1;
};

struct Surname {
  std::string name;
  std::string origin;  //!< empty is any
  double weight = 1;
};

struct Place {
  std::string city, state, postal_code;
  std::string area;  //!< label of the `place` attribute it belongs to; empty is any
  double weight = 1;
};

//! Names and places with weights. An application brings its own tables, or uses the built-in one.
class NameTable {
 public:
  //! A small table: most frequent US given names by sex and birth decade 1930-2009, surnames by
  //! origin, cities by state. Approximate weights of public figures.
  //! @source{US Social Security Administration; US Census Bureau}
  PERSONA_EXPORT static std::shared_ptr<const NameTable> builtin();

  //! @errors invalid_argument: an empty table, an empty name, or a weight that is not positive
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
