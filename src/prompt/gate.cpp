//! A walk of the lead between two bounds.
#include <persona/prompt/gate.hpp>

#include "prompt/random_order.hpp"

#include <cmath>

namespace persona::prompt {
namespace {

constexpr double least_final_lead = 2;

}  // namespace

std::vector<std::size_t> contested_first(const ScoreTable& table, std::span<const std::size_t> candidates,
                                         std::uint64_t seed) {
  std::vector<double> disagreement(table.examples(), 0);
  for (std::size_t j = 0; j < table.examples(); ++j) {
    double sum = 0, count = 0;
    for (const std::size_t i : candidates)
      if (table.has(i, j)) sum += table.at(i, j), ++count;
    if (count > 0) disagreement[j] = sum / count * (1 - sum / count);
  }
  const auto ranks = random_ranks(table.examples(), seed, "examples");
  std::vector<std::size_t> order(table.examples());
  for (std::size_t j = 0; j < order.size(); ++j) order[ranks[j]] = j;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return disagreement[a] > disagreement[b]; });
  return order;
}

// The bounds grow with the root of the walk's length. A child starts further from being kept than from
// being dropped: most children are no better than their parents, and a kept one costs a full evaluation.
Gate::Gate(std::size_t examples)
    : keep_at_(std::ceil(1.3 * std::sqrt(static_cast<double>(std::max<std::size_t>(examples, 3))))),
      drop_at_(std::floor(0.7 * std::sqrt(static_cast<double>(std::max<std::size_t>(examples, 3))))),
      most_(2 * std::max<std::size_t>(examples, 3)) {}

Gate::Verdict Gate::add(double parent, double child) {
  if (verdict_ != Verdict::undecided) return verdict_;
  lead_ += child - parent;
  ++count_;
  const double left = static_cast<double>(most_ - count_);
  if (lead_ >= keep_at_ || lead_ - left >= least_final_lead) verdict_ = Verdict::kept;
  if (lead_ <= -drop_at_ || lead_ + left < least_final_lead) verdict_ = Verdict::dropped;
  return verdict_;
}

}  // namespace persona::prompt
