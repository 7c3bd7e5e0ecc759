//! Instructions that are crossed and mutated.
#include <persona/prompt/optimizers/evoprompt.hpp>

#include "core/json_document.hpp"
#include "instructions.hpp"
#include "pool.hpp"

#include "prompt/wording.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace persona::prompt {
namespace {

constexpr std::string_view evolved_form =
    "Give the final instruction between two lines of three backticks, and nothing after it.";

class EvoSearch {
 public:
  EvoSearch(const EvoPromptOptions& options, const Task& task, Session& session, std::uint64_t seed,
            const Context& context)
      : options_(options),
        task_(task),
        session_(session),
        context_(context),
        dice_(seed),
        pool_(task, session, context) {}

  Result<Search> run() && {
    auto scored = pool_.score_fully(0);
    if (!scored) return tl::unexpected(scored.error());
    std::vector<std::size_t> population = {0};
    if (const auto begun = first_generation(population); !begun) return tl::unexpected(begun.error());
    for (int generation = 0; generation < options_.generations && !pool_.is_over(); ++generation) {
      const auto next = options_.evolution == Evolution::genetic ? genetic(population, generation)
                                                                 : differential(population, generation);
      if (!next) return tl::unexpected(next.error());
      population = *next;
    }
    const std::size_t best = pool_.best();
    return std::move(pool_).finish(best);
  }

 private:
  std::size_t which(int turn) const { return static_cast<std::size_t>(turn) % task_.program.predictors().size(); }
  std::string text(std::size_t candidate, std::size_t predictor) const {
    return objective_text(pool_.program(candidate).predictors()[predictor].signature);
  }

  // Answers as scored candidates, in order; none where an answer gave nothing new.
  Result<std::vector<std::optional<std::size_t>>> bear(const std::vector<Proposal>& proposals,
                                                       const std::vector<std::vector<std::size_t>>& parents,
                                                       std::size_t predictor, const std::string& origin) {
    const auto answers = ask(session_, proposals, context_);
    if (!answers) return tl::unexpected(answers.error());
    std::vector<std::optional<std::size_t>> children(answers->size());
    for (std::size_t i = 0; i < answers->size(); ++i) {
      auto changed = (*answers)[i] ? with_instruction(pool_.program(parents[i].front()).predictors(), predictor,
                                                      instruction_in(*(*answers)[i]))
                                   : std::nullopt;
      if (!changed) continue;
      const auto place = pool_.add(*std::move(changed), origin, parents[i]);
      if (!place) continue;
      const auto scored = pool_.score_fully(*place);
      if (!scored) return tl::unexpected(scored.error());
      if (!*scored) break;
      children[i] = place;
    }
    return children;
  }

  Status first_generation(std::vector<std::size_t>& population) {
    std::vector<Proposal> proposals;
    for (int i = 1; i < options_.population; ++i) {
      proposals.push_back({"Say this instruction in other words, keeping its meaning:\n```\n" + text(0, which(i)) +
                               "\n```\n" + std::string(evolved_form),
                           1.0, i});
    }
    const auto children =
        bear(proposals, std::vector<std::vector<std::size_t>>(proposals.size(), {0}), which(1), "paraphrase");
    if (!children) return tl::unexpected(children.error());
    for (const auto& child : *children) {
      if (child) population.push_back(*child);
    }
    return {};
  }

  // Chosen with a chance proportional to the score.
  std::size_t roulette(const std::vector<std::size_t>& population) {
    double sum = 0;
    for (const std::size_t i : population) sum += pool_.mean(i) + 1e-3;
    double place = dice_.uniform() * sum;
    for (const std::size_t i : population) {
      place -= pool_.mean(i) + 1e-3;
      if (place < 0) return i;
    }
    return population.back();
  }

  std::vector<std::size_t> fittest(std::vector<std::size_t> all) const {
    std::stable_sort(all.begin(), all.end(),
                     [&](std::size_t a, std::size_t b) { return pool_.mean(a) > pool_.mean(b); });
    all.erase(std::unique(all.begin(), all.end()), all.end());
    all.resize(std::min(all.size(), static_cast<std::size_t>(std::max(options_.population, 1))));
    return all;
  }

