//! What the two Arrow exports share: labels as an Arrow array of text, and what a field's metadata says.
#pragma once

#include <persona/population/column.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace persona {

//! Text behind int32 offsets, as the values of a dictionary.
struct ArrowLabels {
  std::shared_ptr<const Buffer> offsets, bytes;
  std::int64_t count = 0;
  std::int64_t offset_bytes() const { return (count + 1) * 4; }
};

ArrowLabels arrow_labels(const std::vector<std::string>& labels);

//! Whether its values are codes of labels.
inline bool has_dictionary(const Field& field) {
  return field.type == ColumnType::category || field.type == ColumnType::list;
}

//! Key and value: "unit", "description" and "decimals" where they are known.
std::vector<std::pair<std::string, std::string>> arrow_metadata(const Field& field);

}  // namespace persona
