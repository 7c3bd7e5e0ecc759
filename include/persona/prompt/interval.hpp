//! How sure a score is.
#pragma once

#include <persona/core/config.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace persona::prompt {

//! An estimate with its confidence interval.
struct Interval {
  double value = 0, lower = 0, upper = 0;
  double confidence = 0.95;
  bool operator==(const Interval&) const = default;
};

//! Mean of scores in [0, 1], which may have weights: Wilson's score interval where all scores are 0
//! or 1 and the weights equal, else bootstrap-t with `seed`, never outside [0, 1].
//! @source{Wilson 1927; Efron and Tibshirani 1993}
PERSONA_EXPORT Interval mean_interval(std::span<const double> scores, std::span<const double> weights = {},
                                      double confidence = 0.95);

//! Difference of two programs on the same examples.
struct Comparison {
  Interval difference = {};                    //!< second - first
  double p_value = 1;                          //!< two-sided, paired permutation; exact where there are few
  std::size_t wins = 0, losses = 0, ties = 0;  //!< of the second
};
PERSONA_EXPORT Comparison compare(std::span<const double> first, std::span<const double> second,
                                  std::span<const double> weights = {}, double confidence = 0.95);

//! A test one may look at after every example: is the second better than the first by more than
//! `margin`? Valid whenever one stops, for any data of mean differences in [-1, 1].
//! @source{Waudby-Smith and Ramdas 2024, betting; Ville 1939}
class Race {
 public:
  PERSONA_EXPORT explicit Race(double alpha = 0.05, double margin = 0);

  //! One example's scores, each in [0, 1].
  PERSONA_EXPORT void add(double first, double second);
  std::size_t count() const { return count_; }
  double wealth() const { return wealth_; }  //!< proof against "the second is not better"
  bool is_won() const { return is_won_; }    //!< the second is better, error at most alpha; stays so
  PERSONA_EXPORT double p_value() const;     //!< anytime-valid

 private:
  double alpha_, margin_, wealth_ = 1, most_wealth_ = 1, sum_ = 0, squares_ = 0;
  std::size_t count_ = 0;
  bool is_won_ = false;
};

//! Scores of several groups drawn towards their common mean, as far as their noise demands.
//! @source{Efron and Morris 1973; DerSimonian and Laird 1986}
PERSONA_EXPORT std::vector<Interval> partial_pooling(std::span<const double> means, std::span<const double> errors,
                                                     double confidence = 0.95);

}  // namespace persona::prompt
