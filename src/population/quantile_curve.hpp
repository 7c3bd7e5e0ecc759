//! A quantile as piecewise Chebyshev polynomials of the normal score: nearly exact, and fast enough for set-up.
#pragma once

#include "law.hpp"

#include <array>
#include <span>
#include <vector>

namespace persona {

//! x(z) for |z| <= 8.5, to about 1e-13 of its range in each panel. The law is solved once at few nodes;
//! tables, moments and Hermite coefficients are then read from here.
class QuantileCurve {
 public:
  static constexpr double low = -8.5, high = 8.5;
  static constexpr int order = 16;

  struct Panel {
    double from, to;
    std::array<double, order> coefficients;  // Chebyshev series on [from, to]
  };

  QuantileCurve(const Marginal::Law& law, std::span<const double> breaks);

  double operator()(double z) const;
  double slope(double z) const;  //!< dx/dz
  std::span<const Panel> panels() const { return panels_; }

 private:
  const Panel& panel_at(double z) const;
  std::vector<Panel> panels_;
};

//! Nodes and weights of the 16-point Gauss-Legendre rule on [-1, 1].
std::span<const double, 16> gauss_legendre_nodes();
std::span<const double, 16> gauss_legendre_weights();

}  // namespace persona
