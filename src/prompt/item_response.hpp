//! Abilities of candidates and difficulties of examples, from the scores of some cells.
#pragma once

#include <persona/prompt/selection.hpp>

#include <array>
#include <cstddef>
#include <vector>

namespace persona::prompt {

//! Belief propagation between two grids. Messages live in the cells, so that one more cell costs one
//! more message, and a fit starts where the last one ended.
class ItemResponse {
 public:
  static constexpr std::size_t ability_count = 24, difficulty_count = 16;
  static constexpr int cold_sweeps = 30;  //!< to a fixed point, from nothing
  using Ability = std::array<float, ability_count>;
  using Difficulty = std::array<float, difficulty_count>;

  //! What is believed of a candidate.
  struct Posterior {
    double mean = 0, variance = 0;  //!< of its score, as far as its ability decides it
    double ability = 0, ability_variance = 1;
  };
  //! What a cell not seen would say.
  struct Outlook {
    double chance = 0;       //!< expected score
    double information = 0;  //!< on the candidate's ability, Fisher's
  };

  //! What is expected of abilities before any score. Who searches must not rule out that one candidate
  //! towers above the rest; who reports a winner knows that many prompts break and few shine.
  enum class Prior : std::size_t { open, sober };

  //! Takes what the table holds.
  explicit ItemResponse(const ScoreTable& table, Prior prior = Prior::open);

  void add(const Cell& cell, double score);
  void fit(int sweeps);
  const Posterior& posterior(std::size_t candidate) const { return posteriors_[candidate]; }
  std::vector<Outlook> outlooks(std::size_t candidate) const;  //!< by example
  //! Its score on new examples of the same source: seen cells count as evidence alone.
  Strength elsewhere(std::size_t candidate) const;

 private:
  struct Message {
    Cell cell;
    float score;
    Ability to_ability;
    Difficulty to_difficulty;
  };
  void tell_examples();
  void tell_candidates();
  void learn_ability_priors();
  void learn_difficulty_prior();
  void summarise();

  Prior prior_;
  std::vector<double> weights_;
  std::vector<Message> messages_;
  std::vector<bool> met_;                 // by example: some candidate was scored on it
  std::vector<Ability> ability_priors_;   // by candidate
  std::vector<Ability> abilities_;        // beliefs, by candidate
  std::vector<Difficulty> difficulties_;  // by example
  Difficulty difficulty_prior_{};
  std::vector<Ability> chances_;  // by example and ability, difficulty integrated out
  std::vector<Posterior> posteriors_;
};

//! Also for cells to come.
std::vector<Strength> strengths_of(const ScoreTable& table, const ItemResponse& model);

}  // namespace persona::prompt
