//! Completes, or moves, a correlation matrix until it is positive definite.
#include "latent_matrix.hpp"

#include "correlation_match.hpp"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>

namespace persona {
namespace {

constexpr double least_eigenvalue = 1e-6;
constexpr double unasked_weight = 1e-4;  // beside asked weights of 1: moved first

}  // namespace

LatentMatrix::LatentMatrix(std::size_t d) : d_(d), values_(d * d, 0.0), weights_(d * d, 0.0) {
  for (std::size_t i = 0; i < d; ++i) values_[i * d + i] = 1;
}

void LatentMatrix::ask(std::size_t i, std::size_t j, double value, double weight) {
  values_[i * d_ + j] = values_[j * d_ + i] = value;
  weights_[i * d_ + j] = weights_[j * d_ + i] = std::max(weight, 10 * unasked_weight);
}

// Projects in turn onto the positive definite matrices and onto those with the asked entries; if the two
// sets meet, the asked entries are had exactly.
bool LatentMatrix::complete() {
  const auto d = static_cast<Eigen::Index>(d_);
  Eigen::MatrixXd y = Eigen::Map<const Eigen::MatrixXd>(values_.data(), d, d);
  const Eigen::MatrixXd asked = y;
  for (int round = 0; round < 300; ++round) {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(y);
    if (solver.eigenvalues()(0) >= least_eigenvalue) {
      Eigen::Map<Eigen::MatrixXd>(values_.data(), d, d) = y;
      return true;
    }
    // Aim a little inside, so that the border is crossed in finitely many steps.
    y = solver.eigenvectors() * solver.eigenvalues().cwiseMax(10 * least_eigenvalue).asDiagonal() *
        solver.eigenvectors().transpose();
    for (Eigen::Index i = 0; i < d; ++i)
      for (Eigen::Index j = 0; j < d; ++j)
        if (i == j || weights_[static_cast<std::size_t>(i * d + j)] > 0) y(i, j) = asked(i, j);
  }
  return false;
}

bool LatentMatrix::make_positive_definite() {
  if (d_ < 2 || smallest_eigenvalue(values_, d_) >= least_eigenvalue || complete()) return false;
  std::vector<double> weights = weights_;
  for (double& w : weights)
    if (w == 0) w = unasked_weight;
  values_ = nearest_correlation(values_, weights, d_, least_eigenvalue);
  return true;
}

}  // namespace persona
