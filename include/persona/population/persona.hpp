//! One person: named values, and where they came from.
#pragma once

#include <persona/core/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace persona {

struct Persona {
  std::string spec_hash = {};  //!< of the specification it was drawn from; empty if none
  std::uint64_t seed = 0;
  std::uint64_t index = 0;
  std::vector<std::pair<std::string, Value>> attributes = {};  //!< in the specification's order

  //! The value, or nullptr where there is no such attribute.
  PERSONA_EXPORT const Value* find(std::string_view attribute) const;

  bool operator==(const Persona&) const = default;
};

//! One JSON object: attributes only, in order, missing as null.
PERSONA_EXPORT std::string to_json(const Persona& persona);

}  // namespace persona
