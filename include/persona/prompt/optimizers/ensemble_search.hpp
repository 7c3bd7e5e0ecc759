//! The best of several programs, voting.
#pragma once

#include <persona/prompt/optimizer.hpp>

namespace persona::prompt {

struct EnsembleOptions {
  int members = 3;
  OptimizerPtr candidates = {};  //!< who makes the programs; none: random search
};

//! The members are those whose answers are right together most often, added one by one.
//! @source{Caruana et al. 2004}
PERSONA_EXPORT OptimizerPtr ensemble_search(EnsembleOptions options = {});

}  // namespace persona::prompt
