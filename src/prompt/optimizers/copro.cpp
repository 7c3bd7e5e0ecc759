//! Instructions by coordinate ascent.
#include <persona/prompt/optimizers/copro.hpp>

#include "core/json_document.hpp"
#include "instructions.hpp"
#include "pool.hpp"

#include "prompt/wording.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace persona::prompt {
namespace {

struct ScoredInstruction {
  double score = 0;
  std::string text;
};

std::string attempts_question(const Predictor& predictor, const std::vector<ScoredInstruction>& attempts) {
  std::string question = "Instructions for a language model that takes " + to_string(predictor.signature) +
                         " were tried; a higher score is better. From worst to best:\n";
  for (const auto& attempt : attempts) {
    question += "<instruction score=\"" + std::to_string(attempt.score) + "\">\n" + attempt.text + "\n</instruction>\n";
  }
  return question +
         "\nWrite a new instruction, unlike these, that will score higher. Give it between two lines of three "
         "backticks, and nothing after it.";
}

class CoproSearch {
 public:
  CoproSearch(const CoproOptions& options, const Task& task, Session& session, const Context& context)
      : options_(options), task_(task), session_(session), context_(context), pool_(task, session, context) {}

  Result<Search> run() && {
    auto scored = pool_.score_fully(0);
    std::size_t current = 0;
    const std::size_t predictors = task_.program.predictors().size();
    std::vector<std::vector<std::size_t>> tried(predictors);
    for (int depth = 0; depth < options_.depth && scored && *scored; ++depth) {
      for (std::size_t which = 0; which < predictors && *scored; ++which) {
        const auto made = propose(current, which, depth, tried[which]);
        if (!made) return tl::unexpected(made.error());
        for (const std::size_t candidate : *made) {
          scored = pool_.score_fully(candidate);
          if (!scored) return tl::unexpected(scored.error());
          if (!*scored) break;
          tried[which].push_back(candidate);
          if (pool_.mean(candidate) > pool_.mean(current)) current = candidate;
        }
      }
    }
    if (!scored) return tl::unexpected(scored.error());
    const std::size_t best = pool_.best();
    return std::move(pool_).finish(best);
  }

 private:
  // The first round rewrites the instruction one came with; later ones look at what was tried.
  Result<std::vector<std::size_t>> propose(std::size_t current, std::size_t which, int depth,
                                           const std::vector<std::size_t>& tried) {
    const auto predictors = pool_.program(current).predictors();  // a copy: the pool grows
    std::vector<ScoredInstruction> attempts;
    for (const std::size_t candidate : tried) {
      attempts.push_back(
          {pool_.mean(candidate), objective_text(pool_.program(candidate).predictors()[which].signature)});
    }
    std::stable_sort(attempts.begin(), attempts.end(), [](const auto& a, const auto& b) { return a.score < b.score; });
    const auto most = static_cast<std::size_t>(std::max(options_.breadth, 1));
    if (attempts.size() > most) attempts.erase(attempts.begin(), attempts.end() - static_cast<std::ptrdiff_t>(most));
    const std::string question = attempts.empty() ? grounded_question(predictors[which], {}, "")
                                                  : attempts_question(predictors[which], attempts);
    std::vector<Proposal> proposals;
    const int breadth = depth == 0 ? options_.breadth - 1 : options_.breadth;  // the original is one of the first
    for (int i = 0; i < breadth; ++i) proposals.push_back({question, options_.temperature, depth * 1000 + i});
    const auto answers = ask(session_, proposals, context_);
    if (!answers) return tl::unexpected(answers.error());
    std::vector<std::size_t> made;
    for (const auto& answer : *answers) {
      auto changed = answer ? with_instruction(predictors, which, instruction_in(*answer)) : std::nullopt;
      if (!changed) continue;
      const std::size_t before = pool_.size();
      const auto place = pool_.add(*std::move(changed), "instruction", {current});
      if (place && *place == before) made.push_back(*place);
    }
    return made;
  }

  const CoproOptions& options_;
  const Task& task_;
  Session& session_;
  const Context& context_;
  Pool pool_;
};

class Copro final : public Optimizer {
 public:
  explicit Copro(CoproOptions options) : options_(options) {}
  std::string name() const override { return "copro"; }
  std::string options() const override {
    return print_json_compact(
        {{"breadth", options_.breadth}, {"depth", options_.depth}, {"temperature", options_.temperature}});
  }
  Plan plan(const Task& task) const override {
    const auto asked = static_cast<std::int64_t>(task.program.predictors().size()) * options_.breadth * options_.depth;
    const auto runs = (asked + 1) * static_cast<std::int64_t>(task.validation.size());
    return {runs, runs, asked, asked};
  }
  Result<Search> search(const Task& task, Session& session, std::uint64_t, const Context& context) const override {
    return CoproSearch(options_, task, session, context).run();
  }

 private:
  CoproOptions options_;
};

}  // namespace

OptimizerPtr copro(CoproOptions options) {
  return std::make_shared<Copro>(options);
}

}  // namespace persona::prompt
