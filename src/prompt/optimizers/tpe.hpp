//! Choosing among combinations by what was seen of others.
#pragma once

#include "proposals.hpp"

#include <cstddef>
#include <vector>

namespace persona::prompt {

//! One trial: a choice for each variable, its score, and how much that score counts.
struct Trial {
  std::vector<std::size_t> choices = {};
  double score = 0;
  double weight = 1;
};

//! A tree-structured Parzen estimator over choices: of two dozen draws from the good trials' density, the one
//! that is likeliest good rather than not. Uniform until there are five trials.
//! @source{Bergstra et al. 2011, Algorithms for Hyper-Parameter Optimization}
std::vector<std::size_t> next_trial(const std::vector<Trial>& trials, const std::vector<std::size_t>& sizes,
                                    Dice& dice);

}  // namespace persona::prompt
