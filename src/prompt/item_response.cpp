//! Belief propagation in the model of abilities and difficulties.
#include "prompt/item_response.hpp"

#include "population/portable_math.hpp"
#include "prompt/item_response_curve.hpp"

#include <algorithm>
#include <cmath>

namespace persona::prompt {
namespace {

constexpr float least_belief = 1e-30F;  // a belief that reached 0 could never come back

// Makes them sum to 1. Four sums at a time: one would wait for itself.
template <std::size_t n>
void normalise(std::array<float, n>& belief) {
  static_assert(n % 4 == 0);
  std::array<float, 4> sums{};
  for (std::size_t k = 0; k < n; k += 4)
    for (std::size_t lane = 0; lane < 4; ++lane) sums[lane] += belief[k + lane];
  const float scale = 1 / ((sums[0] + sums[1]) + (sums[2] + sums[3]));
  for (float& x : belief) x *= scale;
}

// Beliefs without one message.
template <std::size_t n>
std::array<float, n> cavity_of(const std::array<float, n>& belief, const std::array<float, n>& message) {
  std::array<float, n> cavity;
  for (std::size_t k = 0; k < n; ++k) cavity[k] = belief[k] / message[k];
  normalise(cavity);
  return cavity;
}

template <std::size_t n>
void multiply(std::array<float, n>& belief, const std::array<float, n>& message) {
  for (std::size_t k = 0; k < n; ++k) belief[k] *= message[k];
  normalise(belief);
}

template <std::size_t n>
void keep_alive(std::array<float, n>& belief) {
  for (float& x : belief) x = std::max(x, least_belief);
}

template <std::size_t n>
void replace_prior(std::vector<std::array<float, n>>& beliefs, std::array<float, n>& prior,
                   const std::array<float, n>& better) {
  std::array<float, n> change;
  for (std::size_t k = 0; k < n; ++k) change[k] = better[k] / prior[k];
  for (std::array<float, n>& belief : beliefs) {
    multiply(belief, change);
    keep_alive(belief);
  }
  prior = better;
}

}  // namespace

ItemResponse::ItemResponse(const ScoreTable& table, Prior prior)
    : prior_(prior),
      weights_(table.weights()),
      ability_priors_(table.candidates(), response_curve().ability_priors[static_cast<std::size_t>(prior)][5].shares),
      difficulty_prior_(response_curve().difficulty_base) {
  abilities_ = ability_priors_;
  difficulties_.assign(table.examples(), difficulty_prior_);
  met_.assign(table.examples(), false);
  chances_.resize(table.examples());
  posteriors_.resize(table.candidates());
  for (std::size_t i = 0; i < table.candidates(); ++i)
    for (std::size_t j = 0; j < table.examples(); ++j)
      if (table.has(i, j)) add({i, j}, table.at(i, j));
  summarise();
}

void ItemResponse::add(const Cell& cell, double score) {
  Message message{cell, static_cast<float>(score), {}, {}};
  message.to_ability.fill(1);
  message.to_difficulty.fill(1);
  messages_.push_back(message);
  met_[cell.example] = true;
}

// All of one side before any of the other: message by message, the two sides overshoot in turns. Beliefs
// are multiplied up anew each time, so that what fell below the least belief is not kept.
void ItemResponse::fit(int sweeps) {
  for (int sweep = 0; sweep < sweeps; ++sweep) {
    tell_examples();
    learn_difficulty_prior();
    tell_candidates();
    learn_ability_priors();
  }
  summarise();
}

void ItemResponse::tell_examples() {
  std::fill(difficulties_.begin(), difficulties_.end(), difficulty_prior_);
  for (Message& message : messages_) {
    const auto& likelihood = response_curve().likelihood(message.score).by_ability;
    const Ability ability = cavity_of(abilities_[message.cell.candidate], message.to_ability);
    message.to_difficulty.fill(0);
    for (std::size_t g = 0; g < ability_count; ++g)
      for (std::size_t h = 0; h < difficulty_count; ++h) message.to_difficulty[h] += likelihood[g][h] * ability[g];
    multiply(difficulties_[message.cell.example], message.to_difficulty);
  }
  for (Difficulty& belief : difficulties_) keep_alive(belief);
}

void ItemResponse::tell_candidates() {
  abilities_ = ability_priors_;
  for (Message& message : messages_) {
    const auto& likelihood = response_curve().likelihood(message.score).by_difficulty;
    const Difficulty difficulty = cavity_of(difficulties_[message.cell.example], message.to_difficulty);
    message.to_ability.fill(0);
    for (std::size_t h = 0; h < difficulty_count; ++h)
      for (std::size_t g = 0; g < ability_count; ++g) message.to_ability[g] += likelihood[h][g] * difficulty[h];
    multiply(abilities_[message.cell.candidate], message.to_ability);
  }
  for (Ability& belief : abilities_) keep_alive(belief);
}

// The spread of abilities: a candidate's prior is an average of a family's members by the likelihood of
// what the others scored. With its own it would vouch for itself.
void ItemResponse::learn_ability_priors() {
  const auto& family = response_curve().ability_priors[static_cast<std::size_t>(prior_)];
  using Fit = std::array<double, ResponseCurve::spread_count>;  // log-likelihoods
  std::vector<Fit> fits(abilities_.size());
  Fit all{};
  for (std::size_t i = 0; i < abilities_.size(); ++i) {
    abilities_[i] = cavity_of(abilities_[i], ability_priors_[i]);  // the evidence
    for (std::size_t k = 0; k < family.size(); ++k) {
      double sum = 0;
      for (std::size_t g = 0; g < ability_count; ++g) sum += abilities_[i][g] * family[k].shares[g];
      fits[i][k] = std::log(std::max(sum, 1e-300));
      all[k] += fits[i][k];
    }
  }
  for (std::size_t i = 0; i < abilities_.size(); ++i) {
    double most = all[1] - fits[i][1];
    for (std::size_t k = 0; k < family.size(); ++k)
      if (family[k].chance > 0) most = std::max(most, all[k] - fits[i][k]);
    ability_priors_[i].fill(0);
    for (std::size_t k = 0; k < family.size(); ++k) {
      if (family[k].chance <= 0) continue;
      const auto share = static_cast<float>(family[k].chance * portable_exp(all[k] - fits[i][k] - most));
      for (std::size_t g = 0; g < ability_count; ++g) ability_priors_[i][g] += share * family[k].shares[g];
    }
    normalise(ability_priors_[i]);
    multiply(abilities_[i], ability_priors_[i]);
    keep_alive(abilities_[i]);
  }
}

// Any shape: the average of what is believed of examples met, with three examples' worth of a wide normal.
void ItemResponse::learn_difficulty_prior() {
  constexpr double base_examples = 3;
  const Difficulty& base = response_curve().difficulty_base;
  std::array<double, difficulty_count> sums;
  for (std::size_t h = 0; h < difficulty_count; ++h) sums[h] = base_examples * base[h];
  double all = base_examples;
  for (std::size_t j = 0; j < difficulties_.size(); ++j) {
    if (!met_[j]) continue;
    for (std::size_t h = 0; h < difficulty_count; ++h) sums[h] += difficulties_[j][h];
    ++all;
  }
  Difficulty better;
  for (std::size_t h = 0; h < difficulty_count; ++h) better[h] = static_cast<float>(sums[h] / all);
  replace_prior(difficulties_, difficulty_prior_, better);
}

void ItemResponse::summarise() {
  const ResponseCurve& curve = response_curve();
  std::array<double, ability_count> unseen{};
  for (std::size_t j = 0; j < chances_.size(); ++j) {
    chances_[j].fill(0);
    for (std::size_t h = 0; h < difficulty_count; ++h)
      for (std::size_t g = 0; g < ability_count; ++g)
        chances_[j][g] += curve.success().by_difficulty[h][g] * difficulties_[j][h];
    for (std::size_t g = 0; g < ability_count; ++g) unseen[g] += weights_[j] * chances_[j][g];
  }
  std::vector<std::array<double, ability_count>> scores(abilities_.size(), unseen);
  for (const auto& [cell, score, a, d] : messages_)
    for (std::size_t g = 0; g < ability_count; ++g)
      scores[cell.candidate][g] += weights_[cell.example] * (score - chances_[cell.example][g]);
  for (std::size_t i = 0; i < abilities_.size(); ++i) {
    double mean = 0, square = 0, ability = 0, ability_square = 0;
    for (std::size_t g = 0; g < ability_count; ++g) {
      const double belief = abilities_[i][g], score = scores[i][g], a = curve.abilities[g];
      mean += belief * score, square += belief * score * score;
      ability += belief * a, ability_square += belief * a * a;
    }
    posteriors_[i] = {mean, std::max(0.0, square - mean * mean), ability, ability_square - ability * ability};
  }
}

// Two errors: of the ability, and of the examples that were met being these and not others.
Strength ItemResponse::elsewhere(std::size_t candidate) const {
  const Ability& belief = abilities_[candidate];
  std::array<double, ability_count> scores{};
  double chances = 0, squares = 0, met = 0, met_squares = 0;
  for (std::size_t j = 0; j < chances_.size(); ++j) {
    for (std::size_t g = 0; g < ability_count; ++g) scores[g] += weights_[j] * chances_[j][g];
    if (!met_[j]) continue;
    met += weights_[j], met_squares += weights_[j] * weights_[j];
    for (std::size_t h = 0; h < difficulty_count; ++h) {
      double chance = 0;
      for (std::size_t g = 0; g < ability_count; ++g)
        chance += response_curve().success().by_difficulty[h][g] * belief[g];
      chances += weights_[j] * difficulties_[j][h] * chance;
      squares += weights_[j] * difficulties_[j][h] * chance * chance;
    }
  }
  double mean = 0, square = 0;
  for (std::size_t g = 0; g < ability_count; ++g) {
    mean += belief[g] * scores[g];
    square += belief[g] * scores[g] * scores[g];
  }
  const double count = met > 0 ? met * met / met_squares : 0;
  if (count <= 3) return {mean, 0.5};
  const double of_examples =
      std::max(0.0, squares / met - chances * chances / (met * met)) / (count - 3);  // as t spreads
  return {mean, std::sqrt(std::max(0.0, square - mean * mean) + of_examples)};
}

std::vector<ItemResponse::Outlook> ItemResponse::outlooks(std::size_t candidate) const {
  const auto& grid = response_curve().abilities;
  const double ability = posteriors_[candidate].ability;
  const auto above = static_cast<std::size_t>(std::upper_bound(grid.begin(), grid.end(), ability) - grid.begin());
  const std::size_t right = std::clamp<std::size_t>(above, 1, ability_count - 1), left = right - 1;
  const std::size_t low = left == 0 ? 0 : left - 1, high = std::min(right + 1, ability_count - 1);
  const double share = std::clamp((ability - grid[left]) / (grid[right] - grid[left]), 0.0, 1.0);
  const double width = grid[high] - grid[low];
  std::vector<Outlook> outlooks;
  outlooks.reserve(chances_.size());
  for (const Ability& chances : chances_) {
    const double chance = (1 - share) * chances[left] + share * chances[right];
    const double slope = (chances[high] - chances[low]) / width;
    outlooks.push_back({chance, slope * slope / std::max(1e-4, chance * (1 - chance))});
  }
  return outlooks;
}

}  // namespace persona::prompt
