//! How sure a score is.
#pragma once

#include <persona/core/config.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace persona::prompt {

//! An estimate with its confidence interval.
struct Interval {
  double value = 0, lower = 0, upper = 0;
  double confidence = 0.95;
  bool operator==(const Interval&) const = default;
};

//! Mean of scores in [0, 1], which may have weights. Wilson's score interval where all scores are 0
//! or 1 and the weights equal; else bootstrap-t with a fixed seed. Fewer than eight scores, or scores
//! that are all the same, say nothing of their spread: they get Wilson's interval at their mean, which
//! no scores in [0, 1] can exceed in variance. No scores: 0 with the interval [0, 1].
//! @source{Wilson 1927; Efron and Tibshirani 1993}
PERSONA_EXPORT Interval mean_interval(std::span<const double> scores, std::span<const double> weights = {},
                                      double confidence = 0.95);

//! Difference of two programs on the same examples.
struct Comparison {
  Interval difference = {};                    //!< second - first
  double p_value = 1;                          //!< two-sided; signs of the differences flipped at random
  std::size_t wins = 0, losses = 0, ties = 0;  //!< of the second
};

//! Exact where all differences that are not 0 have one size (McNemar's test), or are at most 16; else
//! from 9,999 random flips with a fixed seed. The interval is bootstrap-t; where scores are all 0 or 1,
//! or too few differ, Wald's with half a win and half a loss added.
//! @source{Agresti and Min 2005; Good 2005, Permutation, Parametric and Bootstrap Tests}
PERSONA_EXPORT Comparison compare(std::span<const double> first, std::span<const double> second,
                                  std::span<const double> weights = {}, double confidence = 0.95);

//! A test one may look at after every example: is the second better than the first by more than
//! `margin`? A bettor who believes so stakes shares of his wealth on every difference; if it is not
//! so, he reaches 1 / alpha with probability at most alpha, however the end is chosen. The stakes are
//! a mixture of fixed shares, so nothing has to be tuned.
//! @source{Ville 1939; Waudby-Smith and Ramdas 2024, Estimating means of bounded random variables by betting}
class Race {
 public:
  //! @param alpha   in (0, 1)
  //! @param margin  in [-1, 1)
  PERSONA_EXPORT explicit Race(double alpha = 0.05, double margin = 0);

  //! One example's scores, each in [0, 1].
  PERSONA_EXPORT void add(double first, double second);
  std::size_t count() const { return count_; }
  PERSONA_EXPORT double wealth() const;    //!< proof against "the second is not better"
  bool is_won() const { return is_won_; }  //!< the second is better, error at most alpha; stays so
  PERSONA_EXPORT double p_value() const;   //!< anytime-valid

 private:
  double alpha_, margin_, most_wealth_ = 1;
  std::array<double, 8> purses_;  //!< one a share
  std::size_t count_ = 0;
  bool is_won_ = false;
};

//! Scores of several groups drawn towards their common mean, as far as their noise demands. What the
//! spread between groups is not known by is in the intervals (Morris); one group stays as it is.
//! @param errors  standard errors of the means; 0 is taken as exact
//! @source{Morris 1983; DerSimonian and Laird 1986; Paule and Mandel 1982}
PERSONA_EXPORT std::vector<Interval> partial_pooling(std::span<const double> means, std::span<const double> errors,
                                                     double confidence = 0.95);

}  // namespace persona::prompt
