//! Rules induced from examples, added to the instructions.
#pragma once

#include <persona/prompt/optimizer.hpp>

namespace persona::prompt {

struct RuleInductionOptions {
  int candidates = 10, rules = 10;
};

//! Unlike the original, the program without rules is a candidate too. @source{DSPy InferRules}
PERSONA_EXPORT OptimizerPtr rule_induction(RuleInductionOptions options = {});

}  // namespace persona::prompt
