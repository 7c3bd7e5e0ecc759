//! Kendall's tau-b of two attributes whose normals are correlated.
#pragma once

#include "correlation_match.hpp"

#include <vector>

namespace persona {

//! An attribute cut into bins of its values. Every value with a probability of its own has its own bin
//! (up to 512 of them), the continuous part is cut into 128: pairs that agree in a bin count as ties,
//! which costs less than 1e-4 of tau. Plain continuous attributes need no bins.
struct KendallBins {
  struct Case {
    double weight;
    std::vector<double> thresholds;  // normal scores of the bins' upper edges, but for the last
  };
  std::vector<Case> cases;
  std::size_t bins = 1;
  std::vector<bool> is_continuous;  // of each bin
  double ties = 0;                  // probability that two people have the same value
  bool is_plain = false;            // one case, continuous, no atoms
  bool is_exact = false;            // one case, discrete, a bin for each value
};

KendallBins kendall_bins(const std::vector<WeightedMarginal>& cases);

double kendall_tau_b(const KendallBins& a, const KendallBins& b, double rho);

}  // namespace persona
