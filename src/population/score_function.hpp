//! An attribute as a function of its normal score, prepared for expectations of products.
#pragma once

#include "marginal.hpp"

#include <functional>
#include <span>
#include <vector>

namespace persona {

//! f(z) = base + staircase + smooth, with E f(Z) = 0: values or mid-ranks, less their mean.
//! Where an attribute has cases, f is their weighted average at the same z; `sd` is of the attribute itself.
class ScoreFunction {
 public:
  static constexpr int terms = 256;

  struct Step {
    double at, jump;
  };

  //! A smooth part: a function with its panels and a quadrature rule that knows its tails.
  struct Smooth {
    std::function<double(double)> value;
    std::vector<double> edges;  // -8.5 ... 8.5, rising; smooth between
  };

  //! @param nodes  of the smooth part: weights and values of x; empty where it is to be integrated on its panels
  ScoreFunction(double sd, std::vector<Step> steps, std::vector<Smooth> smooth_parts,
                const std::vector<std::vector<QuadratureNode>>& nodes = {});

  double sd() const { return sd_; }
  double base() const { return base_; }
  std::span<const Step> steps() const { return steps_; }
  double risen(std::size_t steps_passed) const { return steps_passed == 0 ? 0 : risen_[steps_passed - 1]; }
  bool has_smooth() const { return !edges_.empty(); }
  double smooth(double z) const;
  std::span<const double> edges() const { return edges_; }

  //! Hermite coefficients 1 ... terms (index 0 is 0), for normalised polynomials.
  std::span<const double> hermite() const { return hermite_; }
  //! Variance of f that the coefficients do not hold.
  double rest() const { return rest_; }

  //! Integral of f, and of its smooth part, over Z > z.
  double integral_above(double z) const;
  double smooth_integral_above(double z) const;

  //! E f(Z) g(sign * Z).
  static double product_at_one(const ScoreFunction& f, const ScoreFunction& g, int sign);

 private:
  void prepare_steps();
  void prepare_smooth(const std::vector<std::vector<QuadratureNode>>& nodes);
  void add_step_coefficients();
  static double smooth_product(const ScoreFunction& f, const ScoreFunction& g, int sign);

  double sd_, base_ = 0, smooth_mean_ = 0, rest_ = 0;
  std::vector<Step> steps_;
  std::vector<double> risen_, steps_above_;  // sums of jumps so far; of jump * P(Z > at) from here on
  std::vector<Smooth> parts_;
  std::vector<double> edges_, node_values_, smooth_above_;
  bool standard_ = false;  // the usual 34 panels: nodes are common to all such functions
  std::vector<double> hermite_;
};

//! Adds weight * E x h_k(Z) over a rule's nodes to coefficients[k], k = 1, 2 ...
void add_hermite_coefficients(std::span<const QuadratureNode> nodes, std::span<double> coefficients);

//! Adds the coefficients of a staircase.
void add_hermite_coefficients(std::span<const ScoreFunction::Step> steps, std::span<double> coefficients);

//! E f(Z1) g(Z2) for normals with correlation rho in [-1, 1]: by Mehler's series where that is good to
//! 1e-10 of the standard deviations, else by integration over what Z1 and Z2 have in common.
double expected_product(const ScoreFunction& f, const ScoreFunction& g, double rho);

//! The two ways, for tests.
double mehler_product(const ScoreFunction& f, const ScoreFunction& g, double rho);
double common_factor_product(const ScoreFunction& f, const ScoreFunction& g, double rho);

//! Grid for integrals over the common factor W of Z1 = sqrt(rho) W + sqrt(1 - rho) U1 and Z2 likewise.
struct CommonFactor {
  double root, spread;                // sqrt(rho), sqrt(1 - rho)
  std::vector<double> score, weight;  // symmetric about 0

  explicit CommonFactor(double absolute_rho);
};

}  // namespace persona
