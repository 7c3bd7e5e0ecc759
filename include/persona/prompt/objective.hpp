//! What better means, for whom.
#pragma once

#include <persona/core/config.hpp>
#include <persona/prompt/evaluation.hpp>

#include <string>
#include <vector>

namespace persona::prompt {

enum class Aim {
  mean,           //!< of all examples, by weight
  worst_segment,  //!< the lowest segment's pooled score
};

struct Objective {
  Aim aim = Aim::mean;
  //! No segment may be worse than today by more than this; negative is no such rule.
  double segment_tolerance = -1;
  //! Points (hundredths of the score) given up for a dollar a thousand runs, and for a second.
  double per_dollar = 0, per_second = 0;
  bool operator==(const Objective&) const = default;
};

//! One number to maximise. Cost counts where it is known; the second is the median run's.
PERSONA_EXPORT double value_of(const Objective& objective, const Evaluation& evaluation);

//! Segments that fell by more than the tolerance, each at a one-sided 5 %; empty: allowed. The two
//! evaluations' own intervals are compared as if independent, which is cautious about crying wolf.
PERSONA_EXPORT std::vector<std::string> broken_segments(const Objective& objective, const Evaluation& baseline,
                                                        const Evaluation& candidate);

}  // namespace persona::prompt
