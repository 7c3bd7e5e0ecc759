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
  //! At equal score, points given up for a dollar a thousand runs, and for a second.
  double per_dollar = 0, per_second = 0;
  bool operator==(const Objective&) const = default;
};

//! One number to maximise.
PERSONA_EXPORT double value_of(const Objective& objective, const Evaluation& evaluation);

//! Segments that fell by more than the tolerance, with confidence; empty: allowed.
PERSONA_EXPORT std::vector<std::string> broken_segments(const Objective& objective, const Evaluation& baseline,
                                                        const Evaluation& candidate);

}  // namespace persona::prompt
