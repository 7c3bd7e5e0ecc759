//! Fitting and checking quantile tables.
#include "quantile_table.hpp"

#include "marginal.hpp"
#include "quantile_curve.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

namespace persona {
namespace {

constexpr int most_table_nodes = 6;

//! Chebyshev nodes of [-1/2, 1/2], and the map from values there to coefficients of powers of t.
struct PowerFit {
  int nodes;
  std::array<double, most_table_nodes> node{};
  std::array<std::array<double, most_table_nodes>, most_table_nodes> map{};

  explicit PowerFit(int degree) : nodes(degree + 1) {
    long double power[most_table_nodes][most_table_nodes] = {{1}, {0, 2}};  // T_k(2t) in powers of t
    for (int k = 2; k < nodes; ++k)
      for (int i = 0; i < nodes; ++i) power[k][i] = (i > 0 ? 4 * power[k - 1][i - 1] : 0) - power[k - 2][i];
    for (int j = 0; j < nodes; ++j) {
      const long double angle = std::numbers::pi_v<long double> * (j + 0.5L) / nodes;
      node[j] = static_cast<double>(std::cos(angle) / 2);
      for (int i = 0; i < nodes; ++i) {
        long double sum = 0;
        for (int k = 0; k < nodes; ++k) sum += power[k][i] * std::cos(k * angle) * (k > 0 ? 2 : 1) / nodes;
        map[i][j] = static_cast<double>(sum);
      }
    }
  }

  void operator()(const double* f, double* coefficients) const {
    const double middle = f[nodes / 2];  // fitted apart, so that large values keep their last places
    for (int i = 0; i < nodes; ++i) {
      double sum = 0;
      for (int j = 0; j < nodes; ++j) sum += map[i][j] * (f[j] - middle);
      coefficients[i] = i == 0 ? sum + middle : sum;
    }
  }
};

double table_horner(const double* c, int degree, double t) {
  double x = c[degree];
  for (int k = degree - 1; k >= 0; --k) x = x * t + c[k];
  return x;
}

//! The grid reaches a little beyond the piece: rounding never makes a segment that is not there.
QuantileTable::Piece grid_piece(double from, double to, int segments, int first) {
  constexpr double overlap = 1e-6;  // of a segment, at each end
  const double scale = (segments - 2 * overlap) / (to - from);
  return {from, to, scale, overlap - 0.5 - from * scale, segments, first};
}

std::vector<double> table_edges(std::span<const double> breaks) {
  std::vector<double> edges{QuantileTable::low};
  edges.insert(edges.end(), breaks.begin(), breaks.end());
  edges.push_back(QuantileTable::high);
  return edges;
}

//! Grids over the pieces, as fine as `segments` over the whole range.
std::vector<QuantileTable::Piece> table_pieces(std::span<const double> breaks, int segments) {
  const std::vector<double> edges = table_edges(breaks);
  const double width = (QuantileTable::high - QuantileTable::low) / segments;
  std::vector<QuantileTable::Piece> pieces;
  int first = 0;
  for (std::size_t i = 1; i < edges.size(); ++i) {
    const double from = edges[i - 1], to = edges[i];
    const int own = std::max(1, static_cast<int>(std::ceil((to - from) / width * (1 - 1e-12))));
    pieces.push_back(grid_piece(from, to, own, first));
    first += own;
  }
  return pieces;
}

struct TableSegment {
  double from, to;  // z
};

TableSegment segment_of(const QuantileTable::Piece& piece, int s) {
  return {(s - 0.5 - piece.offset) / piece.scale, (s + 0.5 - piece.offset) / piece.scale};
}

void fit_table(const QuantileCurve& curve, QuantileTable& table) {
  const PowerFit fit(table.degree);
  const QuantileTable::Piece& last = table.pieces.back();
  table.coefficients.assign(static_cast<std::size_t>(last.first + last.segments) * table.stride, 0);
  std::array<double, most_table_nodes> f{};
  for (const QuantileTable::Piece& piece : table.pieces)
    for (int s = 0; s < piece.segments; ++s) {
      const auto [from, to] = segment_of(piece, s);
      for (int j = 0; j < fit.nodes; ++j) {
        const double z = (from + to) / 2 + fit.node[j] * (to - from);
        f[j] = curve(std::clamp(z, piece.from, std::nextafter(piece.to, piece.from)));
      }
      fit(f.data(), table.coefficients.data() + static_cast<std::size_t>(piece.first + s) * table.stride);
    }
}

// Where neighbouring doubles are further apart than the table's error there is no error.
double u_error_at(const Marginal& marginal, const QuantileTable& table, double z, double tolerance) {
  const QuantileCurve& curve = marginal.curve();
  const double exact = curve(z), miss = std::abs(table(z) - exact);
  if (miss <= 64 * std::numeric_limits<double>::epsilon() * std::abs(exact)) return 0;
  const double error = miss / std::abs(curve.slope(z)) * normal_density(z);
  return error <= tolerance ? error : std::min(miss * marginal.density(exact), 1.0);  // the slope may be all noise
}

// Largest error at points of each segment that are not nodes; gives up beyond the tolerance.
double check_table(const Marginal& marginal, const QuantileTable& table, double tolerance) {
  double worst = 0;
  for (const QuantileTable::Piece& piece : table.pieces)
    for (int s = 0; s < piece.segments; ++s) {
      const auto [from, to] = segment_of(piece, s);
      for (const double t : {0.001, 0.21, 0.4, 0.62, 0.79, 0.999}) {
        const double z = from + t * (to - from);
        if (std::abs(z) <= QuantileTable::clamp && z >= piece.from && z < piece.to)
          worst = std::max(worst, u_error_at(marginal, table, z, tolerance));
      }
      if (worst > tolerance) return worst;
    }
  return worst;
}

//! Halves pieces until each is good: for quantiles that are steep or singular somewhere.
class TableRefinement {
 public:
  TableRefinement(const Marginal& marginal, double tolerance) : marginal_(marginal), tolerance_(tolerance) {}

