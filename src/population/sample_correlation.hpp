//! Correlations of a sample.
#pragma once

#include <span>
#include <vector>

namespace persona {

//! Equally long, without missing values; 0 where one of them does not vary.
double sample_pearson(std::span<const double> x, std::span<const double> y);
double sample_spearman(std::span<const double> x, std::span<const double> y);

//! Tau-b, in n log n. @source{Knight 1966}
double sample_kendall(std::span<const double> x, std::span<const double> y);

//! Standard error of Pearson's coefficient by its influence function: right for any distribution with
//! fourth moments.
double pearson_standard_error(std::span<const double> x, std::span<const double> y);

//! Ranks 1 .. n, ties share their mean.
std::vector<double> mid_ranks(std::span<const double> x);

}  // namespace persona
