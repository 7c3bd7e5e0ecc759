//! Numbers counted in bins, kept too where the answer must be exact, and compared with what is expected.
#pragma once

#include "fidelity_bins.hpp"
#include "fidelity_measure.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace persona {

class NumberTally {
 public:
  NumberTally() = default;
  NumberTally(std::vector<double> edges, bool keep_values);

  void add(double x) {
    ++counts_[bins_(x)];
    if (keep_) values_.push_back(x);
  }

  std::int64_t people() const;
  const Bins& bins() const { return bins_; }
  const std::vector<std::int64_t>& counts() const { return counts_; }
  bool keeps() const { return keep_; }

  //! Largest difference at the edges between the shares counted and those expected below.
  double distance(const std::vector<double>& expected_below) const;

  //! The same over all values kept. @param below  P(X < x)  @param at_most  P(X <= x)
  double exact_distance(const std::function<double(double)>& below, const std::function<double(double)>& at_most) const;

 private:
  Bins bins_;
  std::vector<std::int64_t> counts_;
  std::vector<double> values_;
  bool keep_ = false;
};

//! P(X < x) and P(X <= x) of what is drawn: rounding included, blind to the last digits of x.
double drawn_below(const Marginal& law, double x);
double drawn_at_most(const Marginal& law, double x);

//! Writes distance, band and p-value: total variation where the law has at most 64 values, else
//! Kolmogorov-Smirnov. Right of a continuous law up to the 1/1024 between edges, which can only raise
//! the p-value; of a discrete one the p-value is an upper bound.
void judge_law(const NumberTally& tally, const Marginal& law, FidelityLine& line);

//! Against the pilot's sorted values.
void judge_pilot(const NumberTally& tally, const std::vector<double>& pilot, FidelityLine& line);

void set_kolmogorov(FidelityLine& line, double distance, std::int64_t people);

}  // namespace persona
