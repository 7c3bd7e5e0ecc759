//! The insides of MatchedMarginal.
#pragma once

#include "correlation_match.hpp"
#include "kendall.hpp"
#include "score_function.hpp"

#include <optional>

namespace persona {

struct MatchedMarginal::Data {
  double mean = 0, sd = 0;
  std::optional<ScoreFunction> values;  // none where sd is infinite
  std::optional<ScoreFunction> ranks;   // these where ranks are needed
  std::optional<KendallBins> bins;
};

}  // namespace persona
