//! Selection in rounds: choose cells, have them scored, learn.
#include <persona/prompt/selection.hpp>

#include "prompt/item_response.hpp"
#include "prompt/knowledge_gradient.hpp"
#include "prompt/random_order.hpp"

#include <algorithm>
#include <utility>

namespace persona::prompt {
namespace {

Selection selection_of(const ScoreTable& table, const ItemResponse& model, std::size_t spent,
                       const std::vector<std::size_t>& ranks) {
  Selection selection{ranks, strengths_of(table, model), spent};
  const auto& strengths = selection.strengths;
  for (std::size_t i = 0; i < ranks.size(); ++i) selection.ranking[ranks[i]] = i;
  std::stable_sort(selection.ranking.begin(), selection.ranking.end(),
                   [&](std::size_t a, std::size_t b) { return strengths[a].mean > strengths[b].mean; });
  return selection;
}

}  // namespace

Result<Selection> select_best(ScoreTable& table, const Evaluate& evaluate, const SelectionOptions& options) {
  if (table.candidates() == 0) return fail(Errc::invalid_argument, "selection: no candidates to select from");
  if (table.examples() == 0) return fail(Errc::invalid_argument, "selection: no examples to select by");
  const auto candidate_ranks = random_ranks(table.candidates(), options.seed, "candidates");
  const auto example_ranks = random_ranks(table.examples(), options.seed, "examples");
  const std::size_t batch = std::max<std::size_t>(1, options.evaluations / std::max<std::size_t>(1, options.rounds));
  ItemResponse model(table);
  model.fit(6);
  std::size_t spent = 0;
  for (int round = 0; spent < options.evaluations; ++round) {
    const std::size_t left = options.evaluations - spent;
    const auto cells =
        most_valuable_cells(table, model, std::min(batch, left), left, options.keep, candidate_ranks, example_ranks);
    if (cells.empty()) break;
    const auto scored = evaluate(cells, table);
    if (!scored) return tl::unexpected(scored.error());
    for (std::size_t k = 0; k < std::min(*scored, cells.size()); ++k)
      model.add(cells[k], table.at(cells[k].candidate, cells[k].example));
    spent += std::min(*scored, cells.size());
    model.fit(round < 3 ? 4 : 2);
    if (*scored < cells.size()) break;
  }
  model.fit(3);
  return selection_of(table, model, spent, candidate_ranks);
}

}  // namespace persona::prompt
