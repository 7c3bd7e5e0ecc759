//! Whatever makes a better program out of a program.
#pragma once

#include <persona/core/context.hpp>
#include <persona/prompt/evaluation.hpp>
#include <persona/prompt/objective.hpp>
#include <persona/prompt/session.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace persona::prompt {

//! The task: what to improve, on what, judged how.
struct Task {
  Program program;
  Dataset train = {};
  Dataset validation = {};  //!< never shown to proposals; empty: a fifth of `train`
  MetricPtr metric = {};
  Objective objective = {};
  std::optional<Program> teacher = {};  //!< who makes demos; none: the program itself
};

//! One program that was tried.
struct Candidate {
  Program program;
  std::string id = {};  //!< "c0" is the program one came with
  std::vector<std::string> parents = {};
  std::string origin = {};  //!< "instruction", "demos", "merge", ...
  Interval score = {};      //!< on what it was evaluated on
  std::size_t evaluations = 0;
  Interval cost_per_run = {};       //!< dollars
  Interval latency_ms = {};         //!< of a run
  std::vector<double> scores = {};  //!< by validation example; NaN where not run
};

//! What an optimizer found, unjudged: `PromptOptimizer` certifies.
struct Search {
  std::vector<Candidate> candidates = {};  //!< in the order they were made; the first is the baseline
  std::size_t best = 0;
  bool stopped_early = false;  //!< by budget, stop or deadline: best so far
  std::vector<std::string> notes = {};
};

//! Calls of models and runs that a search will take, as far as can be told without asking.
struct Plan {
  std::int64_t program_runs = 0, program_runs_most = 0;
  std::int64_t proposer_calls = 0, proposer_calls_most = 0;
  std::int64_t embedder_calls = 0;  //!< for programs that it makes, at most
};

//! A strategy. Stateless: equal arguments give equal searches, whatever the number of threads.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  virtual std::string name() const = 0;
  //! What it was made with, by name, as a JSON object: a run goes on only with the same.
  virtual std::string options() const { return "{}"; }
  virtual Plan plan(const Task& task) const = 0;
  //! Ends with what it has when the session is exhausted or the context stops.
  [[nodiscard]] virtual Result<Search> search(const Task& task, Session& session, std::uint64_t seed,
                                              const Context& context = {}) const = 0;

 protected:
  Optimizer() = default;
};

using OptimizerPtr = std::shared_ptr<const Optimizer>;

}  // namespace persona::prompt
