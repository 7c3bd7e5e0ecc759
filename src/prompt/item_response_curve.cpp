//! The chance of success by ability and difficulty, tabulated.
#include "prompt/item_response_curve.hpp"

#include "population/portable_math.hpp"

#include <algorithm>
#include <cmath>

namespace persona::prompt {
namespace {

constexpr std::size_t score_steps = 32;

// Now and then a weak candidate is right by luck, or where the label is wrong; less often a strong one
// slips. Without these floors one such cell decides a candidate's ability.
constexpr double luck = 0.03, slip = 0.005;

constexpr std::array<double, 12> positive_abilities = {0.15, 0.45, 0.75, 1.05, 1.35, 1.65, 1.95, 2.3, 2.8, 3.5, 4.5, 6};
constexpr std::array<double, ItemResponse::difficulty_count> difficulty_grid = {
    -9, -7, -5.5, -4.2, -3.2, -2.4, -1.6, -0.8, 0, 0.8, 1.6, 2.4, 3.4, 4.8, 6.5, 9};
constexpr std::array<double, ResponseCurve::spread_count> spreads = {0, 0.1, 0.2, 0.3, 0.45, 0.65, 0.9, 1.3, 1.8, 2.5};
// Who reports a winner has to reckon with candidates that do not differ at all; who searches looks for those that do.
constexpr std::array<double, 2> chance_of_no_spread = {0, 0.25};

double chance_of(double ability, double difficulty) {
  return luck + (1 - luck - slip) / (1 + portable_exp(difficulty - ability));
}

ResponseCurve::Likelihood likelihood_of(const ResponseCurve& curve, double score) {
  ResponseCurve::Likelihood likelihood;
  for (std::size_t g = 0; g < curve.abilities.size(); ++g)
    for (std::size_t h = 0; h < curve.difficulties.size(); ++h) {
      const double p = chance_of(curve.abilities[g], curve.difficulties[h]);
      const double value = score >= 1   ? p
                           : score <= 0 ? 1 - p
                                        : portable_exp(score * std::log(p) + (1 - score) * std::log(1 - p));
      likelihood.by_difficulty[h][g] = likelihood.by_ability[g][h] = static_cast<float>(value);
    }
  return likelihood;
}

// 85 % in a body, 15 % in a tail of four times its spread, which the sober one has on the left alone.
double prior_cdf(ItemResponse::Prior kind, double x, double spread) {
  const double tail = portable_normal_cdf(x / (4 * spread));
  return 0.85 * portable_normal_cdf(x / spread) +
         0.15 * (kind == ItemResponse::Prior::open ? tail : std::min(1.0, 2 * tail));
}

// Shares of the grid's cells.
ItemResponse::Ability ability_prior(ItemResponse::Prior kind,
                                    const std::array<double, ItemResponse::ability_count>& grid, double spread) {
  ItemResponse::Ability prior;
  double before = 0;
  for (std::size_t g = 0; g < grid.size(); ++g) {
    const double upto = g + 1 < grid.size() ? prior_cdf(kind, (grid[g] + grid[g + 1]) / 2, spread) : 1;
    prior[g] = static_cast<float>(std::max(upto - before, 1e-7));
    before = upto;
  }
  return prior;
}

// Members of some spread are as likely as each other. Without any, all abilities are one point of the grid: where it
// lies is for the difficulties to say.
ResponseCurve::Family ability_family(ItemResponse::Prior kind,
                                     const std::array<double, ItemResponse::ability_count>& grid) {
  ResponseCurve::Family family;
  const double none = chance_of_no_spread[static_cast<std::size_t>(kind)];
  family[0].shares.fill(1e-7F);
  family[0].shares[ItemResponse::ability_count / 2] = 1;
  family[0].chance = none;
  for (std::size_t k = 1; k < spreads.size(); ++k)
    family[k] = {ability_prior(kind, grid, spreads[k]), (1 - none) / static_cast<double>(spreads.size() - 1)};
  return family;
}

ResponseCurve make_curve() {
  ResponseCurve curve;
  for (std::size_t k = 0; k < positive_abilities.size(); ++k) {
    curve.abilities[positive_abilities.size() + k] = positive_abilities[k];
    curve.abilities[positive_abilities.size() - 1 - k] = -positive_abilities[k];
  }
  curve.difficulties = difficulty_grid;
  for (const ItemResponse::Prior kind : {ItemResponse::Prior::open, ItemResponse::Prior::sober})
    curve.ability_priors[static_cast<std::size_t>(kind)] = ability_family(kind, curve.abilities);
  double sum = 0;
  for (const double d : difficulty_grid) sum += portable_exp(-d * d / 18);
  for (std::size_t h = 0; h < difficulty_grid.size(); ++h)
    curve.difficulty_base[h] = static_cast<float>(portable_exp(-difficulty_grid[h] * difficulty_grid[h] / 18) / sum);
  for (std::size_t step = 0; step <= score_steps; ++step)
    curve.likelihoods.push_back(likelihood_of(curve, static_cast<double>(step) / score_steps));
  return curve;
}

}  // namespace

const ResponseCurve& response_curve() {
  static const ResponseCurve curve = make_curve();
  return curve;
}

const ResponseCurve::Likelihood& ResponseCurve::likelihood(float score) const {
  return likelihoods[static_cast<std::size_t>(std::lround(score * float{score_steps}))];
}

}  // namespace persona::prompt
