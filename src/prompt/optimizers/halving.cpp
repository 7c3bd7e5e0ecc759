//! The default: many candidates, few evaluations.
#include <persona/prompt/optimizers/halving.hpp>

#include "core/json_document.hpp"
#include "demos.hpp"
#include "instructions.hpp"
#include "pool.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <set>
#include <utility>

namespace persona::prompt {
namespace {

using Places = std::vector<std::size_t>;

constexpr int most_seen_through = 4;

class HalvingSearch {
 public:
  HalvingSearch(const HalvingOptions& options, const Task& task, Session& session, std::uint64_t seed,
                const Context& context)
      : options_(options),
        task_(task),
        session_(session),
        context_(context),
        seed_(seed),
        dice_(seed),
        pool_(task, session, context) {}

  Result<Search> run() && {
    auto scored = pool_.score_fully(0);  // what is reflected on, and what everything is compared with
    if (!scored) return tl::unexpected(scored.error());
    std::size_t best = 0;
    for (int round = 0; round < std::max(options_.rounds, 1) && !pool_.is_over(); ++round) {
      const std::size_t before = pool_.size();
      if (const auto made = propose(best, round); !made) return tl::unexpected(made.error());
      if (pool_.size() == before) break;
      Places contenders = {0};
      if (best != 0) contenders.push_back(best);
      for (std::size_t i = before; i < pool_.size(); ++i) contenders.push_back(i);
      auto ranking = pool_.select(contenders, contenders.size() * share_of_examples(), 2,
                                  seed_ + static_cast<std::uint64_t>(round));
      if (!ranking) return tl::unexpected(ranking.error());
      best = ranking->front();
    }
    if (const auto seen = see_through(best); !seen) return tl::unexpected(seen.error());
    return std::move(pool_).finish(best);
  }

