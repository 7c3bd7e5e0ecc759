//! One numeric distribution with everything numerics need of it: truncated, and rounded where that makes it discrete.
#pragma once

#include <persona/core/result.hpp>
#include <persona/population/attribute.hpp>

#include <memory>
#include <span>
#include <vector>

namespace persona {

//! The probability law of one attribute in one case. Immutable.
//! Labels are their scores: categories and false/true are 0, 1, 2 ...; dates are days.
//! Continuous laws rounded to at most 4096 different values are discrete, exactly; with more values
//! they stay continuous and `rounding()` is applied by whoever draws.
class Marginal {
 public:
  struct Law;  // one per family, in marginal.cpp

  //! Parameters must be numbers. @errors invalid_argument, infeasible: nothing inside the truncation
  static Result<Marginal> make(const Distribution& distribution, const std::optional<Truncation>& truncation = {},
                               double round = 0, bool integer = false);

  bool is_discrete() const { return !values_.empty(); }

  // Discrete: rising values and their probabilities (sum 1); cumulative()[i] = P(X <= values[i]), last is 1.
  std::span<const double> values() const { return values_; }
  std::span<const double> probabilities() const { return probabilities_; }
  std::span<const double> cumulative() const { return cumulative_; }

  //! P(X <= x), and P(X > x) without cancellation. Continuous laws ignore `rounding`.
  double cdf(double x) const;
  double survival(double x) const;

  //! F^-1(Phi(z)), accurate in both tails; for |z| <= 8.5.
  double quantile_z(double z) const;

  //! Normal scores where the quantile jumps or has a kink, rising; empty where it is smooth.
  std::span<const double> breaks_z() const { return breaks_; }

  //! May be infinite (heavy tails): then no Pearson correlation exists.
  double mean() const { return mean_; }
  double sd() const { return sd_; }

  double rounding() const { return rounding_; }  //!< 0 is none
  double lower() const { return lower_; }        //!< support, after truncation
  double upper() const { return upper_; }

 private:
  std::shared_ptr<const Law> law_;
  std::vector<double> values_, probabilities_, cumulative_, breaks_;
  double mean_ = 0, sd_ = 0, rounding_ = 0, lower_ = 0, upper_ = 0;
};

//! Phi and its inverse; `normal_quantile(p)` for p <= 1/2 is accurate to the last place in the tail.
double normal_cdf(double z);
double normal_quantile(double p);

}  // namespace persona
