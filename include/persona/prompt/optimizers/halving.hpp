//! The default: many candidates, few evaluations, honest numbers.
#pragma once

#include <persona/prompt/optimizer.hpp>

namespace persona::prompt {

struct HalvingOptions {
  int instructions = 8;  //!< proposed, by reflection on failures; 0: demos alone
  int demo_sets = 16;    //!< of a round
  int rounds = 2;        //!< later rounds propose from the best of the round before
  int bootstrapped_demos = 4, labeled_demos = 16;
};

//! Demos show each expected answer as often as the data do, or all answers as evenly as can be: half of the sets each
//! at first, then most as in the best. Candidates of every kind are compared by successive halving on common examples,
//! with a model of how hard each example is. @source{`selection.hpp`}
PERSONA_EXPORT OptimizerPtr halving(HalvingOptions options = {});

}  // namespace persona::prompt
