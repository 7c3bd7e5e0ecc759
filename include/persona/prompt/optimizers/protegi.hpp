//! Instructions mended by criticism, in a beam.
#pragma once

#include <persona/prompt/optimizer.hpp>

namespace persona::prompt {

struct ProtegiOptions {
  int beam = 4, rounds = 6, minibatch = 64;
  int criticisms = 4, errors = 4, paraphrases = 2, expansions = 8;
};

//! Selection among expansions is by successive halving. @source{Pryzant et al. 2023, ProTeGi}
PERSONA_EXPORT OptimizerPtr protegi(ProtegiOptions options = {});

}  // namespace persona::prompt
