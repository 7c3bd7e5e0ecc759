//! One numeric distribution with everything numerics need of it: truncated, and rounded where that makes it discrete.
#pragma once

#include <persona/core/result.hpp>
#include <persona/population/attribute.hpp>

#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace persona {

class QuantileCurve;
struct DiscreteTable;

//! One point of a rule for expectations: E g(Z) = sum of weight * g(z); x is the quantile there.
struct QuadratureNode {
  double z, weight, x;
};

//! The probability law of one attribute in one case. Immutable.
//! Labels are their scores: categories and false/true are 0, 1, 2 ...; dates are days.
//! Continuous laws rounded to at most 4096 different values are discrete, exactly; with more values
//! they stay continuous and `rounding()` is applied by whoever draws.
//! A truncation is a condition on the rounded value: whole years in [18, 95] are 18 ... 95, each with
//! all of its own year.
class Marginal {
 public:
  struct Law;  // one per family, see law.hpp

  //! Parameters must be numbers. @errors invalid_argument, infeasible: nothing inside the truncation
  static Result<Marginal> make(const Distribution& distribution, const std::optional<Truncation>& truncation = {},
                               double round = 0, bool integer = false);

  bool is_discrete() const { return !values_.empty(); }

  // Discrete: rising values and their probabilities (sum 1); cumulative()[i] = P(X <= values[i]), last is 1.
  // Categories keep a place here even with probability 0.
  std::span<const double> values() const { return values_; }
  std::span<const double> probabilities() const { return probabilities_; }
  std::span<const double> cumulative() const { return cumulative_; }

  //! P(X <= x), and P(X > x) without cancellation. Continuous laws ignore `rounding`.
  double cdf(double x) const;
  double survival(double x) const;
  double density(double x) const;  //!< of a continuous law, atoms left out

  //! F^-1(Phi(z)), accurate in both tails; for |z| <= 8.5.
  double quantile_z(double z) const;

  //! Normal scores where the quantile jumps or has a kink, rising; empty where it is smooth.
  //! Discrete: one between each two neighbouring values, infinite beside values of probability 0.
  std::span<const double> breaks_z() const { return breaks_; }

  //! Continuous laws: values with a probability of their own (the zero of a zero-inflated law).
  std::span<const double> atoms() const;

  //! May be infinite (heavy tails): then no Pearson correlation exists.
  double mean() const { return mean_; }
  double sd() const { return sd_; }

  double rounding() const { return rounding_; }  //!< 0 is none
  double lower() const { return lower_; }        //!< support, after truncation and rounding
  double upper() const { return upper_; }

  // Continuous: the quantile as polynomials, nearly exact; and a quadrature rule that follows the tails
  // as far as they matter for second moments.
  const QuantileCurve& curve() const { return *curve_; }
  std::vector<QuadratureNode> quadrature() const;

 private:
  Status make_continuous(std::shared_ptr<const Law> law, double step, const Truncation& range);
  Status make_rounded(DiscreteTable table, double step, const Truncation& range);
  void make_discrete(DiscreteTable table);
  void measure_moments();

  std::shared_ptr<const Law> law_;
  std::shared_ptr<const QuantileCurve> curve_;
  std::vector<double> values_, probabilities_, cumulative_, survival_, breaks_;
  double mean_ = 0, sd_ = 0, rounding_ = 0, lower_ = 0, upper_ = 0;
};

//! Rounds to multiples of a step so that decimal steps give exact decimals: 0.3, never 0.30000000000000004.
//! Half rounds up. The expression is the one vector code uses.
struct Rounder {
  double per_unit, numerator, denominator;  // step = numerator / denominator

  explicit Rounder(double step);
  double operator()(double x) const { return std::floor(x * per_unit + 0.5) * numerator / denominator; }
};

inline double round_to(double x, double step) {
  return Rounder(step)(x);
}

//! Phi and its inverse; `normal_quantile(p)` for p <= 1/2 is accurate to the last place in the tail.
double normal_cdf(double z);
double normal_quantile(double p);

//! The density of Phi.
double normal_density(double z);

}  // namespace persona
