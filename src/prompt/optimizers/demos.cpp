//! Demos: drawn from the data, or made by running the program.
#include "demos.hpp"

#include "prompt/evaluate_items.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace persona::prompt {
namespace {

// So many examples are run at once, whatever the number of threads: results do not depend on it.
constexpr std::size_t bootstrap_batch = 8;

// The teacher as it runs on one example: with labeled demos, but never with that example's own.
Program teacher_of(const Task& task, const DemoSets& labeled, const Example& example) {
  const Program& teacher = task.teacher ? *task.teacher : task.program;
  auto predictors = teacher.predictors();
  for (std::size_t i = 0; i < predictors.size() && i < labeled.size(); ++i) {
    if (predictors[i].demos.empty()) predictors[i].demos = labeled[i];
    std::erase_if(predictors[i].demos, [&](const Demo& demo) { return demo.fields == example.fields; });
  }
  auto changed = teacher.with(std::move(predictors));
  return changed ? *std::move(changed) : teacher;
}

Demo demo_of(const Step& step) {
  Demo demo{step.inputs, true};
  for (const auto& [name, value] : step.outputs) demo.fields[name] = value;
  return demo;
}

template <class T>
void shuffle(std::vector<T>& list, Dice& dice) {
  for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[dice.below(i)]);
}

// Rows in a random order in which each expected answer comes before any comes again; of those in `without`, the
// answers are taken as shown already.
std::vector<std::size_t> balanced_rows(const Task& task, const std::vector<std::string>& without, Dice& dice) {
  std::map<std::string, std::vector<std::size_t>> by_answer;
  for (const std::size_t row : dice.sample(task.train.size(), task.train.size())) {
    std::string answer;
    for (const Field& output : task.program.predictors().back().signature.outputs) {
      const auto value = task.train[row].fields.find(output.name);
      if (value != task.train[row].fields.end()) answer += to_text(value->second) + "\n";
    }
    by_answer[answer].push_back(row);
  }
  const auto is_shown = [&](std::size_t row) {
    return std::find(without.begin(), without.end(), task.train[row].id) != without.end();
  };
  std::vector<std::vector<std::size_t>> groups;
  for (auto& [answer, rows] : by_answer) {
    std::stable_partition(rows.begin(), rows.end(), is_shown);
    groups.push_back(std::move(rows));
  }
  std::vector<std::size_t> order;
  for (std::size_t turn = 0; turn < task.train.size(); ++turn) {
    shuffle(groups, dice);
    for (const auto& rows : groups) {
      if (turn < rows.size() && !is_shown(rows[turn])) order.push_back(rows[turn]);
    }
  }
  return order;
}

// Of several steps of one predictor in a run: the last as often as all others together.
void add_steps(const std::vector<Predictor>& predictors, const Outcome& outcome, Dice& dice, DemoSets& demos) {
  for (std::size_t i = 0; i < predictors.size(); ++i) {
    std::vector<const Step*> steps;
    for (const Step& step : outcome.trace) {
      if (step.predictor == predictors[i].name) steps.push_back(&step);
    }
    if (steps.empty()) continue;
    const bool takes_last = steps.size() == 1 || dice.uniform() < 0.5;
    demos[i].push_back(demo_of(takes_last ? *steps.back() : *steps[dice.below(steps.size() - 1)]));
  }
}

}  // namespace

DemoSets labeled_demos(const Task& task, std::size_t count, Dice& dice, const std::vector<std::string>& without) {
  std::vector<std::size_t> rest;
  for (std::size_t i = 0; i < task.train.size(); ++i) {
    if (std::find(without.begin(), without.end(), task.train[i].id) == without.end()) rest.push_back(i);
  }
  DemoSets demos(task.program.predictors().size());
  for (auto& set : demos) {
    for (const std::size_t i : dice.sample(count, rest.size())) set.push_back({task.train[rest[i]].fields, false});
  }
  return demos;
}

DemoSets balanced_demos(const Task& task, std::size_t count, Dice& dice, const std::vector<std::string>& without) {
  DemoSets demos(task.program.predictors().size());
  for (auto& set : demos) {
    for (const std::size_t row : balanced_rows(task, without, dice)) {
      if (set.size() < count) set.push_back({task.train[row].fields, false});
    }
    shuffle(set, dice);
  }
  return demos;
}

Result<Bootstrap> bootstrap(const Task& task, const Dataset& order, const BootstrapPlan& plan, Session& session,
                            Dice& dice, const Context& context) {
  const auto& predictors = task.program.predictors();
  Bootstrap made;
  made.demos.resize(predictors.size());
  const DemoSets helping = labeled_demos(task, plan.labeled, dice);
  for (std::size_t first = 0; first < order.size() && made.used.size() < plan.bootstrapped; first += bootstrap_batch) {
    const std::size_t end = std::min(order.size(), first + bootstrap_batch);
    std::set<std::size_t> open;
    for (std::size_t i = first; i < end; ++i) open.insert(i);
    std::vector<const Outcome*> good(end - first, nullptr);
    std::vector<std::vector<Outcome>> kept;
    for (int round = 0; round < plan.rounds && !open.empty(); ++round) {
      std::vector<Program> teachers;
      for (const std::size_t i : open) teachers.push_back(teacher_of(task, helping, order[i]));
      std::vector<EvaluationItem> items;
      std::vector<std::size_t> places(open.begin(), open.end());
      for (std::size_t k = 0; k < places.size(); ++k) items.push_back({&teachers[k], &order[places[k]], round});
      auto outcomes = evaluate_items(items, *task.metric, session, context);
      if (!outcomes && !ends_search_early(outcomes.error())) return tl::unexpected(outcomes.error());
      made.is_complete = made.is_complete && outcomes && outcomes->size() == items.size();
      if (!outcomes) break;
      kept.push_back(*std::move(outcomes));
      for (std::size_t k = 0; k < kept.back().size(); ++k) {
        const Outcome& outcome = kept.back()[k];
        if (outcome.error || outcome.score < plan.threshold) continue;
        good[places[k] - first] = &outcome;
        open.erase(places[k]);
      }
    }
    for (std::size_t i = first; i < end && made.used.size() < plan.bootstrapped; ++i) {
      if (good[i - first] == nullptr) continue;
      add_steps(predictors, *good[i - first], dice, made.demos);
      made.used.push_back(order[i].id);
    }
    if (!made.is_complete) break;
  }
  for (auto& set : made.demos) {
    if (set.size() > plan.bootstrapped) set.resize(plan.bootstrapped);
  }
  const DemoSets labeled = plan.is_balanced ? balanced_demos(task, plan.labeled, dice, made.used)
                                            : labeled_demos(task, plan.labeled, dice, made.used);
  for (std::size_t i = 0; i < made.demos.size(); ++i) {
    for (const Demo& demo : labeled[i]) {
      if (made.demos[i].size() < plan.labeled) made.demos[i].push_back(demo);
    }
  }
  return made;
}

std::vector<Predictor> with_demos(std::vector<Predictor> predictors, const DemoSets& demos) {
  for (std::size_t i = 0; i < predictors.size() && i < demos.size(); ++i) predictors[i].demos = demos[i];
  return predictors;
}

}  // namespace persona::prompt
