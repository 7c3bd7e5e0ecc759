//! Wilson's interval, for any mean of scores in [0, 1].
#pragma once

#include <persona/prompt/interval.hpp>

namespace persona::prompt {

//! Of a mean with the variance of `count` draws of 0 or 1; `count` need not be whole.
Interval wilson_interval(double mean, double count, double confidence);

//! z with P(|Z| <= z) = confidence.
double two_sided_normal(double confidence);

}  // namespace persona::prompt