  Result<std::vector<std::size_t>> genetic(const std::vector<std::size_t>& population, int generation) {
    const std::size_t predictor = which(generation);
    std::vector<Proposal> proposals;
    std::vector<std::vector<std::size_t>> parents;
    for (int i = 0; i < options_.population; ++i) {
      const std::size_t a = roulette(population);
      const std::size_t b = roulette(population);
      proposals.push_back(
          {"Cross these two instructions into one, then change the result a little so that it may work "
           "better.\n1:\n```\n" +
               text(a, predictor) + "\n```\n2:\n```\n" + text(b, predictor) + "\n```\n" + std::string(evolved_form),
           1.0, generation * options_.population + i});
      parents.push_back(a == b ? std::vector<std::size_t>{a} : std::vector<std::size_t>{a, b});
    }
    const auto children = bear(proposals, parents, predictor, "crossover");
    if (!children) return tl::unexpected(children.error());
    std::vector<std::size_t> all = population;
    for (const auto& child : *children) {
      if (child && std::find(all.begin(), all.end(), *child) == all.end()) all.push_back(*child);
    }
    return fittest(std::move(all));
  }

  // What two others differ in, mutated and put together with the best, meets its parent: the better stays.
  Result<std::vector<std::size_t>> differential(const std::vector<std::size_t>& population, int generation) {
    const std::size_t predictor = which(generation);
    const std::size_t best = fittest(population).front();
    std::vector<Proposal> proposals;
    std::vector<std::vector<std::size_t>> parents;
    for (std::size_t i = 0; i < population.size(); ++i) {
      const std::size_t a = population[dice_.below(population.size())];
      const std::size_t b = population[dice_.below(population.size())];
      proposals.push_back(
          {"Find the parts in which instructions 1 and 2 differ, and change those parts. Put them together with "
           "instruction 3, then cross the result with instruction 4.\n1:\n```\n" +
               text(a, predictor) + "\n```\n2:\n```\n" + text(b, predictor) + "\n```\n3:\n```\n" +
               text(best, predictor) + "\n```\n4:\n```\n" + text(population[i], predictor) + "\n```\n" +
               std::string(evolved_form),
           1.0, generation * static_cast<int>(population.size()) + static_cast<int>(i)});
      parents.push_back({population[i]});
    }
    const auto children = bear(proposals, parents, predictor, "difference");
    if (!children) return tl::unexpected(children.error());
    std::vector<std::size_t> next = population;
    for (std::size_t i = 0; i < population.size(); ++i) {
      const auto& child = (*children)[i];
      if (child && pool_.mean(*child) > pool_.mean(population[i])) next[i] = *child;
    }
    return next;
  }

  const EvoPromptOptions& options_;
  const Task& task_;
  Session& session_;
  const Context& context_;
  Dice dice_;
  Pool pool_;
};

class EvoPrompt final : public Optimizer {
 public:
  explicit EvoPrompt(EvoPromptOptions options) : options_(options) {}
  std::string name() const override {
    return options_.evolution == Evolution::genetic ? "evoprompt_ga" : "evoprompt_de";
  }
  std::string options() const override {
    return print_json_compact({{"population", options_.population}, {"generations", options_.generations}});
  }
  Plan plan(const Task& task) const override {
    const std::int64_t asked = static_cast<std::int64_t>(options_.population) * (options_.generations + 1) - 1;
    const auto runs = (asked + 1) * static_cast<std::int64_t>(task.validation.size());
    return {runs, runs, asked, asked};
  }
  Result<Search> search(const Task& task, Session& session, std::uint64_t seed, const Context& context) const override {
    return EvoSearch(options_, task, session, seed, context).run();
  }

 private:
  EvoPromptOptions options_;
};

}  // namespace

OptimizerPtr evoprompt(EvoPromptOptions options) {
  return std::make_shared<EvoPrompt>(options);
}

}  // namespace persona::prompt
