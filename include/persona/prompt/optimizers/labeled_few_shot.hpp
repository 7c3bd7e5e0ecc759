//! Examples of the data as demos.
#pragma once

#include <persona/prompt/optimizer.hpp>

namespace persona::prompt {

struct LabeledFewShotOptions {
  int k = 16;
};

//! k examples drawn with the seed, the same for every predictor. @source{DSPy LabeledFewShot}
PERSONA_EXPORT OptimizerPtr labeled_few_shot(LabeledFewShotOptions options = {});

}  // namespace persona::prompt
