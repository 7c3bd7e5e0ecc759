//! Instructions by coordinate ascent.
#pragma once

#include <persona/prompt/optimizer.hpp>

namespace persona::prompt {

struct CoproOptions {
  int breadth = 10, depth = 3;
  double temperature = 1.4;
};

//! @source{DSPy COPRO}
PERSONA_EXPORT OptimizerPtr copro(CoproOptions options = {});

}  // namespace persona::prompt
