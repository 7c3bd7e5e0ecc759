//! Selection among the candidates of a pool.
#include "pool.hpp"

#include <utility>

namespace persona::prompt {

Result<std::vector<std::size_t>> Pool::select(std::span<const std::size_t> candidates, std::size_t evaluations,
                                              std::size_t keep, std::uint64_t seed) {
  const std::vector<std::size_t> places(candidates.begin(), candidates.end());
  std::vector<double> weights;
  for (const Example& example : examples_) weights.push_back(example.weight);
  ScoreTable table(places.size(), examples_.size(), std::move(weights));
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (std::size_t e = 0; e < examples_.size(); ++e) {
      if (is_known(places[i], e)) table.set(i, e, score_of(places[i], e));
    }
  }
  const Evaluate run = [&](std::span<const Cell> cells, ScoreTable& into) -> Result<std::size_t> {
    std::vector<Cell> asked;
    for (const auto& [row, example] : cells) asked.push_back({places[row], example});
    const auto scored = score(asked);
    if (!scored) return tl::unexpected(scored.error());
    std::size_t count = 0;
    for (; count < cells.size() && is_known(asked[count].candidate, asked[count].example); ++count)
      into.set(cells[count].candidate, cells[count].example, score_of(asked[count].candidate, asked[count].example));
    return count;
  };
  auto selection = select_best(table, run, {.evaluations = evaluations, .keep = keep, .seed = seed});
  if (!selection) return tl::unexpected(selection.error());
  std::vector<std::size_t> ranking;
  for (const std::size_t row : selection->ranking) ranking.push_back(places[row]);
  return ranking;
}

}  // namespace persona::prompt
