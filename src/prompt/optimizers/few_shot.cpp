//! Few-shot optimizers: labeled, bootstrapped, searched.
#include <persona/prompt/optimizers/bootstrap_few_shot.hpp>
#include <persona/prompt/optimizers/knn_few_shot.hpp>
#include <persona/prompt/optimizers/labeled_few_shot.hpp>
#include <persona/prompt/optimizers/random_search.hpp>

#include "core/json_document.hpp"
#include "demos.hpp"
#include "pool.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace persona::prompt {
namespace {

std::size_t at_least_zero(int count) {
  return static_cast<std::size_t>(std::max(count, 0));
}

// One changed program, scored beside the baseline.
Result<Search> one_change(Pool pool, std::optional<std::size_t> changed) {
  const std::vector<std::size_t> both = {0, changed.value_or(0)};
  const auto scored = pool.score(both, all_places(pool.examples().size()));
  if (!scored) return tl::unexpected(scored.error());
  const std::size_t best = changed.value_or(0);
  return std::move(pool).finish(best);
}

class LabeledFewShot final : public Optimizer {
 public:
  explicit LabeledFewShot(LabeledFewShotOptions options) : options_(options) {}
  std::string name() const override { return "labeled_few_shot"; }
  std::string options() const override { return print_json_compact({{"k", options_.k}}); }
  Plan plan(const Task& task) const override {
    const auto runs = static_cast<std::int64_t>(2 * task.validation.size());
    return {runs, runs, 0, 0};
  }
  Result<Search> search(const Task& task, Session& session, std::uint64_t seed, const Context& context) const override {
    Dice dice(seed);
    Pool pool(task, session, context);
    const auto demos = labeled_demos(task, at_least_zero(options_.k), dice);
    const auto changed = pool.add(with_demos(task.program.predictors(), demos), "demos", {0});
    return one_change(std::move(pool), changed);
  }

 private:
  LabeledFewShotOptions options_;
};

class BootstrapFewShot final : public Optimizer {
 public:
  explicit BootstrapFewShot(BootstrapFewShotOptions options) : options_(options) {}
  std::string name() const override { return "bootstrap_few_shot"; }
  std::string options() const override {
    return print_json_compact({{"bootstrapped_demos", options_.bootstrapped_demos},
                               {"labeled_demos", options_.labeled_demos},
                               {"rounds", options_.rounds},
                               {"threshold", options_.threshold}});
  }
  Plan plan(const Task& task) const override {
    const auto scored = static_cast<std::int64_t>(2 * task.validation.size());
    const auto most = static_cast<std::int64_t>(task.train.size()) * std::max(options_.rounds, 1);
    return {scored + std::min<std::int64_t>(most, 3L * options_.bootstrapped_demos), scored + most, 0, 0};
  }
  Result<Search> search(const Task& task, Session& session, std::uint64_t seed, const Context& context) const override {
    Dice dice(seed);
    Pool pool(task, session, context);
    const BootstrapPlan plan{at_least_zero(options_.bootstrapped_demos), at_least_zero(options_.labeled_demos),
                             options_.rounds, options_.threshold};
    const auto made = bootstrap(task, task.train, plan, session, dice, context);
    if (!made) return tl::unexpected(made.error());
    if (made->used.empty()) pool.note("No run of the program reached the threshold; the demos are labeled ones only");
    const auto changed = pool.add(with_demos(task.program.predictors(), made->demos), "demos", {0});
    return one_change(std::move(pool), changed);
  }

 private:
  BootstrapFewShotOptions options_;
};

class RandomSearch final : public Optimizer {
 public:
  explicit RandomSearch(RandomSearchOptions options) : options_(options) {}
  std::string name() const override { return "random_search"; }
  std::string options() const override {
    return print_json_compact({{"candidates", options_.candidates},
                               {"bootstrapped_demos", options_.bootstrapped_demos},
                               {"labeled_demos", options_.labeled_demos},
                               {"threshold", options_.threshold}});
  }
  Plan plan(const Task& task) const override {
    const auto candidates = static_cast<std::int64_t>(std::max(options_.candidates, 0)) + 3;
    const auto runs = candidates * static_cast<std::int64_t>(task.validation.size());
    const auto boots = candidates * static_cast<std::int64_t>(task.train.size());
    return {runs + std::min<std::int64_t>(boots, candidates * 2L * options_.bootstrapped_demos), runs + boots, 0, 0};
  }

  Result<Search> search(const Task& task, Session& session, std::uint64_t seed, const Context& context) const override {
    Dice dice(seed);
    Pool pool(task, session, context);
    auto scored = pool.score_fully(0);
    const auto labeled = labeled_demos(task, at_least_zero(options_.labeled_demos), dice);
    if (const auto added = pool.add(with_demos(task.program.predictors(), labeled), "labeled demos", {0});
        added && scored && *scored) {
      scored = pool.score_fully(*added);
    }
    for (int i = -1; i < options_.candidates && scored && *scored; ++i) {
      const std::size_t most = at_least_zero(options_.bootstrapped_demos);
      const BootstrapPlan plan{i < 0 || most == 0 ? most : 1 + dice.below(most), at_least_zero(options_.labeled_demos),
                               1, options_.threshold};
      const Dataset order = i < 0 ? task.train : task.train.shuffled(seed + static_cast<std::uint64_t>(i) + 1);
      const auto made = bootstrap(task, order, plan, session, dice, context);
      if (!made) return tl::unexpected(made.error());
      if (!made->is_complete) break;
      const auto added = pool.add(with_demos(task.program.predictors(), made->demos), "bootstrapped demos", {0});
      if (added) scored = pool.score_fully(*added);
    }
    if (!scored) return tl::unexpected(scored.error());
    const std::size_t best = pool.best();
    return std::move(pool).finish(best);
  }

 private:
  RandomSearchOptions options_;
};

class KnnFewShot final : public Optimizer {
 public:
  explicit KnnFewShot(KnnFewShotOptions options) : options_(std::move(options)) {}
  std::string name() const override { return "knn_few_shot"; }
  std::string options() const override {
    return print_json_compact({{"k", options_.k},
                               {"embedder", options_.embedder ? options_.embedder->name() : std::string()},
                               {"embedding_model", options_.embedding_model}});
  }
  Plan plan(const Task& task) const override {
    const auto runs = static_cast<std::int64_t>(2 * task.validation.size());
    Plan plan{runs, runs, 0, 0};
    if (options_.embedder != nullptr) {
      plan.embedder_calls = static_cast<std::int64_t>(task.validation.size() + 1 + task.train.size() / 64);
    }
    return plan;
  }
  Result<Search> search(const Task& task, Session& session, std::uint64_t, const Context& context) const override {
    Pool pool(task, session, context);
    const std::size_t changed = pool.add_other(
        with_nearest_demos(task.program, task.train, options_.k, options_.embedder, options_.embedding_model),
        "nearest demos", {0});
    return one_change(std::move(pool), changed);
  }

 private:
  KnnFewShotOptions options_;
};

}  // namespace

OptimizerPtr labeled_few_shot(LabeledFewShotOptions options) {
  return std::make_shared<LabeledFewShot>(options);
}

OptimizerPtr bootstrap_few_shot(BootstrapFewShotOptions options) {
  return std::make_shared<BootstrapFewShot>(options);
}

OptimizerPtr random_search(RandomSearchOptions options) {
  return std::make_shared<RandomSearch>(options);
}

OptimizerPtr knn_few_shot(KnnFewShotOptions options) {
  return std::make_shared<KnnFewShot>(std::move(options));
}

}  // namespace persona::prompt
