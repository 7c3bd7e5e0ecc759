//! Instructions and demo sets chosen together by a surrogate.
#include <persona/prompt/optimizers/mipro.hpp>

#include "core/json_document.hpp"
#include "demos.hpp"
#include "instructions.hpp"
#include "pool.hpp"
#include "tpe.hpp"

#include "prompt/wording.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <utility>

namespace persona::prompt {
namespace {

struct MiproCounts {
  int candidates;
  std::size_t examples;
};

MiproCounts counts_of(MiproSize size) {
  switch (size) {
    case MiproSize::light: return {6, 100};
    case MiproSize::medium: return {12, 300};
    case MiproSize::heavy: return {18, 1000};
  }
  return {6, 100};
}

int trials_of(int candidates, std::size_t predictors, bool has_demos) {
  const double variables = static_cast<double>(predictors) * (has_demos ? 2 : 1);
  return static_cast<int>(std::max(2 * variables * std::log2(candidates), 1.5 * candidates));
}

class MiproSearch {
 public:
  MiproSearch(const MiproOptions& options, const Task& task, Session& session, std::uint64_t seed,
              const Context& context)
      : options_(options),
        counts_(counts_of(options.size)),
        task_(task),
        session_(session),
        context_(context),
        seed_(seed),
        dice_(seed),
        pool_(task, session, context) {
    rows_ = dice_.sample(std::min(counts_.examples, pool_.examples().size()), pool_.examples().size());
    std::sort(rows_.begin(), rows_.end());
  }

  Result<Search> run() && {
    const auto first = pool_.score(std::vector<std::size_t>{0}, rows_);
    if (!first) return tl::unexpected(first.error());
    if (const auto made = make_demo_sets(); !made) return tl::unexpected(made.error());
    if (const auto made = make_instructions(); !made) return tl::unexpected(made.error());
    if (const auto searched = search_combinations(); !searched) return tl::unexpected(searched.error());
    const std::size_t best = pool_.best();
    return std::move(pool_).finish(best);
  }

 private:
  std::size_t predictor_count() const { return task_.program.predictors().size(); }
  bool has_demos() const { return options_.bootstrapped_demos > 0 || options_.labeled_demos > 0; }

  // No demos, labeled ones, then bootstrapped ones of the data as it is and shuffled.
  Status make_demo_sets() {
    demo_sets_.assign(1, DemoSets(predictor_count()));
    for (std::size_t i = 0; i < predictor_count(); ++i) demo_sets_[0][i] = task_.program.predictors()[i].demos;
    if (!has_demos()) return {};
    const auto labeled = static_cast<std::size_t>(std::max(options_.labeled_demos, 0));
    const auto most = static_cast<std::size_t>(std::max(options_.bootstrapped_demos, 0));
    demo_sets_.push_back(labeled_demos(task_, labeled, dice_));
    for (int i = 2; i < counts_.candidates && most > 0 && !pool_.is_over(); ++i) {
      const BootstrapPlan plan{i == 2 ? most : 1 + dice_.below(most), labeled, 1, 1};
      const Dataset order = i == 2 ? task_.train : task_.train.shuffled(seed_ + static_cast<std::uint64_t>(i));
      const auto made = bootstrap(task_, order, plan, session_, dice_, context_);
      if (!made) return tl::unexpected(made.error());
      demo_sets_.push_back(made->demos);
      if (!made->is_complete) break;
    }
    return {};
  }

  // The first is the one that one came with; the others are grounded in examples, each with its own tip.
  Status make_instructions() {
    const int count = has_demos() ? counts_.candidates / 2 : counts_.candidates;
    instructions_.resize(predictor_count());
    std::vector<Proposal> proposals;
    std::vector<std::size_t> targets;
    for (std::size_t p = 0; p < predictor_count(); ++p) {
      const Predictor& predictor = task_.program.predictors()[p];
      instructions_[p].push_back(predictor.signature.instructions);
      for (int i = 1; i < count; ++i) {
        std::vector<std::string> cases;
        for (const std::size_t row : dice_.sample(10, task_.train.size())) {
          cases.push_back(shown(task_.train[row], predictor.signature));
        }
        const auto tip = writing_tips()[dice_.below(writing_tips().size())];
        proposals.push_back({grounded_question(predictor, cases, tip), options_.temperature, i});
        targets.push_back(p);
      }
    }
    const auto answers = ask(session_, proposals, context_);
    if (!answers) return tl::unexpected(answers.error());
    for (std::size_t i = 0; i < answers->size(); ++i) {
      const std::string text = (*answers)[i] ? instruction_in(*(*answers)[i]) : std::string();
      auto& known = instructions_[targets[i]];
      if (!text.empty() && std::find(known.begin(), known.end(), text) == known.end()) known.push_back(text);
    }
    return {};
  }

  std::vector<std::size_t> sizes() const {
    std::vector<std::size_t> sizes;
    for (const auto& texts : instructions_) sizes.push_back(texts.size());
    if (has_demos()) sizes.insert(sizes.end(), predictor_count(), demo_sets_.size());
    return sizes;
  }

  std::optional<std::size_t> candidate_of(const std::vector<std::size_t>& choices) {
    auto predictors = task_.program.predictors();
    for (std::size_t p = 0; p < predictors.size(); ++p) {
      predictors[p].signature.instructions = instructions_[p][choices[p]];
      if (has_demos()) predictors[p].demos = demo_sets_[choices[predictors.size() + p]][p];
    }
    return pool_.add(std::move(predictors), "combination", {0});
  }

