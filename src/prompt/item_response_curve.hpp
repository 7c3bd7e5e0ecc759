//! The chance of success by ability and difficulty, tabulated.
#pragma once

#include "prompt/item_response.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace persona::prompt {

struct ResponseCurve {
  static constexpr std::size_t spread_count = 10;
  //! Of one score, in both orders, so that the inner loop is over neighbours.
  struct Likelihood {
    std::array<ItemResponse::Ability, ItemResponse::difficulty_count> by_difficulty;
    std::array<ItemResponse::Difficulty, ItemResponse::ability_count> by_ability;
  };

  //! Of a score in [0, 1], to the nearest 32nd: p^score (1 - p)^(1 - score).
  const Likelihood& likelihood(float score) const;
  const Likelihood& success() const { return likelihoods.back(); }

  std::array<double, ItemResponse::ability_count> abilities;
  std::array<double, ItemResponse::difficulty_count> difficulties;
  //! One member of a family of ability priors, and the chance that it is the right one.
  struct AbilityPrior {
    ItemResponse::Ability shares;
    double chance;
  };
  using Family = std::array<AbilityPrior, spread_count>;  //!< from none at all to wide
  std::array<Family, 2> ability_priors;                   //!< by kind
  ItemResponse::Difficulty difficulty_base;
  std::vector<Likelihood> likelihoods;
};

const ResponseCurve& response_curve();

}  // namespace persona::prompt
