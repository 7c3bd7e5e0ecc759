//! The histogram of one attribute for its chart, and its first two moments.
#pragma once

#include "fidelity_measure.hpp"

#include <cstdint>
#include <vector>

namespace persona {

//! Numbers in equally wide bins over nearly all of their range.
class NumberHistogram {
 public:
  //! Chooses the bins from some of the numbers; NaN is left out. @param step  of the rounding lattice; 0 is none
  void calibrate(std::vector<double> sample, double step);

  void add(double x) {
    ++known_;
    const double z = (x - center_) / scale_;
    sum_ += z;
    squares_ += z * z;
    const double position = (x - low_) * per_unit_;
    if (position >= 0 && position < static_cast<double>(counts_.size())) ++counts_[static_cast<std::size_t>(position)];
  }
  void add_missing() { ++missing_; }

  std::size_t bins() const { return counts_.size(); }
  double edge(std::size_t i) const { return low_ + static_cast<double>(i) / per_unit_; }
  std::int64_t known() const { return known_; }

  //! All but `expected`.
  MarginalChart chart(const Field& field) const;

 private:
  std::vector<std::int64_t> counts_;
  double low_ = 0, per_unit_ = 0, center_ = 0, scale_ = 1, sum_ = 0, squares_ = 0;
  std::int64_t known_ = 0, missing_ = 0;
};

//! A chart with one bar per label. @param counts  of all people
MarginalChart label_chart(const Field& field, std::span<const std::int64_t> counts, std::int64_t missing);

}  // namespace persona
