//! What a table's columns cannot say of themselves, as JSON.
#pragma once

#include <persona/core/result.hpp>
#include <persona/population/column.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace persona {

//! A field and the column of the table that holds it.
struct StoredField {
  Field field;
  std::string column;
};

PERSONA_EXPORT std::string to_json(std::span<const StoredField> fields);

//! @errors corrupted: not what `to_json` writes
[[nodiscard]] PERSONA_EXPORT Result<std::vector<StoredField>> parse_fields(std::string_view json);

//! A list of labels as a table holds it where it knows no lists: ["a","b"].
PERSONA_EXPORT std::string labels_to_json(std::span<const std::string> labels);
[[nodiscard]] PERSONA_EXPORT Result<std::vector<std::string>> parse_labels(std::string_view json);

}  // namespace persona
