//! Instructions and demo sets chosen together by a surrogate.
#pragma once

#include <persona/prompt/optimizer.hpp>

namespace persona::prompt {

enum class MiproSize { light, medium, heavy };

struct MiproOptions {
  MiproSize size = MiproSize::light;
  int bootstrapped_demos = 4, labeled_demos = 4;
  int minibatch = 35, full_every = 5;  //!< trials between full evaluations
  double temperature = 1;
};

//! Grounded proposals and a tree-structured Parzen estimator. Minibatches are common to the trials of
//! a round, full scores outweigh minibatch scores, and a space that is used up ends the search.
//! @source{Opsahl-Ong et al. 2024, MIPRO; Bergstra et al. 2011, TPE}
PERSONA_EXPORT OptimizerPtr mipro(MiproOptions options = {});

}  // namespace persona::prompt
