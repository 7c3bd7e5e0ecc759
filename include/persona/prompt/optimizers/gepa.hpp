//! Reflection on failures, and a Pareto front of who is best where.
#pragma once

#include <persona/prompt/optimizer.hpp>

namespace persona::prompt {

struct GepaOptions {
  int minibatch = 3;
  int most_merges = 5;    //!< 0 switches merging off
  int proposals = 50;     //!< at most; the budget ends it before
  bool race_gate = true;  //!< a child is let in by a paired race, not by strict improvement on the minibatch
};

//! @source{Agrawal et al. 2025, GEPA}
PERSONA_EXPORT OptimizerPtr gepa(GepaOptions options = {});

}  // namespace persona::prompt
