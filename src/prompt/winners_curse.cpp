//! A winner's score as it is likely to be seen again.
#include <persona/prompt/selection.hpp>

#include "prompt/item_response.hpp"
#include "prompt/wilson.hpp"

#include <algorithm>

namespace persona::prompt {
namespace {

// What the prior is not known by, where few rivals taught it. @source{Morris 1983}
double variance_of_pull(const ScoreTable& table, std::size_t winner, double corrected) {
  double sum = 0, weight = 0, rivals = 0;
  for (std::size_t j = 0; j < table.examples(); ++j)
    if (table.has(winner, j)) sum += table.weights()[j] * table.at(winner, j), weight += table.weights()[j];
  for (std::size_t i = 0; i < table.candidates(); ++i) {
    bool is_seen = false;
    for (std::size_t j = 0; j < table.examples() && !is_seen; ++j) is_seen = table.has(i, j);
    rivals += is_seen ? 1 : 0;
  }
  const double pull = weight > 0 ? sum / weight - corrected : 0;
  return 2 / std::max(rivals - 3, 1.0) * pull * pull;
}

}  // namespace

Interval without_winners_curse(const ScoreTable& table, std::size_t winner, double confidence) {
  ItemResponse model(table, ItemResponse::Prior::sober);
  model.fit(ItemResponse::cold_sweeps);
  const Strength score = model.elsewhere(winner);
  const double mean = std::clamp(score.mean, 1e-6, 1 - 1e-6);
  const double variance = score.error * score.error + variance_of_pull(table, winner, mean);
  const double count = mean * (1 - mean) / std::max(variance, 1e-12);
  return wilson_interval(mean, std::max(count, 1.0), confidence);
}

}  // namespace persona::prompt