 private:
  // The winner is run on all examples, and must still be the best of all when that is known.
  Status see_through(std::size_t& best) {
    Places all(pool_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    for (int i = 0; i <= most_seen_through; ++i) {
      const auto ranking = pool_.select(all, 0, 1, seed_);
      if (!ranking) return tl::unexpected(ranking.error());
      best = ranking->front();
      if (i == most_seen_through || pool_.is_over() || pool_.known(best) == pool_.examples().size()) break;
      if (const auto scored = pool_.score_fully(best); !scored) return tl::unexpected(scored.error());
    }
    return {};
  }

  // Evaluations a contender has on average: a quarter of the examples, twelve at least.
  std::size_t share_of_examples() const {
    const std::size_t all = task_.validation.size();
    return std::min(all, std::max<std::size_t>(12, all / 4));
  }

  Status propose(std::size_t best, int round) {
    const auto predictors = pool_.program(best).predictors();  // a copy: the pool grows
    std::vector<DemoSets> demo_sets;
    if (const auto made = make_demo_sets(best, round, demo_sets); !made) return made;
    for (std::size_t i = 0; i < demo_sets.size(); ++i) {
      add(with_demos(predictors, demo_sets[i]), "demos", best, is_balanced(best, i));
    }
    std::vector<std::vector<Predictor>> rewritten;
    if (const auto made = rewrite(best, round, rewritten); !made) return made;
    for (std::size_t i = 0; i < rewritten.size(); ++i) {
      add(rewritten[i], "instruction", best, balanced_.contains(best));
      if (demo_sets.empty()) continue;
      const std::size_t set = i % demo_sets.size();
      add(with_demos(rewritten[i], demo_sets[set]), "instruction and demos", best, is_balanced(best, set));
    }
    return {};
  }

  void add(std::vector<Predictor> predictors, std::string origin, std::size_t parent, bool balanced) {
    const auto place = pool_.add(std::move(predictors), std::move(origin), {parent});
    if (place && balanced) balanced_.insert(*place);
  }

  // Whether a set shows as many of each answer as can be, or as many as the data have: half of each at first, then
  // most as in the best set. Which is better depends on the model and on the data, so it is tried.
  bool is_balanced(std::size_t best, std::size_t set) const {
    const bool of_half = set % 8 == 0 || set % 8 == 6 || set % 4 == 1;
    const bool is_known = best != 0 && !pool_.program(best).predictors().front().demos.empty();
    return is_known && set % 8 < 6 ? balanced_.contains(best) : of_half;
  }

  Status make_demo_sets(std::size_t best, int round, std::vector<DemoSets>& sets) {
    const auto labeled = static_cast<std::size_t>(std::max(options_.labeled_demos, 0));
    for (int i = 0; i < options_.demo_sets && !pool_.is_over(); ++i) {
      const bool plain = i % 2 == 0 || options_.bootstrapped_demos <= 0;
      const bool balanced = is_balanced(best, static_cast<std::size_t>(i));
      if (plain) {  // every other one is shorter: it may do as well, and costs less
        const std::size_t count = i % 4 == 0 || labeled == 0 ? labeled : 1 + dice_.below(labeled);
        sets.push_back(balanced ? balanced_demos(task_, count, dice_) : labeled_demos(task_, count, dice_));
        continue;
      }
      const BootstrapPlan plan{1 + dice_.below(static_cast<std::size_t>(options_.bootstrapped_demos)), labeled, 1, 1,
                               balanced};
      const auto salt = seed_ * 1000 + static_cast<std::uint64_t>(round * options_.demo_sets + i);
      const auto made = bootstrap(task_, task_.train.shuffled(salt), plan, session_, dice_, context_);
      if (!made) return tl::unexpected(made.error());
      sets.push_back(made->demos);
      if (!made->is_complete) break;
    }
    return {};
  }

  Status rewrite(std::size_t best, int round, std::vector<std::vector<Predictor>>& rewritten) {
    const auto& predictors = pool_.program(best).predictors();
    std::vector<Proposal> proposals;
    std::vector<std::size_t> which;
    if (options_.instructions <= 0) return {};
    const auto failures =
        failures_of(task_, pool_.program(best), predictors.back().signature, 16, 8, session_, dice_, context_);
    if (!failures) return tl::unexpected(failures.error());
    for (int i = 0; i < options_.instructions; ++i) {
      const std::size_t target = static_cast<std::size_t>(i) % predictors.size();
      const auto tip = writing_tips()[static_cast<std::size_t>(i) % writing_tips().size()];
      std::vector<std::string> cases;
      for (const std::size_t k : dice_.sample(4, failures->size())) cases.push_back((*failures)[k]);
      const bool reflects = !cases.empty() && i % 3 != 2;
      if (!reflects) {
        cases.clear();
        for (const std::size_t row : dice_.sample(6, task_.train.size())) {
          cases.push_back(shown(task_.train[row], predictors[target].signature));
        }
      }
      proposals.push_back({reflects ? reflection_question(predictors[target], cases, tip)
                                    : grounded_question(predictors[target], cases, tip),
                           1.0, round * options_.instructions + i});
      which.push_back(target);
    }
    const auto answers = ask(session_, proposals, context_);
    if (!answers) return tl::unexpected(answers.error());
    for (std::size_t i = 0; i < answers->size(); ++i) {
      if (!(*answers)[i]) continue;
      if (auto changed = with_instruction(predictors, which[i], instruction_in(*(*answers)[i]))) {
        rewritten.push_back(*std::move(changed));
      }
    }
    return {};
  }

  const HalvingOptions& options_;
  const Task& task_;
  Session& session_;
  const Context& context_;
  std::uint64_t seed_;
  Dice dice_;
  Pool pool_;
  std::set<std::size_t> balanced_;  // candidates whose demos are
};

class Halving final : public Optimizer {
 public:
  explicit Halving(HalvingOptions options) : options_(options) {}
  std::string name() const override { return "halving"; }
  std::string options() const override {
    return print_json_compact({{"instructions", options_.instructions},
                               {"demo_sets", options_.demo_sets},
                               {"rounds", options_.rounds},
                               {"bootstrapped_demos", options_.bootstrapped_demos},
                               {"labeled_demos", options_.labeled_demos}});
  }

  Plan plan(const Task& task) const override {
    const std::int64_t rounds = std::max(options_.rounds, 1);
    const std::int64_t instructions = std::max(options_.instructions, 0);
    const std::int64_t demos = std::max(options_.demo_sets, 0);
    const auto examples = static_cast<std::int64_t>(task.validation.size());
    const std::int64_t contenders = 2 * instructions + demos + 2;
    const std::int64_t each = std::min(examples, std::max<std::int64_t>(12, examples / 4));
    const std::int64_t boots = demos / 2;
    const std::int64_t runs =
        2 * examples + rounds * (16 + contenders * each + boots * 3 * std::max(options_.bootstrapped_demos, 0));
    const std::int64_t most = (1 + most_seen_through) * examples +
                              rounds * (16 + contenders * each + boots * static_cast<std::int64_t>(task.train.size()));
    return {runs, most, rounds * instructions, rounds * instructions};
  }

  Result<Search> search(const Task& task, Session& session, std::uint64_t seed, const Context& context) const override {
    return HalvingSearch(options_, task, session, seed, context).run();
  }

 private:
  HalvingOptions options_;
};

}  // namespace

OptimizerPtr halving(HalvingOptions options) {
  return std::make_shared<Halving>(options);
}

}  // namespace persona::prompt
