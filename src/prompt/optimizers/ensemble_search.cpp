//! The best of several programs, voting.
#include <persona/prompt/optimizers/ensemble_search.hpp>

#include <persona/prompt/optimizers/random_search.hpp>

#include "core/json_document.hpp"
#include "pool.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

namespace persona::prompt {
namespace {

// Members are chosen by what they scored: how their votes score together is seen only once they vote.
std::vector<std::size_t> fully_scored(const Search& search) {
  std::vector<std::size_t> places;
  std::size_t most = 0;
  for (const Candidate& candidate : search.candidates) most = std::max(most, candidate.evaluations);
  for (std::size_t i = 0; i < search.candidates.size(); ++i) {
    if (most > 0 && search.candidates[i].evaluations == most) places.push_back(i);
  }
  return places;
}

// How often at least half of the members are right: what a vote would score if the wrong ones disagree.
double vote_score(const Search& search, const std::vector<std::size_t>& members) {
  const auto& first = search.candidates[members.front()].scores;
  double sum = 0;
  double count = 0;
  for (std::size_t e = 0; e < first.size(); ++e) {
    double right = 0;
    for (const std::size_t member : members) right += search.candidates[member].scores[e];
    if (std::isnan(right)) continue;
    const double share = right / static_cast<double>(members.size());
    sum += share > 0.5 ? 1 : share == 0.5 ? 0.5 : 0;
    count += 1;
  }
  return count > 0 ? sum / count : 0;
}

std::vector<std::size_t> chosen_members(const Search& search, std::size_t most) {
  const auto places = fully_scored(search);
  std::vector<std::size_t> members;
  while (members.size() < most && members.size() < places.size()) {
    std::optional<std::size_t> best;
    double best_score = -1;
    for (const std::size_t place : places) {
      if (std::find(members.begin(), members.end(), place) != members.end()) continue;
      std::vector<std::size_t> tried = members;
      tried.push_back(place);
      if (const double score = vote_score(search, tried); score > best_score) {
        best_score = score;
        best = place;
      }
    }
    members.push_back(*best);
  }
  return members;
}

class EnsembleSearch final : public Optimizer {
 public:
  explicit EnsembleSearch(EnsembleOptions options) : options_(std::move(options)) {
    if (options_.candidates == nullptr) options_.candidates = random_search();
  }
  std::string name() const override { return "ensemble(" + options_.candidates->name() + ")"; }
  std::string options() const override {
    const auto inner = parse_json_document(options_.candidates->options());
    return print_json_compact({{"members", options_.members}, {"candidates", inner ? *inner : Json()}});
  }

  Plan plan(const Task& task) const override {
    Plan plan = options_.candidates->plan(task);
    const auto votes = static_cast<std::int64_t>(task.validation.size()) * std::max(options_.members, 1);
    plan.program_runs += votes;
    plan.program_runs_most += votes;
    return plan;
  }

  Result<Search> search(const Task& task, Session& session, std::uint64_t seed, const Context& context) const override {
    auto found = options_.candidates->search(task, session, seed, context);
    if (!found || found->stopped_early) return found;
    const auto members = chosen_members(*found, static_cast<std::size_t>(std::max(options_.members, 1)));
    if (members.size() < 2) return found;
    std::vector<Program> programs;
    for (const std::size_t member : members) programs.push_back(found->candidates[member].program);
    auto together = ensemble(std::move(programs));
    if (!together) return tl::unexpected(together.error());

    Task voting = task;
    voting.program = *std::move(together);
    Pool pool(voting, session, context);
    const auto scored = pool.score_fully(0);
    if (!scored) return tl::unexpected(scored.error());
    Search voted = std::move(pool).finish(0);
    Candidate candidate = std::move(voted.candidates.front());
    candidate.id = "c" + std::to_string(found->candidates.size());
    candidate.origin = "ensemble";
    for (const std::size_t member : members) candidate.parents.push_back(found->candidates[member].id);
    const bool better = *scored && candidate.score.value > found->candidates[found->best].score.value;
    found->candidates.push_back(std::move(candidate));
    if (better) found->best = found->candidates.size() - 1;
    found->stopped_early = found->stopped_early || !*scored;
    return found;
  }

 private:
  EnsembleOptions options_;
};

}  // namespace

OptimizerPtr ensemble_search(EnsembleOptions options) {
  return std::make_shared<EnsembleSearch>(std::move(options));
}

}  // namespace persona::prompt
