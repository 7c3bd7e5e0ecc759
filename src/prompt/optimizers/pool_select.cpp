//! Successive halving among the candidates of a pool.
#include "pool.hpp"

#include <utility>

namespace persona::prompt {

Result<std::vector<std::size_t>> Pool::select(std::span<const std::size_t> candidates, std::size_t evaluations,
                                              std::size_t keep, std::uint64_t seed) {
  const std::vector<std::size_t> places(candidates.begin(), candidates.end());
  ScoreTable table(places.size(), examples_.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (std::size_t e = 0; e < examples_.size(); ++e) {
      if (is_known(places[i], e)) table.set(i, e, score_of(places[i], e));
    }
  }
  const Evaluate run = [&](std::span<const std::size_t> rows, std::span<const std::size_t> examples,
                           ScoreTable& into) -> Result<std::size_t> {
    std::vector<std::size_t> asked;
    for (const std::size_t row : rows) asked.push_back(places[row]);
    const auto scored = score(asked, examples);
    if (!scored) return tl::unexpected(scored.error());
    std::size_t count = 0;
    for (const std::size_t example : examples) {
      for (const std::size_t row : rows) {
        if (!is_known(places[row], example)) continue;
        into.set(row, example, score_of(places[row], example));
        ++count;
      }
    }
    return count;
  };
  auto selection = select_best(table, run, {.evaluations = evaluations, .keep = keep, .seed = seed});
  if (!selection) return tl::unexpected(selection.error());
  std::vector<std::size_t> ranking;
  for (const std::size_t row : selection->ranking) ranking.push_back(places[row]);
  return ranking;
}

}  // namespace persona::prompt
