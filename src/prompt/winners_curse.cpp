//! A winner's score as it is likely to be seen again.
#include <persona/prompt/selection.hpp>

#include "prompt/item_response.hpp"
#include "prompt/wilson.hpp"

#include <algorithm>

namespace persona::prompt {

Interval without_winners_curse(const ScoreTable& table, std::size_t winner, double confidence) {
  ItemResponse model(table);
  model.fit(ItemResponse::cold_sweeps);
  const Strength score = model.elsewhere(winner);
  const double mean = std::clamp(score.mean, 1e-6, 1 - 1e-6);
  const double count = mean * (1 - mean) / std::max(score.error * score.error, 1e-12);
  return wilson_interval(mean, std::max(count, 1.0), confidence);
}

}  // namespace persona::prompt
