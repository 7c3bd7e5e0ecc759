//! Demos and rules from examples whose runs disagree.
#pragma once

#include <persona/prompt/optimizer.hpp>

namespace persona::prompt {

struct SimbaOptions {
  int batch = 32, candidates = 6, steps = 8, most_demos = 4;
  double temperature = 0.2;
};

//! Unlike the original, the baseline has a score, candidates are compared on common examples, and an
//! unchanged copy is not evaluated. @source{DSPy SIMBA}
PERSONA_EXPORT OptimizerPtr simba(SimbaOptions options = {});

}  // namespace persona::prompt
