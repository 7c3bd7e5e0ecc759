//! What the measures of correlations share: two columns of one block, and the line of a finding.
#pragma once

#include "fidelity_measure.hpp"

#include <vector>

namespace persona {

//! The two attributes of an asked correlation.
class PairReader {
 public:
  PairReader(const Compiled& model, const CorrelationFinding& finding);

  //! The people of whom both are known; ordinals as scores.
  void read(const FidelityBlock& block, std::vector<double>& a, std::vector<double>& b) const;

 private:
  std::size_t a_, b_;
  std::vector<double> scores_a_, scores_b_;
};

//! A correlation with its standard error, against what was aimed at.
FidelityLine correlation_line(const CorrelationFinding& finding, double achieved, double standard_error,
                              std::int64_t rows);

}  // namespace persona
