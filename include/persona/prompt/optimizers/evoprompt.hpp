//! Instructions that are crossed and mutated.
#pragma once

#include <persona/prompt/optimizer.hpp>

namespace persona::prompt {

enum class Evolution { genetic, differential };

struct EvoPromptOptions {
  Evolution evolution = Evolution::genetic;
  int population = 10, generations = 10;
};

//! @source{Guo et al. 2023, EvoPrompt}
PERSONA_EXPORT OptimizerPtr evoprompt(EvoPromptOptions options = {});

}  // namespace persona::prompt
