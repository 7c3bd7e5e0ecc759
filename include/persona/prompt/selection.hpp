//! Finding the best of many candidates with few evaluations.
#pragma once

#include <persona/core/config.hpp>
#include <persona/core/result.hpp>
#include <persona/prompt/interval.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace persona::prompt {

//! Scores of candidates on examples, each in [0, 1], as far as they are known.
class ScoreTable {
 public:
  //! @param weights  of the examples; empty: equal
  PERSONA_EXPORT ScoreTable(std::size_t candidates, std::size_t examples, std::vector<double> weights = {});

  //! A score outside [0, 1] is taken as the nearer end, NaN as 0.
  PERSONA_EXPORT void set(std::size_t candidate, std::size_t example, double score);
  PERSONA_EXPORT bool has(std::size_t candidate, std::size_t example) const;
  PERSONA_EXPORT double at(std::size_t candidate, std::size_t example) const;  //!< NaN: not known
  PERSONA_EXPORT std::size_t add_candidate();                                  //!< @return its index

  std::size_t candidates() const { return candidates_; }
  std::size_t examples() const { return examples_; }
  const std::vector<double>& weights() const { return weights_; }  //!< they sum to 1

 private:
  std::size_t candidates_, examples_;
  std::vector<double> weights_, scores_;
};

//! Where a candidate's mean score over all examples lies, given what is known.
struct Strength {
  double mean = 0, error = 0;  //!< of the posterior
};

//! Candidates differ, and so do examples: the chance of success is a logistic curve of the candidate's
//! ability less the example's difficulty. Both are integrated over grids by belief propagation, with
//! priors learnt from the table itself. Cells not seen are predicted, cells seen are taken as they
//! are: candidates that saw few or other examples become comparable.
//! @source{Rasch 1960; Bock and Aitkin 1981; Pearl 1988; Polo et al. 2024, PromptEval}
PERSONA_EXPORT std::vector<Strength> strengths(const ScoreTable& table);

//! One evaluation.
struct Cell {
  std::size_t candidate = 0, example = 0;
  bool operator==(const Cell&) const = default;
};

//! Scores cells, in any order, and writes them into the table.
//! @return how many of the first were scored; fewer ends the selection
using Evaluate = std::function<Result<std::size_t>(std::span<const Cell> cells, ScoreTable& table)>;

struct SelectionOptions {
  std::size_t evaluations = 0;  //!< to spend, beyond what the table already holds
  std::size_t keep = 1;         //!< how many of the best are wanted
  std::size_t rounds = 48;      //!< batches they are spent in: more choose better, fewer run more at once
  std::uint64_t seed = 0;       //!< of the order of examples and candidates that nothing is known of
};

struct Selection {
  std::vector<std::size_t> ranking = {};  //!< best first
  std::vector<Strength> strengths = {};   //!< by candidate
  std::size_t evaluations = 0;            //!< spent
};

//! Each evaluation goes where it is expected to improve the final choice most: the candidate by the
//! value of a run of further evaluations to it (knowledge gradient over all lengths of run), the
//! example by its information on that candidate, so that examples on which all agree are left alone
//! and those on which they differ are shared. All scores are used, whenever and why they were made.
//! @errors invalid_argument: no candidates, no examples; what `evaluate` fails with
//! @source{Frazier and Powell 2010, Paradoxes in learning and the marginal value of information; Lord 1980}
[[nodiscard]] PERSONA_EXPORT Result<Selection> select_best(ScoreTable& table, const Evaluate& evaluate,
                                                           const SelectionOptions& options);

//! The score on new examples of a winner picked among the table's candidates, without the luck it was
//! picked for: drawn towards what its rivals say is likely. The interval is of the mean over the
//! examples' source, not over these examples alone.
//! @source{Efron 2011, Tweedie's formula and selection bias}
PERSONA_EXPORT Interval without_winners_curse(const ScoreTable& table, std::size_t winner, double confidence = 0.95);

}  // namespace persona::prompt
