//! The candidates of a search, and what is known of their scores.
#pragma once

#include <persona/prompt/optimizer.hpp>
#include <persona/prompt/selection.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace persona::prompt {

class Pool {
 public:
  //! The first candidate is the task's program.
  Pool(const Task& task, Session& session, const Context& context);

  //! A program with the same predictors is not added twice: its place is returned.
  std::size_t add(Program program, std::string origin, std::vector<std::size_t> parents = {});
  //! The same, for a program with the same predictors but another flow.
  std::size_t add_other(Program program, std::string origin, std::vector<std::size_t> parents = {});
  //! The same flow with other predictors. None: they are not right for it.
  std::optional<std::size_t> add(std::vector<Predictor> predictors, std::string origin,
                                 std::vector<std::size_t> parents = {});

  std::size_t size() const { return kept_.size(); }
  const Program& program(std::size_t candidate) const { return kept_[candidate].candidate.program; }
  std::vector<std::size_t> parents(std::size_t candidate) const { return kept_[candidate].parents; }
  const Dataset& examples() const { return examples_; }

  //! Runs what is not known yet, all candidates on one example before the next.
  //! @return whether all is known now; false ends the search (budget, stop, outage)
  Result<bool> score(std::span<const std::size_t> candidates, std::span<const std::size_t> examples);
  //! The same, for single cells.
  Result<bool> score(std::span<const Cell> cells);
  Result<bool> score_fully(std::size_t candidate);

  bool is_known(std::size_t candidate, std::size_t example) const;
  double score_of(std::size_t candidate, std::size_t example) const;
  const Outcome& outcome(std::size_t candidate, std::size_t example) const;
  double mean(std::size_t candidate) const;  //!< of what is known, by weight; 0 where nothing is
  std::size_t known(std::size_t candidate) const;

  //! `select_best` among candidates; what it scores stays here. @return best first
  Result<std::vector<std::size_t>> select(std::span<const std::size_t> candidates, std::size_t evaluations,
                                          std::size_t keep, std::uint64_t seed);

  //! The candidate with the best mean among those who are known on the most examples; the earliest of equals.
  std::size_t best() const;

  bool is_over() const { return over_; }
  void note(std::string text) { notes_.push_back(std::move(text)); }
  Search finish(std::size_t best) &&;

 private:
  struct Kept {
    Candidate candidate;
    std::vector<std::size_t> parents;
    std::vector<std::optional<Outcome>> outcomes;
  };
  const Task& task_;
  Session& session_;
  const Context& context_;
  Dataset examples_;
  std::vector<Kept> kept_;
  std::map<std::string, std::size_t> by_hash_;
  std::vector<std::string> notes_;
  bool over_ = false;
};

//! 0 .. count - 1.
std::vector<std::size_t> all_places(std::size_t count);

}  // namespace persona::prompt
