//! Many sets of bootstrapped demos, and the best of them.
#pragma once

#include <persona/prompt/optimizer.hpp>

namespace persona::prompt {

struct RandomSearchOptions {
  int candidates = 16;
  int bootstrapped_demos = 4, labeled_demos = 16;
  double threshold = 1;
};

//! The bare program, labeled demos, unshuffled bootstrap, then shuffled ones of random size; each on
//! the whole validation set. @source{DSPy BootstrapFewShotWithRandomSearch}
PERSONA_EXPORT OptimizerPtr random_search(RandomSearchOptions options = {});

}  // namespace persona::prompt
