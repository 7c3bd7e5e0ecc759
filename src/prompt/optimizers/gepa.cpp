//! Reflection on failures, and a Pareto front of who is best where.
#include <persona/prompt/optimizers/gepa.hpp>

#include "core/json_document.hpp"
#include "gepa_merge.hpp"
#include "instructions.hpp"
#include "pareto.hpp"
#include "pool.hpp"

#include "prompt/evaluate_items.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace persona::prompt {
namespace {

// Training examples in shuffled epochs.
class Epochs {
 public:
  Epochs(std::size_t count, Dice& dice) : count_(count), dice_(dice) {}
  std::vector<std::size_t> next(std::size_t size) {
    std::vector<std::size_t> batch;
    while (batch.size() < std::min(size, count_)) {
      if (left_.empty()) left_ = dice_.sample(count_, count_);
      if (std::find(batch.begin(), batch.end(), left_.back()) == batch.end()) batch.push_back(left_.back());
      left_.pop_back();
    }
    return batch;
  }

 private:
  std::size_t count_;
  Dice& dice_;
  std::vector<std::size_t> left_;
};

class GepaSearch {
 public:
  GepaSearch(const GepaOptions& options, const Task& task, Session& session, std::uint64_t seed, const Context& context)
      : options_(options),
        task_(task),
        session_(session),
        context_(context),
        dice_(seed),
        epochs_(task.train.size(), dice_),
        pool_(task, session, context) {}

  Result<Search> run() && {
    const auto scored = pool_.score_fully(0);
    if (!scored) return tl::unexpected(scored.error());
    members_ = {0};
    next_component_ = {0};
    for (int i = 0; i < options_.proposals && !pool_.is_over() && !ended_; ++i) {
      const bool merges = merges_due_ > 0 && accepted_last_;
      accepted_last_ = false;
      const Status done = merges ? merge() : reflect(i);
      if (!done) return tl::unexpected(done.error());
    }
    const std::size_t best = pool_.best();
    return std::move(pool_).finish(best);
  }

 private:
  Result<std::vector<Outcome>> run_on(const Program& program, const Dataset& batch) {
    std::vector<EvaluationItem> items;
    for (const Example& example : batch) items.push_back({&program, &example});
    auto outcomes = evaluate_items(items, *task_.metric, session_, context_);
    if (!outcomes && !ends_search_early(outcomes.error())) return outcomes;
    if (!outcomes || outcomes->size() < items.size()) {
      ended_ = true;
      return std::vector<Outcome>();
    }
    return outcomes;
  }

  // A child is let in when it is better on the minibatch: strictly (the original), or so that doubts are
  // looked into on up to four more batches before one decides.
  Result<bool> is_let_in(const Program& parent, const Program& child, std::vector<Outcome> before,
                         const Dataset& batch) {
    auto after = run_on(child, batch);
    if (!after) return tl::unexpected(after.error());
    double lead = 0;
    for (std::size_t i = 0; i < after->size(); ++i) lead += (*after)[i].score - before[i].score;
    if (!options_.race_gate || ended_) return !ended_ && lead > 0;
    constexpr int most_batches = 5;
    const double sure = 0.75 * static_cast<double>(batch.size());
    for (int looks = 1; looks < most_batches && lead > -sure && lead < sure; ++looks) {
      const Dataset more = task_.train.take(epochs_.next(static_cast<std::size_t>(std::max(options_.minibatch, 1))));
      const auto first = run_on(parent, more);
      if (!first) return tl::unexpected(first.error());
      const auto second = ended_ ? first : run_on(child, more);
      if (!second) return tl::unexpected(second.error());
      if (ended_) return false;
      for (std::size_t i = 0; i < more.size(); ++i) lead += (*second)[i].score - (*first)[i].score;
    }
    return lead > 0;
  }

  Status let_in(std::size_t candidate, std::size_t component) {
    const auto scored = pool_.score_fully(candidate);
    if (!scored) return tl::unexpected(scored.error());
    if (!*scored) return {};
    members_.push_back(candidate);
    next_component_.resize(pool_.size(), 0);
    next_component_[candidate] = component;
    accepted_last_ = true;
    return {};
  }

