//! The correlation matrix of a block's normals while it is put together.
#pragma once

#include <cstddef>
#include <vector>

namespace persona {

//! Asked entries are kept if any positive definite matrix has them; entries nobody asked for are 0 unless
//! the asked ones need them otherwise.
class LatentMatrix {
 public:
  explicit LatentMatrix(std::size_t d);

  void ask(std::size_t i, std::size_t j, double value, double weight);

  //! @return whether an asked entry had to be moved
  bool make_positive_definite();

  double at(std::size_t i, std::size_t j) const { return values_[i * d_ + j]; }
  const std::vector<double>& values() const { return values_; }

 private:
  bool complete();

  std::size_t d_;
  std::vector<double> values_, weights_;  // weight 0: not asked
};

}  // namespace persona
