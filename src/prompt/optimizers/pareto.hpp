//! Who is best where.
#pragma once

#include "pool.hpp"
#include "proposals.hpp"

#include <span>
#include <vector>

namespace persona::prompt {

//! For each validation example, the candidates that score best on it.
std::vector<std::vector<std::size_t>> fronts_of(const Pool& pool, std::span<const std::size_t> candidates);

//! Candidates that are needed to cover the fronts, each as often as it stands in one: dominated ones, the
//! weakest first, are left out where every front of theirs has another. @source{Agrawal et al. 2025, GEPA}
std::vector<std::size_t> pareto_multiset(const Pool& pool, std::span<const std::size_t> candidates);

}  // namespace persona::prompt
