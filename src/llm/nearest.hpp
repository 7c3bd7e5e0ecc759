//! The examples most like a text.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace persona::llm {

struct Neighbour {
  std::size_t index = 0;
  double weight = 0;  //!< of its vote: 1 / (distance + 0.001)
};

//! The `count` nearest, best first, ties in the order given. All of them, with equal weight, where none
//! has anything in common with the query.
//! Distance is 1 - cosine of TF-IDF vectors, a feature counted once in a text and nothing where it is in all.
std::vector<Neighbour> nearest(std::span<const std::string_view> texts, std::string_view query, std::size_t count);

}  // namespace persona::llm
