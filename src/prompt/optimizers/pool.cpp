//! The candidates of a search.
#include "pool.hpp"

#include "prompt/evaluate_items.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace persona::prompt {
namespace {

// A mean with the normal interval of its spread: costs and times have no bounds to respect.
Interval spread_of(const std::vector<double>& values) {
  if (values.empty()) return {};
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double half = values.size() > 1 ? 1.959963984540054 * std::sqrt(squares / (count - 1) / count) : 0;
  return {mean, std::max(0.0, mean - half), mean + half, 0.95};
}

}  // namespace

std::vector<std::size_t> all_places(std::size_t count) {
  std::vector<std::size_t> places(count);
  std::iota(places.begin(), places.end(), std::size_t{0});
  return places;
}

Pool::Pool(const Task& task, Session& session, const Context& context)
    : task_(task), session_(session), context_(context), examples_(task.validation) {
  add(task.program, "baseline");
}

std::size_t Pool::add(Program program, std::string origin, std::vector<std::size_t> parents) {
  const auto [place, is_new] = by_hash_.try_emplace(program.hash(), kept_.size());
  if (!is_new) return place->second;
  return add_other(std::move(program), std::move(origin), std::move(parents));
}

std::size_t Pool::add_other(Program program, std::string origin, std::vector<std::size_t> parents) {
  Candidate candidate{.program = std::move(program)};
  candidate.id = "c" + std::to_string(kept_.size());
  candidate.origin = std::move(origin);
  for (const std::size_t parent : parents) candidate.parents.push_back(kept_[parent].candidate.id);
  kept_.push_back({std::move(candidate), std::move(parents), std::vector<std::optional<Outcome>>(examples_.size())});
  return kept_.size() - 1;
}

std::optional<std::size_t> Pool::add(std::vector<Predictor> predictors, std::string origin,
                                     std::vector<std::size_t> parents) {
  auto program = task_.program.with(std::move(predictors));
  if (!program) return {};
  return add(*std::move(program), std::move(origin), std::move(parents));
}

Result<bool> Pool::score(std::span<const std::size_t> candidates, std::span<const std::size_t> examples) {
  std::vector<Cell> cells;
  for (const std::size_t example : examples)
    for (const std::size_t candidate : candidates) cells.push_back({candidate, example});
  return score(cells);
}

Result<bool> Pool::score(std::span<const Cell> asked) {
  if (over_) return false;
  std::vector<EvaluationItem> items;
  std::vector<Cell> cells;
  for (const Cell& cell : asked) {
    if (is_known(cell.candidate, cell.example)) continue;
    items.push_back({&kept_[cell.candidate].candidate.program, &examples_[cell.example]});
    cells.push_back(cell);
  }
  if (items.empty()) return true;
  auto outcomes = evaluate_items(items, *task_.metric, session_, context_);
  if (!outcomes) {
    if (!ends_search_early(outcomes.error())) return tl::unexpected(outcomes.error());
    note("The search ended early: " + outcomes.error().message);
    over_ = true;
    return false;
  }
  for (std::size_t i = 0; i < outcomes->size(); ++i) {
    kept_[cells[i].candidate].outcomes[cells[i].example] = std::move((*outcomes)[i]);
  }
  if (outcomes->size() < cells.size()) {
    note("The search ended early: the budget is used up");
    over_ = true;
  }
  return !over_;
}

Result<bool> Pool::score_fully(std::size_t candidate) {
  const std::size_t one[] = {candidate};
  return score(one, all_places(examples_.size()));
}

bool Pool::is_known(std::size_t candidate, std::size_t example) const {
  return kept_[candidate].outcomes[example].has_value();
}

double Pool::score_of(std::size_t candidate, std::size_t example) const {
  return kept_[candidate].outcomes[example]->score;
}

const Outcome& Pool::outcome(std::size_t candidate, std::size_t example) const {
  return *kept_[candidate].outcomes[example];
}

double Pool::mean(std::size_t candidate) const {
  double sum = 0;
  double weights = 0;
  for (std::size_t i = 0; i < examples_.size(); ++i) {
    if (!is_known(candidate, i)) continue;
    sum += examples_[i].weight * score_of(candidate, i);
    weights += examples_[i].weight;
  }
  return weights > 0 ? sum / weights : 0;
}

std::size_t Pool::known(std::size_t candidate) const {
  const auto& outcomes = kept_[candidate].outcomes;
  return static_cast<std::size_t>(
      std::count_if(outcomes.begin(), outcomes.end(), [](const auto& o) { return o.has_value(); }));
}

std::size_t Pool::best() const {
  std::size_t most = 0;
  for (std::size_t i = 0; i < size(); ++i) most = std::max(most, known(i));
  std::size_t best = 0;
  for (std::size_t i = 1; i < size(); ++i) {
    const bool comparable = known(i) == most && most > 0;
    if (comparable && (known(best) < most || mean(i) > mean(best))) best = i;
  }
  return best;
}

Search Pool::finish(std::size_t best) && {
  Search search;
  for (Kept& kept : kept_) {
    Candidate& candidate = kept.candidate;
    std::vector<double> scores;
    std::vector<double> weights;
    std::vector<double> costs;
    std::vector<double> times;
    bool priced = true;
    for (std::size_t i = 0; i < examples_.size(); ++i) {
      const auto& outcome = kept.outcomes[i];
      candidate.scores.push_back(outcome ? outcome->score : std::numeric_limits<double>::quiet_NaN());
      if (!outcome) continue;
      scores.push_back(outcome->score);
      weights.push_back(examples_[i].weight);
      times.push_back(static_cast<double>(outcome->latency.count()) / 1000);
      priced = priced && outcome->cost.has_value();
      if (outcome->cost) costs.push_back(static_cast<double>(outcome->cost->picodollars) * 1e-12);
    }
    candidate.evaluations = scores.size();
    if (!scores.empty()) candidate.score = mean_interval(scores, weights);
    candidate.latency_ms = spread_of(times);
    if (priced) candidate.cost_per_run = spread_of(costs);
    search.candidates.push_back(std::move(candidate));
  }
  search.best = best;
  search.stopped_early = over_;
  search.notes = std::move(notes_);
  return search;
}

}  // namespace persona::prompt
