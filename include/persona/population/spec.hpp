//! What is known about a population, as one document.
#pragma once

#include <persona/core/result.hpp>
#include <persona/population/attribute.hpp>
#include <persona/population/correlation.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace persona {

//! What must hold of every person, in the expression language: "hours == 0 or employed".
struct Constraint {
  std::string expression;
  std::string reason = {};  //!< for people
  bool operator==(const Constraint&) const = default;
};

//! A part of the population in which some attributes are spread differently.
struct Segment {
  std::string name;
  double weight = 1;
  std::vector<std::pair<std::string, Distribution>> attributes;  //!< replaces these
  bool operator==(const Segment&) const = default;
};

//! A population as published figures describe it. `docs/spec.schema.json` is its JSON Schema.
struct PopulationSpec {
  static constexpr int current_version = 1;

  int version = current_version;
  std::string name, description;
  int year = 0;  //!< the year the figures hold for; 0 is not stated. Ages become birth years with it
  std::vector<Attribute> attributes;
  std::vector<Segment> segments;  //!< each person is in exactly one; appears as attribute "segment"
  std::vector<Correlation> correlations;
  std::vector<Constraint> constraints;

  bool operator==(const PopulationSpec&) const = default;
};

//! Reads a specification from JSON and checks it.
//!
//! @errors
//!   - invalid_argument: not JSON, not this schema, or contradictory; `path` is the JSON pointer and
//!     the message names the attribute and what would be right
//!   - unsupported: a later format version
[[nodiscard]] PERSONA_EXPORT Result<PopulationSpec> parse_spec(std::string_view json);

//! The same from a file. @errors io, and those of `parse_spec`
[[nodiscard]] PERSONA_EXPORT Result<PopulationSpec> read_spec(const std::string& path);

//! Checks everything that can be known without numerics: names, parameters, references, cycles.
//! @errors invalid_argument, as in `parse_spec`
[[nodiscard]] PERSONA_EXPORT Status validate(const PopulationSpec& spec);

//! The document: keys in a fixed order, defaults left out, two-space indent. Parses back to an equal
//! specification.
PERSONA_EXPORT std::string to_json(const PopulationSpec& spec);

//! Names the content: SHA-256 of the canonical document. Descriptions count, whitespace does not.
PERSONA_EXPORT std::string content_hash(const PopulationSpec& spec);

//! The published JSON Schema, as text.
PERSONA_EXPORT std::string_view spec_schema();

}  // namespace persona
