//! Demos made by running the program and keeping what went well.
#pragma once

#include <persona/prompt/optimizer.hpp>

namespace persona::prompt {

struct BootstrapFewShotOptions {
  int bootstrapped_demos = 4, labeled_demos = 16;
  int rounds = 1;        //!< tries an example
  double threshold = 1;  //!< a run whose score reaches it becomes a demo; 0 takes every run
};

//! Unlike the original, each predictor draws its labeled demos from all the examples that are left,
//! and a threshold of 0 counts. @source{DSPy BootstrapFewShot}
PERSONA_EXPORT OptimizerPtr bootstrap_few_shot(BootstrapFewShotOptions options = {});

}  // namespace persona::prompt
