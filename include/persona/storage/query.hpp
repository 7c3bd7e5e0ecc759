//! Which rows and columns to read.
#pragma once

#include <persona/core/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace persona {

enum class Compare {
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  any_of,
  is_missing,
  is_present,
  contains,     //!< of text and labels: its bytes, somewhere
  begins_with,  //!< the same, at its beginning
};

//! One condition on one attribute, or on "index". Missing values satisfy only `is_missing`.
//!
//! The values are of the attribute's kind: numbers, yes or no, days, text, labels that it has.
//! Ordered labels compare by rank, text by its bytes. Lists hold when they contain the label
//! (`equal`), one of the labels (`any_of`) or not the label (`not_equal`).
struct Filter {
  std::string attribute = {};
  Compare compare = Compare::equal;
  std::vector<Value> values = {};  //!< one; at most 10,000 for any_of; none for is_missing, is_present
  bool operator==(const Filter&) const = default;
};

//! All filters must hold.
struct Query {
  std::vector<Filter> filters = {};
  std::vector<std::string> columns = {};   //!< empty is all
  std::optional<std::int64_t> after = {};  //!< only rows with a greater index
  std::int64_t limit = 1000;               //!< rows a page; 0 is no limit
  bool operator==(const Query&) const = default;
};

}  // namespace persona