  void add(double from, double to, QuantileTable& table) const {
    QuantileTable part;
    part.degree = table.degree;
    part.stride = table.stride;
    part.pieces = {grid_piece(from, to, segments, 0)};
    fit_table(marginal_.curve(), part);
    const double error = check_table(marginal_, part, tolerance_), middle = from + (to - from) / 2;
    const double people = (to - from) * normal_density(from * to > 0 ? std::min(std::abs(from), std::abs(to)) : 0);
    if (error > tolerance_ && people > tolerance_ / 4) {
      add(from, middle, table);
      add(middle, to, table);
      return;
    }
    part.pieces.front().first = static_cast<int>(table.coefficients.size()) / table.stride;
    table.pieces.push_back(part.pieces.front());
    table.coefficients.insert(table.coefficients.end(), part.coefficients.begin(), part.coefficients.end());
    table.u_error = std::max(table.u_error, std::min(error, people));
  }

 private:
  static constexpr int segments = 32;
  const Marginal& marginal_;
  double tolerance_;
};

}  // namespace

const QuantileTable::Piece& QuantileTable::piece_at(double z) const {
  const auto after = std::upper_bound(pieces.begin() + 1, pieces.end(), z,
                                      [](double value, const Piece& piece) { return value < piece.from; });
  return *(after - 1);
}

double QuantileTable::operator()(double z) const {
  z = z > clamp ? clamp : z;
  z = z < -clamp ? -clamp : z;
  const Piece& piece = piece_at(z);
  const double y = z * piece.scale + piece.offset;
  const double magic = y + 0x1.8p52;  // its low bits are y rounded to nearest
  const auto segment = static_cast<std::uint32_t>(std::bit_cast<std::uint64_t>(magic));
  const double t = y - (magic - 0x1.8p52);
  const std::size_t at = (static_cast<std::size_t>(piece.first) + segment) * static_cast<std::size_t>(stride);
  return table_horner(coefficients.data() + at, degree, t);
}

QuantileTable build_quantile_table(const Marginal& marginal, double tolerance) {
  struct Shape {
    int degree, stride, segments;
  };
  constexpr Shape shapes[] = {{3, 4, 1024}, {5, 8, 512}, {5, 8, 1024}, {5, 8, 2048}};
  QuantileTable table;
  for (const Shape& shape : shapes) {
    table.degree = shape.degree;
    table.stride = shape.stride;
    table.pieces = table_pieces(marginal.breaks_z(), shape.segments);
    fit_table(marginal.curve(), table);
    table.u_error = check_table(marginal, table, tolerance);
    if (table.u_error <= tolerance) return table;
  }
  table = QuantileTable();
  table.degree = 5;
  table.stride = 8;
  const TableRefinement refinement(marginal, tolerance);
  const std::vector<double> edges = table_edges(marginal.breaks_z());
  for (std::size_t i = 1; i < edges.size(); ++i) refinement.add(edges[i - 1], edges[i], table);
  return table;
}

}  // namespace persona
