//! Instructions from a scored history of instructions.
#include <persona/prompt/optimizers/opro.hpp>

#include "core/json_document.hpp"
#include "instructions.hpp"
#include "pool.hpp"

#include "prompt/wording.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace persona::prompt {
namespace {

int points(double score) {
  return static_cast<int>(std::lround(score * 100));
}

class OproSearch {
 public:
  OproSearch(const OproOptions& options, const Task& task, Session& session, std::uint64_t seed, const Context& context)
      : options_(options),
        task_(task),
        session_(session),
        context_(context),
        dice_(seed),
        pool_(task, session, context) {}

  Result<Search> run() && {
    auto scored = pool_.score_fully(0);
    const std::size_t predictors = task_.program.predictors().size();
    for (int step = 0; step < options_.steps && scored && *scored; ++step) {
      const std::size_t which = static_cast<std::size_t>(step) % predictors;
      const std::size_t base = pool_.best();
      std::vector<Proposal> proposals;
      const std::string question = meta_prompt(which);
      for (int i = 0; i < options_.proposals; ++i) {
        proposals.push_back({question, options_.temperature, step * options_.proposals + i});
      }
      const auto answers = ask(session_, proposals, context_);
      if (!answers) return tl::unexpected(answers.error());
      for (const auto& answer : *answers) {
        auto changed =
            answer ? with_instruction(pool_.program(base).predictors(), which, instruction_in(*answer)) : std::nullopt;
        if (!changed) continue;
        const auto place = pool_.add(*std::move(changed), "instruction", {base});
        if (place) scored = pool_.score_fully(*place);
        if (!scored || !*scored) break;
      }
    }
    if (!scored) return tl::unexpected(scored.error());
    const std::size_t best = pool_.best();
    return std::move(pool_).finish(best);
  }

 private:
  std::string meta_prompt(std::size_t which) {
    std::vector<std::size_t> history;
    for (std::size_t i = 0; i < pool_.size(); ++i) {
      if (pool_.known(i) == pool_.examples().size()) history.push_back(i);
    }
    std::stable_sort(history.begin(), history.end(),
                     [&](std::size_t a, std::size_t b) { return pool_.mean(a) < pool_.mean(b); });
    const auto most = static_cast<std::size_t>(std::max(options_.history, 1));
    if (history.size() > most) history.erase(history.begin(), history.end() - static_cast<std::ptrdiff_t>(most));
    std::string text = "Earlier instructions and their scores out of 100, in rising order:\n";
    for (const std::size_t i : history) {
      text += "\ntext:\n" + objective_text(pool_.program(i).predictors()[which].signature) +
              "\nscore: " + std::to_string(points(pool_.mean(i))) + "\n";
    }
    text += "\nProblems that the instruction is for:\n";
    for (const std::size_t row :
         dice_.sample(static_cast<std::size_t>(std::max(options_.exemplars, 0)), task_.train.size())) {
      text += "\n" + shown(task_.train[row], task_.program.predictors()[which].signature);
    }
    return text +
           "\nWrite an instruction that differs from all of these and scores as high as possible, between two lines "
           "of three backticks.";
  }

  const OproOptions& options_;
  const Task& task_;
  Session& session_;
  const Context& context_;
  Dice dice_;
  Pool pool_;
};

class Opro final : public Optimizer {
 public:
  explicit Opro(OproOptions options) : options_(options) {}
  std::string name() const override { return "opro"; }
  std::string options() const override {
    return print_json_compact({{"steps", options_.steps},
                               {"proposals", options_.proposals},
                               {"history", options_.history},
                               {"exemplars", options_.exemplars},
                               {"temperature", options_.temperature}});
  }
  Plan plan(const Task& task) const override {
    const std::int64_t asked = static_cast<std::int64_t>(options_.steps) * options_.proposals;
    const auto runs = (asked + 1) * static_cast<std::int64_t>(task.validation.size());
    return {runs, runs, asked, asked};
  }
  Result<Search> search(const Task& task, Session& session, std::uint64_t seed, const Context& context) const override {
    return OproSearch(options_, task, session, seed, context).run();
  }

 private:
  OproOptions options_;
};

}  // namespace

OptimizerPtr opro(OproOptions options) {
  return std::make_shared<Opro>(options);
}

}  // namespace persona::prompt
