//! Which normal correlations give the asked correlations of the finished attributes.
#pragma once

#include "marginal.hpp"

#include <persona/population/correlation.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace persona {

//! One marginal, or a mixture of marginals over cases that are independent of the pair's normals.
struct WeightedMarginal {
  double weight = 1;
  const Marginal* marginal = nullptr;
};

//! What is precomputed per marginal: Hermite coefficients of the values and of the mid-ranks.
//! Cases average their functions: exact when the case is independent of the other attribute.
//! Laws that are continuous but rounded count as continuous, with the variance that rounding adds.
class MatchedMarginal {
 public:
  //! @param ranks_needed  for Spearman and Kendall
  explicit MatchedMarginal(std::vector<WeightedMarginal> cases, bool ranks_needed = true);

  struct Data;
  const Data& data() const { return *data_; }

 private:
  std::shared_ptr<const Data> data_;
};

struct PairRange {
  double lowest = -1, highest = 1;
};

//! The correlation of the finished attributes when their normals have correlation rho in [-1, 1].
//! Mehler's series where what it leaves out is below 1e-10, exact integrals where not and for Kendall's
//! tau-b. 0 for an attribute that never varies; NaN for Pearson with an infinite sd, and for ranks that were
//! not prepared.
double finished_correlation(const MatchedMarginal& a, const MatchedMarginal& b, CorrelationKind kind, double rho);

//! At rho = -1 and +1.
PairRange feasible_range(const MatchedMarginal& a, const MatchedMarginal& b, CorrelationKind kind);

//! The rho for which finished_correlation is `target`, to 1e-10; target within the feasible range.
double solve_latent(const MatchedMarginal& a, const MatchedMarginal& b, CorrelationKind kind, double target);

//! The correlation matrix (unit diagonal, eigenvalues >= least) that makes the sum of
//! (weights(i, j) * (nearest(i, j) - matrix(i, j)))^2 least; row-major d x d. Leaves a feasible matrix as it is.
//! @source{Higham 2002; with weights by alternating directions, Boyd et al. 2011}
std::vector<double> nearest_correlation(const std::vector<double>& matrix, const std::vector<double>& weights,
                                        std::size_t d, double least = 1e-8);

//! Smallest eigenvalue of a symmetric matrix.
double smallest_eigenvalue(const std::vector<double>& matrix, std::size_t d);

//! Lower Cholesky factor, row-major; false where it is not positive definite.
bool cholesky(const std::vector<double>& matrix, std::size_t d, std::vector<double>& lower);

}  // namespace persona
