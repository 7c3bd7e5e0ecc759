//! Codes of names, and of the labels they depend on.
#pragma once

#include "identity.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace persona {

using WeightedCodes = std::vector<std::pair<std::int32_t, double>>;

//! The distinct names of a table in alphabetical order.
template <class Entry, class Name>
inline NameDictionary make_dictionary(const std::vector<Entry>& entries, Name name) {
  std::set<std::string> distinct;
  for (const auto& entry : entries) distinct.insert(entry.*name);
  return std::make_shared<const std::vector<std::string>>(distinct.begin(), distinct.end());
}

inline std::int32_t code_of(const NameDictionary& dictionary, const std::string& name) {
  const auto at = std::lower_bound(dictionary->begin(), dictionary->end(), name);
  return static_cast<std::int32_t>(at - dictionary->begin());
}

//! The key of every label; before them that of the unknown label, which is empty.
template <class Key>
inline std::vector<std::string> keys_of_slots(const std::vector<std::string>& labels, Key key) {
  std::vector<std::string> keys(1);
  for (const auto& label : labels) keys.push_back(key(label));
  return keys;
}

//! For messages: 'a', 'b'
inline std::string join_labels(const std::vector<std::string>& labels) {
  return fmt::format("'{}'", fmt::join(labels, "', '"));
}

}  // namespace persona
