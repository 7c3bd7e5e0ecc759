//! Where the next evaluations are worth most.
#pragma once

#include "prompt/item_response.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace persona::prompt {

//! The next cells, at most `count`, of those the table does not hold.
//! @param left           evaluations that may still be spent, these included
//! @param keep           how many of the best are wanted
//! @param example_ranks  which of equally informative examples comes first
std::vector<Cell> most_valuable_cells(const ScoreTable& table, const ItemResponse& model, std::size_t count,
                                      std::size_t left, std::size_t keep,
                                      const std::vector<std::size_t>& candidate_ranks,
                                      const std::vector<std::size_t>& example_ranks);

}  // namespace persona::prompt
