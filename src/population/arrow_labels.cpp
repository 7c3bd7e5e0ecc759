//! Labels and metadata for Arrow.
#include "arrow_labels.hpp"

#include "column_build.hpp"

#include <algorithm>

namespace persona {

ArrowLabels arrow_labels(const std::vector<std::string>& labels) {
  GrowingBuffer offsets, bytes;
  offsets.push<std::int32_t>(0);
  for (const std::string& label : labels) {
    std::copy_n(reinterpret_cast<const std::byte*>(label.data()), label.size(), bytes.extend(label.size()));
    offsets.push(static_cast<std::int32_t>(bytes.size()));
  }
  return {std::move(offsets).finish(), std::move(bytes).finish(), static_cast<std::int64_t>(labels.size())};
}

std::vector<std::pair<std::string, std::string>> arrow_metadata(const Field& field) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (!field.unit.empty()) pairs.emplace_back("unit", field.unit);
  if (!field.description.empty()) pairs.emplace_back("description", field.description);
  if (field.decimals >= 0) pairs.emplace_back("decimals", std::to_string(field.decimals));
  return pairs;
}

}  // namespace persona
