//! Intervals that are equally likely under a law, and which of them a number is in.
#include "fidelity_bins.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace persona {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

std::vector<double> midpoints(std::span<const double> values) {
  std::vector<double> edges;
  for (std::size_t i = 1; i < values.size(); ++i) edges.push_back(values[i - 1] / 2 + values[i] / 2);
  return edges;
}

//! Exact quantiles at 129 probabilities, straight lines between: where an edge lies need not be exact,
//! only what is expected below it, and a CDF costs a tenth of a quantile.
std::vector<double> nearly_equal_edges(const Marginal& law, std::size_t bins) {
  constexpr std::size_t nodes = 128;
  std::vector<double> exact(nodes + 1);
  const double tail = 0.5 / static_cast<double>(bins);
  for (std::size_t k = 0; k <= nodes; ++k)
    exact[k] = law.quantile_z(normal_quantile(std::clamp(static_cast<double>(k) / nodes, tail, 1 - tail)));
  std::vector<double> edges;
  for (std::size_t i = 0; i <= bins; ++i) {
    const double position = static_cast<double>(i * nodes) / static_cast<double>(bins);
    const auto k = std::min(static_cast<std::size_t>(position), nodes - 1);
    edges.push_back(exact[k] + (position - static_cast<double>(k)) * (exact[k + 1] - exact[k]));
  }
  return edges;
}

void add_atoms(const Marginal& law, std::vector<double>& edges) {
  for (const double z : law.breaks_z())
    for (const double side : {z - 1e-9, z, z + 1e-9}) {
      const double x = law.quantile_z(side);
      edges.push_back(x);
      edges.push_back(std::nextafter(x, -infinite));
    }
}

}  // namespace

Bins::Bins(std::vector<double> edges) : edges_(std::move(edges)), guide_(static_cast<std::size_t>(guide_cells)) {
  std::sort(edges_.begin(), edges_.end());
  edges_.erase(std::unique(edges_.begin(), edges_.end()), edges_.end());
  if (edges_.size() < 2) return;
  // Heavy tails would leave few guide cells to the bulk, so a hundredth at each end is searched instead.
  const std::size_t cut = edges_.size() / 100;
  low_ = edges_[cut];
  scale_ = guide_cells / (edges_[edges_.size() - 1 - cut] - low_);
  for (std::size_t cell = 0; cell < guide_.size(); ++cell)
    // One cell early, for the rounding of the position.
    guide_[cell] = static_cast<std::uint32_t>(search(low_ + (static_cast<double>(cell) - 1e-6) / scale_));
}

std::size_t Bins::search(double x) const {
  return static_cast<std::size_t>(std::lower_bound(edges_.begin(), edges_.end(), x) - edges_.begin());
}

std::vector<double> law_edges(const Marginal& law, std::size_t bins) {
  if (law.is_discrete()) return midpoints(law.values());
  std::vector<double> edges = nearly_equal_edges(law, bins);
  add_atoms(law, edges);
  if (const double step = law.rounding(); step > 0)
    for (double& edge : edges) edge = (std::floor(edge / step) + 0.5) * step;
  std::erase_if(edges, [](double edge) { return !std::isfinite(edge); });
  return edges;
}

double law_below_edge(const Marginal& law, double edge) {
  if (!law.is_discrete()) return law.cdf(edge);
  const auto values = law.values();
  const auto above = std::upper_bound(values.begin(), values.end(), edge) - values.begin();
  return above == 0 ? 0 : law.cumulative()[static_cast<std::size_t>(above) - 1];
}

std::vector<double> sample_edges(const std::vector<double>& rising, std::size_t bins) {
  std::vector<double> distinct;
  std::unique_copy(rising.begin(), rising.end(), std::back_inserter(distinct));
  if (distinct.size() <= bins) return midpoints(distinct);
  std::vector<double> edges;
  for (std::size_t i = 1; i < bins; ++i) edges.push_back(rising[i * rising.size() / bins]);
  return edges;
}

}  // namespace persona
