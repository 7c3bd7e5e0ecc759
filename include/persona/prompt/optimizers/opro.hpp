//! Instructions from a scored history of instructions.
#pragma once

#include <persona/prompt/optimizer.hpp>

namespace persona::prompt {

struct OproOptions {
  int steps = 20, proposals = 8, history = 20, exemplars = 3;
  double temperature = 1;
};

//! @source{Yang et al. 2023, OPRO}
PERSONA_EXPORT OptimizerPtr opro(OproOptions options = {});

}  // namespace persona::prompt
