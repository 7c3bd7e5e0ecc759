//! The nearest correlation matrix, with weights, and small helpers on symmetric matrices.
#include "correlation_match.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>

namespace persona {
namespace {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const RowMatrix> matrix_view(const std::vector<double>& values, std::size_t d) {
  return {values.data(), static_cast<Eigen::Index>(d), static_cast<Eigen::Index>(d)};
}

Eigen::MatrixXd with_least_eigenvalue(const Eigen::MatrixXd& matrix, double least) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix);
  const Eigen::VectorXd raised = solver.eigenvalues().cwiseMax(least);
  return solver.eigenvectors() * raised.asDiagonal() * solver.eigenvectors().transpose();
}

// Alternating directions (Boyd et al. 2011) on: the weighted distance with a unit diagonal, and the cone of
// matrices whose eigenvalues are at least `least`. With equal weights the two projections are Higham's.
Eigen::MatrixXd alternate(const Eigen::MatrixXd& target, const Eigen::MatrixXd& squared_weights, double least) {
  constexpr int most_rounds = 3000;
  const double tolerance = 3e-9 * static_cast<double>(target.rows());
  double penalty = 1;
  Eigen::MatrixXd x = target, cone = with_least_eigenvalue(target, least), dual = target - cone;
  for (int round = 0; round < most_rounds; ++round) {
    x = (squared_weights.array() * target.array() + penalty * (cone - dual).array()) /
        (squared_weights.array() + penalty);
    x.diagonal().setOnes();
    constexpr double relaxation = 1.6;
    const Eigen::MatrixXd relaxed = relaxation * x + (1 - relaxation) * cone;
    const Eigen::MatrixXd before = cone;
    cone = with_least_eigenvalue(relaxed + dual, least);
    dual += relaxed - cone;
    const double apart = (x - cone).norm(), moved = penalty * (cone - before).norm();
    if (apart < tolerance && moved < tolerance) break;
    if (round % 10 == 9 && (apart > 10 * moved || moved > 10 * apart)) {
      const double change = apart > moved ? 2 : 0.5;
      penalty *= change;
      dual /= change;
    }
  }
  return cone;
}

}  // namespace

std::vector<double> nearest_correlation(const std::vector<double>& matrix, const std::vector<double>& weights,
                                        std::size_t d, double least) {
  Eigen::MatrixXd target = (matrix_view(matrix, d) + matrix_view(matrix, d).transpose()) / 2;
  target.diagonal().setOnes();
  if (smallest_eigenvalue(matrix, d) < least) {
    Eigen::MatrixXd squared = matrix_view(weights, d).cwiseAbs2();
    squared.diagonal().setZero();
    const double mean = squared.sum() / static_cast<double>(std::max<std::size_t>(1, d * (d - 1)));
    squared = mean > 0 ? Eigen::MatrixXd(squared / mean) : Eigen::MatrixXd::Ones(target.rows(), target.cols());
    // a little above the floor, so that the exact unit diagonal does not push it below
    target = alternate(target, squared, least * (1 + 1e-3));
    const Eigen::VectorXd scale = target.diagonal().cwiseSqrt().cwiseInverse();
    target = (scale.asDiagonal() * target * scale.asDiagonal()).eval();
    target = ((target + target.transpose()) / 2).eval();
    target.diagonal().setOnes();
  }
  std::vector<double> nearest(d * d);
  Eigen::Map<RowMatrix>(nearest.data(), target.rows(), target.cols()) = target;
  return nearest;
}

double smallest_eigenvalue(const std::vector<double>& matrix, std::size_t d) {
  if (d == 0) return 0;
  return Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(matrix_view(matrix, d), Eigen::EigenvaluesOnly)
      .eigenvalues()(0);
}

bool cholesky(const std::vector<double>& matrix, std::size_t d, std::vector<double>& lower) {
  const Eigen::LLT<Eigen::MatrixXd> factor{Eigen::MatrixXd(matrix_view(matrix, d))};
  if (factor.info() != Eigen::Success) return false;
  lower.assign(d * d, 0);
  Eigen::Map<RowMatrix>(lower.data(), static_cast<Eigen::Index>(d), static_cast<Eigen::Index>(d)) = factor.matrixL();
  return true;
}

}  // namespace persona
