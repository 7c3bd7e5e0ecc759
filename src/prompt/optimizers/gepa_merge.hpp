//! Two good programs put together, part by part.
#pragma once

#include "pool.hpp"
#include "proposals.hpp"

#include <optional>
#include <span>
#include <vector>

namespace persona::prompt {

struct MergedPair {
  std::size_t first = 0, second = 0, ancestor = 0;
  bool operator==(const MergedPair&) const = default;
};

struct MergePlan {
  std::size_t first = 0, second = 0, ancestor = 0;
  std::vector<Predictor> predictors = {};  //!< what changed since the ancestor wins; both: the better program's
};

//! Two members of the front, neither descended from the other, with a common ancestor that is no better than
//! either and whose parts they changed differently. None where ten draws found no such pair.
std::optional<MergePlan> plan_merge(const Pool& pool, std::span<const std::size_t> members,
                                    const std::vector<MergedPair>& done, Dice& dice);

//! Examples on which the first is better, the second is, and neither, about a third each.
std::vector<std::size_t> merge_examples(const Pool& pool, std::size_t first, std::size_t second, std::size_t count,
                                        Dice& dice);

}  // namespace persona::prompt
