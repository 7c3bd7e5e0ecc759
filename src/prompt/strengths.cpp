//! What is known of candidates' scores.
#include <persona/prompt/selection.hpp>

#include "prompt/item_response.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace persona::prompt {

ScoreTable::ScoreTable(std::size_t candidates, std::size_t examples, std::vector<double> weights)
    : candidates_(candidates),
      examples_(examples),
      weights_(std::move(weights)),
      scores_(candidates * examples, std::numeric_limits<double>::quiet_NaN()) {
  weights_.resize(examples, 1.0);
  const double sum = std::accumulate(weights_.begin(), weights_.end(), 0.0);
  for (double& weight : weights_) weight /= sum;
}

void ScoreTable::set(std::size_t candidate, std::size_t example, double score) {
  scores_[candidate * examples_ + example] = std::isnan(score) ? 0 : std::clamp(score, 0.0, 1.0);
}

bool ScoreTable::has(std::size_t candidate, std::size_t example) const {
  return !std::isnan(at(candidate, example));
}

double ScoreTable::at(std::size_t candidate, std::size_t example) const {
  return scores_[candidate * examples_ + example];
}

std::size_t ScoreTable::add_candidate() {
  scores_.resize(scores_.size() + examples_, std::numeric_limits<double>::quiet_NaN());
  return candidates_++;
}

std::vector<Strength> strengths_of(const ScoreTable& table, const ItemResponse& model) {
  std::vector<Strength> strengths;
  for (std::size_t i = 0; i < table.candidates(); ++i) {
    double unseen = 0;
    const auto outlooks = model.outlooks(i);
    for (std::size_t j = 0; j < table.examples(); ++j) {
      const double chance = table.has(i, j) ? 0 : outlooks[j].chance;
      unseen += table.weights()[j] * table.weights()[j] * chance * (1 - chance);
    }
    strengths.push_back({model.posterior(i).mean, std::sqrt(model.posterior(i).variance + unseen)});
  }
  return strengths;
}

std::vector<Strength> strengths(const ScoreTable& table) {
  ItemResponse model(table);
  model.fit(ItemResponse::cold_sweeps);
  return strengths_of(table, model);
}

}  // namespace persona::prompt