  // A minibatch serves all trials until the next full evaluation, so that they can be compared.
  std::vector<std::size_t> minibatch() {
    std::vector<std::size_t> batch;
    for (const std::size_t i : dice_.sample(static_cast<std::size_t>(std::max(options_.minibatch, 1)), rows_.size())) {
      batch.push_back(rows_[i]);
    }
    return batch;
  }

  double mean_on(std::size_t candidate, const std::vector<std::size_t>& examples) const {
    double sum = 0;
    for (const std::size_t e : examples) sum += pool_.score_of(candidate, e);
    return sum / static_cast<double>(examples.size());
  }

  Status search_combinations() {
    const auto all = sizes();
    double space = 1;
    for (const std::size_t size : all) space *= static_cast<double>(size);
    const bool small = rows_.size() <= 50;  // then every trial sees all examples
    trials_ = {{std::vector<std::size_t>(all.size(), 0), pool_.mean(0), 2}};
    seen_[trials_.front().choices] = 0;
    std::vector<std::size_t> batch = minibatch();
    const int trials = trials_of(counts_.candidates, predictor_count(), has_demos());
    for (int t = 1; t <= trials && !pool_.is_over() && static_cast<double>(seen_.size()) < space; ++t) {
      auto choices = next_trial(trials_, all, dice_);
      for (int again = 0; again < 20 && seen_.contains(choices); ++again) {
        for (std::size_t v = 0; v < all.size(); ++v) choices[v] = dice_.below(all[v]);
      }
      const auto candidate = candidate_of(choices);
      if (!candidate) continue;
      const auto& examples = small ? rows_ : batch;
      const auto scored = pool_.score(std::vector<std::size_t>{*candidate}, examples);
      if (!scored) return tl::unexpected(scored.error());
      if (!*scored) break;
      seen_[choices] = *candidate;
      trials_.push_back({choices, mean_on(*candidate, examples), small ? 2.0 : 1.0});
      if (!small && (t % std::max(options_.full_every, 1) == 0 || t == trials)) {
        if (const auto done = see_best_through(); !done) return done;
        batch = minibatch();
      }
    }
    return {};
  }

  // The best combination that has not met all examples yet meets them; its full score counts double.
  Status see_best_through() {
    Trial* best = nullptr;
    for (Trial& trial : trials_) {
      const bool open = pool_.known(seen_[trial.choices]) < rows_.size();
      if (open && (best == nullptr || trial.score > best->score)) best = &trial;
    }
    if (best == nullptr) return {};
    const std::size_t candidate = seen_[best->choices];
    const auto scored = pool_.score(std::vector<std::size_t>{candidate}, rows_);
    if (!scored) return tl::unexpected(scored.error());
    if (*scored) *best = {best->choices, mean_on(candidate, rows_), 2};
    return {};
  }

  const MiproOptions& options_;
  MiproCounts counts_;
  const Task& task_;
  Session& session_;
  const Context& context_;
  std::uint64_t seed_;
  Dice dice_;
  Pool pool_;
  std::vector<std::size_t> rows_;
  std::vector<DemoSets> demo_sets_;
  std::vector<std::vector<std::string>> instructions_;
  std::vector<Trial> trials_;
  std::map<std::vector<std::size_t>, std::size_t> seen_;
};

class Mipro final : public Optimizer {
 public:
  explicit Mipro(MiproOptions options) : options_(options) {}
  std::string name() const override { return "mipro"; }
  std::string options() const override {
    return print_json_compact({{"size", options_.size == MiproSize::light    ? "light"
                                        : options_.size == MiproSize::medium ? "medium"
                                                                             : "heavy"},
                               {"bootstrapped_demos", options_.bootstrapped_demos},
                               {"labeled_demos", options_.labeled_demos},
                               {"minibatch", options_.minibatch},
                               {"full_every", options_.full_every},
                               {"temperature", options_.temperature}});
  }
  Plan plan(const Task& task) const override {
    const auto counts = counts_of(options_.size);
    const bool has_demos = options_.bootstrapped_demos > 0 || options_.labeled_demos > 0;
    const std::size_t predictors = task.program.predictors().size();
    const std::int64_t trials = trials_of(counts.candidates, predictors, has_demos);
    const auto examples = static_cast<std::int64_t>(std::min(counts.examples, task.validation.size()));
    const std::int64_t batch = examples <= 50 ? examples : options_.minibatch;
    const std::int64_t full = examples <= 50 ? 0 : trials / std::max(options_.full_every, 1) + 1;
    const std::int64_t runs = examples + trials * batch + full * examples;
    const std::int64_t boots = options_.bootstrapped_demos > 0 ? counts.candidates - 2 : 0;
    const std::int64_t asked =
        static_cast<std::int64_t>(predictors) * ((has_demos ? counts.candidates / 2 : counts.candidates) - 1);
    return {runs + boots * 3 * options_.bootstrapped_demos, runs + boots * static_cast<std::int64_t>(task.train.size()),
            asked, asked};
  }
  Result<Search> search(const Task& task, Session& session, std::uint64_t seed, const Context& context) const override {
    return MiproSearch(options_, task, session, seed, context).run();
  }

 private:
  MiproOptions options_;
};

}  // namespace

OptimizerPtr mipro(MiproOptions options) {
  return std::make_shared<Mipro>(options);
}

}  // namespace persona::prompt