  Status reflect(int turn) {
    const auto choices = pareto_multiset(pool_, members_);
    const std::size_t parent = choices.empty() ? 0 : choices[dice_.below(choices.size())];
    const auto& predictors = pool_.program(parent).predictors();
    const Dataset batch = task_.train.take(epochs_.next(static_cast<std::size_t>(std::max(options_.minibatch, 1))));
    auto before = run_on(pool_.program(parent), batch);
    if (!before) return tl::unexpected(before.error());
    if (ended_ || std::all_of(before->begin(), before->end(), [](const Outcome& o) { return o.score >= 1; })) return {};
    next_component_.resize(pool_.size(), 0);
    const std::size_t component = next_component_[parent] % predictors.size();
    next_component_[parent] = component + 1;
    std::vector<std::string> cases;
    for (std::size_t i = 0; i < batch.size(); ++i)
      cases.push_back(shown(batch[i], (*before)[i], predictors[component].signature));
    const auto answer = ask(session_, {{reflection_question(predictors[component], cases, ""), 1.0, turn}}, context_);
    if (!answer) return tl::unexpected(answer.error());
    auto changed =
        answer->front() ? with_instruction(predictors, component, instruction_in(*answer->front())) : std::nullopt;
    if (!changed) return {};
    auto child = task_.program.with(*changed);
    if (!child) return tl::unexpected(child.error());
    const Program parent_program = pool_.program(parent);
    const auto better = is_let_in(parent_program, *child, *std::move(before), batch);
    if (!better) return tl::unexpected(better.error());
    if (!*better) return {};
    const std::size_t size = pool_.size();
    const std::size_t place = pool_.add(*std::move(child), "reflection", {parent});
    if (place < size) return {};  // known already
    if (merges_due_ < options_.most_merges) ++merges_due_;
    return let_in(place, component + 1);
  }

  Status merge() {
    const auto plan = plan_merge(pool_, members_, merged_, dice_);
    if (!plan) return {};
    const auto examples = merge_examples(pool_, plan->first, plan->second, 5, dice_);
    const std::size_t size = pool_.size();
    const auto place = pool_.add(plan->predictors, "merge", {plan->first, plan->second});
    merged_.push_back({plan->first, plan->second, plan->ancestor});
    if (!place || *place < size) return {};
    const std::size_t one[] = {*place};
    const auto scored = pool_.score(one, examples);
    if (!scored) return tl::unexpected(scored.error());
    if (!*scored) return {};
    double child = 0;
    double first = 0;
    double second = 0;
    for (const std::size_t e : examples) {
      child += pool_.score_of(*place, e);
      first += pool_.score_of(plan->first, e);
      second += pool_.score_of(plan->second, e);
    }
    if (child < std::max(first, second)) return {};
    --merges_due_;
    return let_in(*place, 0);
  }

  const GepaOptions& options_;
  const Task& task_;
  Session& session_;
  const Context& context_;
  Dice dice_;
  Epochs epochs_;
  Pool pool_;
  std::vector<std::size_t> members_;         // fully scored
  std::vector<std::size_t> next_component_;  // whose turn it is, by candidate
  std::vector<MergedPair> merged_;
  int merges_due_ = 0;
  bool accepted_last_ = false;
  bool ended_ = false;
};

class Gepa final : public Optimizer {
 public:
  explicit Gepa(GepaOptions options) : options_(options) {}
  std::string name() const override { return "gepa"; }
  std::string options() const override {
    return print_json_compact({{"minibatch", options_.minibatch},
                               {"most_merges", options_.most_merges},
                               {"proposals", options_.proposals},
                               {"race_gate", options_.race_gate}});
  }
  Plan plan(const Task& task) const override {
    const auto examples = static_cast<std::int64_t>(task.validation.size());
    const std::int64_t proposals = std::max(options_.proposals, 0);
    const std::int64_t batch = std::max(options_.minibatch, 1);
    // About one proposal in four is let in.
    return {examples + proposals * 4 * batch + proposals * examples / 4, examples + proposals * (10 * batch + examples),
            proposals, proposals};
  }
  Result<Search> search(const Task& task, Session& session, std::uint64_t seed, const Context& context) const override {
    return GepaSearch(options_, task, session, seed, context).run();
  }

 private:
  GepaOptions options_;
};

}  // namespace

OptimizerPtr gepa(GepaOptions options) {
  return std::make_shared<Gepa>(options);
}

}  // namespace persona::prompt
