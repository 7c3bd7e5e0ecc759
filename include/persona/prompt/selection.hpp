//! Finding the best of many candidates with few evaluations.
#pragma once

#include <persona/core/config.hpp>
#include <persona/core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace persona::prompt {

//! Scores of candidates on examples, as far as they are known.
class ScoreTable {
 public:
  PERSONA_EXPORT ScoreTable(std::size_t candidates, std::size_t examples);
  PERSONA_EXPORT void set(std::size_t candidate, std::size_t example, double score);
  PERSONA_EXPORT bool has(std::size_t candidate, std::size_t example) const;
  PERSONA_EXPORT double at(std::size_t candidate, std::size_t example) const;
  std::size_t candidates() const { return candidates_; }
  std::size_t examples() const { return examples_; }

 private:
  std::size_t candidates_, examples_;
  std::vector<double> scores_;  // NaN: not known
};

//! Where a candidate's score over all examples lies, given what is known.
struct Strength {
  double mean = 0, error = 0;  //!< posterior
};

//! Candidates differ, and so do examples: a logistic model with one ability a candidate and one
//! difficulty an example, fitted by penalised likelihood; the unseen cells are predicted by it, the
//! seen ones taken as they are. Candidates that saw other examples become comparable.
//! @source{Rasch 1960; Polo et al. 2024, PromptEval; Angelopoulos et al. 2023, prediction-powered inference}
PERSONA_EXPORT std::vector<Strength> strengths(const ScoreTable& table);

//! Asks for scores of (candidate, example) pairs and writes them into the table.
//! @return how many of the first were scored; fewer ends the selection
using Evaluate = std::function<Result<std::size_t>(std::span<const std::size_t> candidates,
                                                   std::span<const std::size_t> examples, ScoreTable& table)>;

struct SelectionOptions {
  std::size_t evaluations = 0;  //!< in all
  std::size_t keep = 1;
  std::uint64_t seed = 0;  //!< of the order of the examples
};

struct Selection {
  std::vector<std::size_t> ranking = {};  //!< best first, the dropped ones behind
  std::vector<Strength> strengths = {};
  std::size_t evaluations = 0;
};

//! Successive halving on common examples, by `strengths`.
//! @source{Karnin et al. 2013, Almost Optimal Exploration; Jamieson and Talwalkar 2016}
[[nodiscard]] PERSONA_EXPORT Result<Selection> select_best(ScoreTable& table, const Evaluate& evaluate,
                                                           const SelectionOptions& options);

//! The score of a winner picked among many, without the luck it was picked for.
//! @source{Efron 2011, Tweedie's formula; Zrnic and Fithian 2024}
PERSONA_EXPORT Strength without_winners_curse(std::span<const Strength> all, std::size_t winner);

}  // namespace persona::prompt
