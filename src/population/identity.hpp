//! Names, addresses and places that agree with a person's sex, age, origin and place.
#pragma once

#include "identity_text.hpp"
#include "weighted_draws.hpp"

#include <persona/population/names.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace persona {

//! Labels in code order of the attributes that names must agree with; empty where there is no such
//! attribute.
struct IdentityLabels {
  std::vector<std::string> sex, origin, place;
  bool age = false;  //!< there is an attribute of age
  int year = 0;      //!< of the specification; with an age it gives the year of birth
};

//! Distinct names in alphabetical order; what the codes of a column mean.
using NameDictionary = std::shared_ptr<const std::vector<std::string>>;

//! A name table made ready for one set of attributes. Immutable; safe to share between threads.
//!
//! Codes of labels are -1, and an age NaN, where the person's is missing or there is no such attribute.
class IdentityModel {
 public:
  static constexpr int assumed_year = 2020;  //!< where the specification states none

  IdentityModel(const NameTable& table, const IdentityLabels& labels);

  std::int32_t given(std::int64_t sex, double age, std::int64_t origin, std::uint64_t bits) const {
    const std::size_t cell = (slot(sex, sexes_) * decade_slots_ + decade_slot(age)) * (origins_ + 1);
    return draws_.draw(given_tables_[cell + slot(origin, origins_)], bits);
  }
  std::int32_t surname(std::int64_t origin, std::uint64_t bits) const {
    return draws_.draw(surname_tables_[slot(origin, origins_)], bits);
  }
  //! One place; its parts are found in `city_of`, `state_of` and `postal_code_of`.
  std::int32_t place(std::int64_t label, std::uint64_t bits) const {
    return draws_.draw(place_tables_[slot(label, places_)], bits);
  }
  std::int32_t city_of(std::int32_t place) const { return city_codes_[static_cast<std::size_t>(place)]; }
  std::int32_t state_of(std::int32_t place) const { return state_codes_[static_cast<std::size_t>(place)]; }
  std::int32_t postal_code_of(std::int32_t place) const { return postal_codes_[static_cast<std::size_t>(place)]; }

  const NameDictionary& given_names() const { return given_names_; }
  const NameDictionary& surnames() const { return surnames_; }
  const NameDictionary& cities() const { return cities_; }
  const NameDictionary& states() const { return states_; }
  const NameDictionary& postal_codes() const { return postal_code_names_; }

  //! "Maria Garcia"
  void append_full_name(std::string& out, std::int32_t given, std::int32_t surname) const {
    out.append((*given_names_)[static_cast<std::size_t>(given)]).push_back(' ');
    out.append((*surnames_)[static_cast<std::size_t>(surname)]);
  }
  //! An address that no other index gets, at a domain that never exists: "maria.garcia.4kx2@example.com".
  void append_email(std::string& out, std::int32_t given, std::int32_t surname, std::uint64_t index,
                    std::uint64_t bits) const {
    append_email_address(out, given_mail_[static_cast<std::size_t>(given)],
                         surname_mail_[static_cast<std::size_t>(surname)], index, bits);
  }

  //! What a user should know: the year that was assumed, labels that the table does not have.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  static std::size_t slot(std::int64_t code, std::size_t count) {
    return code >= 0 && static_cast<std::size_t>(code) < count ? static_cast<std::size_t>(code) + 1 : 0;
  }
  //! 0 is unknown, 1 the earliest decade of the table.
  std::size_t decade_slot(double age) const {
    return age >= 0 && age < 200 ? slot_of_age_[static_cast<std::size_t>(age)] : 0;
  }
  void make_given(const NameTable& table, const IdentityLabels& labels);
  void make_decades(const NameTable& table, const IdentityLabels& labels);
  void make_surnames(const NameTable& table, const IdentityLabels& labels);
  void make_places(const NameTable& table, const IdentityLabels& labels);

  std::size_t sexes_, origins_, places_;  // known labels; slot 0 is unknown
  std::size_t decade_slots_ = 1;
  int first_decade_ = 0;
  std::vector<std::uint8_t> slot_of_age_ = std::vector<std::uint8_t>(200, 0);
  std::vector<int> given_tables_, surname_tables_, place_tables_;
  WeightedDraws draws_;
  NameDictionary given_names_, surnames_, cities_, states_, postal_code_names_;
  std::vector<std::int32_t> city_codes_, state_codes_, postal_codes_;
  std::vector<std::string> given_mail_, surname_mail_;
  std::vector<std::string> notes_;
};

}  // namespace persona
