//! The bootstrap-t interval of a weighted mean.
#pragma once

#include <persona/prompt/interval.hpp>

#include <span>
#include <vector>

namespace persona::prompt {

//! Mean, standard error and size of values with weights that sum to anything positive.
struct WeightedMean {
  double mean = 0, error = 0;
  double count = 0;  //!< Kish's: how many equal weights would say as much
};
WeightedMean weighted_mean(std::span<const double> values, std::span<const double> weights);

//! `weights` as many as `values`; the values are not all equal.
Interval bootstrap_t(std::span<const double> values, std::span<const double> weights, double confidence);

}  // namespace persona::prompt
