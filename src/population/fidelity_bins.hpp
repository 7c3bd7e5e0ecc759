//! Intervals that are equally likely under a law, and which of them a number is in.
#pragma once

#include "marginal.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace persona {

//! Bin i is (edges[i - 1], edges[i]]; the first and the last are open to infinity.
class Bins {
 public:
  Bins() = default;
  explicit Bins(std::vector<double> edges);  //!< rising, finite; duplicates are dropped

  const std::vector<double>& edges() const { return edges_; }
  std::size_t size() const { return edges_.size() + 1; }

  //! Number of edges below x; x is not NaN.
  std::size_t operator()(double x) const {
    const double position = (x - low_) * scale_;
    if (!(position >= 0 && position < guide_cells)) return search(x);
    std::size_t bin = guide_[static_cast<std::size_t>(position)];
    while (bin < edges_.size() && edges_[bin] < x) ++bin;
    return bin;
  }

 private:
  static constexpr double guide_cells = 4096;
  std::size_t search(double x) const;

  std::vector<double> edges_;
  std::vector<std::uint32_t> guide_;  //!< first bin of each of equally wide cells over the central range
  double low_ = 0, scale_ = 0;
};

//! Edges for counting draws of a law: between the values where it is discrete; else about `bins` of
//! equal probability, on both sides of every atom, and at midpoints of the rounding lattice.
std::vector<double> law_edges(const Marginal& law, std::size_t bins = 1024);

//! P(X <= edge) for an edge of `law_edges`, rounding included.
double law_below_edge(const Marginal& law, double edge);

//! Quantiles of rising values as edges; between the values where there are at most `bins`.
std::vector<double> sample_edges(const std::vector<double>& rising, std::size_t bins);

}  // namespace persona
