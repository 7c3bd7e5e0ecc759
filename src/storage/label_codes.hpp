//! The numbers of labels.
#pragma once

#include <persona/population/column.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace persona {

//! The number of each label of a field; views of the field's own labels.
using LabelCodes = std::unordered_map<std::string_view, std::int32_t>;

inline LabelCodes label_codes(const Field& field) {
  LabelCodes codes;
  if (field.labels)
    for (const std::string& label : *field.labels) codes.emplace(label, static_cast<std::int32_t>(codes.size()));
  return codes;
}

}  // namespace persona
