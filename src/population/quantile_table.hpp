//! A quantile function as piecewise polynomials of the normal score: no log, no branch per draw.
#pragma once

#include <vector>

namespace persona {

class Marginal;

//! x(z) on z in [-8.5, 8.5]; z beyond +-8.4999 is taken as +-8.4999. Segment s of a uniform grid holds
//! `degree + 1` coefficients, padded to `stride` doubles, in t in [-1/2, 1/2]; pieces between breaks
//! have grids of their own. Where the quantile is smooth there is one piece: the fast path.
//!
//! Values may leave the support by the table's error: whoever draws rounds, then clamps to
//! [Marginal::lower(), Marginal::upper()].
struct QuantileTable {
  static constexpr double low = -8.5, high = 8.5, clamp = 8.4999;

  struct Piece {
    double from, to;       // z range; a piece holds from <= z < to
    double scale, offset;  // y = z * scale + offset; segment = y rounded to nearest, t = y - segment
    int segments;
    int first;  // index of the first segment in coefficients / stride
  };
  int degree = 3, stride = 4;  // (3, 4) or (5, 8)
  std::vector<double> coefficients;
  std::vector<Piece> pieces;
  double u_error = 0;  // largest |F(x(z)) - Phi(z)| found between the nodes, beyond what rounding to a double makes

  //! Scalar reference: the same arithmetic, in the same order, as the kernels.
  double operator()(double z) const;

  //! The piece that holds z, by binary search.
  const Piece& piece_at(double z) const;
};

//! Builds the first of degree 3 with 1024 segments, degree 5 with 512, 1024, 2048, and degree 5 in pieces
//! that are halved where the quantile is steep, whose u-error, checked between the nodes, is at most
//! `tolerance`. Continuous laws only.
QuantileTable build_quantile_table(const Marginal& marginal, double tolerance = 1e-10);

}  // namespace persona
