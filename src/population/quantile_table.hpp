//! A quantile function as piecewise polynomials of the normal score: no log, no branch per draw.
#pragma once

#include <functional>
#include <span>
#include <vector>

namespace persona {

class Marginal;

//! x(z) on z in [-8.5, 8.5]. Segment s of the uniform grid holds `degree + 1` coefficients, padded to
//! `stride` doubles, in t in [-1/2, 1/2]; pieces between breaks have grids of their own.
struct QuantileTable {
  static constexpr double low = -8.5, high = 8.5;

  struct Piece {
    double from, to;       // z range
    double scale, offset;  // y = z * scale + offset; segment = round to nearest(y), t = y - segment
    int segments;
    int first;  // index of the first segment in coefficients / stride
  };
  int degree = 3, stride = 4;  // (3, 4) or (5, 8)
  std::vector<double> coefficients;
  std::vector<Piece> pieces;  // one where the quantile is smooth: the fast path
  double u_error = 0;         // largest |F(x(z)) - Phi(z)| found when it was checked

  double operator()(double z) const;  // scalar reference; same arithmetic as the kernels
};

//! Builds the smallest table whose u-error, checked between the nodes, is at most `tolerance`.
QuantileTable build_quantile_table(const Marginal& marginal, double tolerance = 1e-10);

}  // namespace persona
