//! Solving a quantile at the Chebyshev nodes of panels that are halved until the series is short enough.
#include "quantile_curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace persona {
namespace {

constexpr int curve_order = QuantileCurve::order;
constexpr std::size_t most_panels = 4096;  // on each side of z = 0, but for breaks: enough for anything

struct ChebyshevBasis {
  std::array<double, curve_order> node;                                 // falling from +1 to -1
  std::array<std::array<double, curve_order>, curve_order> from_value;  // coefficient[k] = sum_j from_value[k][j] f[j]

  ChebyshevBasis() {
    for (int j = 0; j < curve_order; ++j) {
      const double angle = std::numbers::pi * (j + 0.5) / curve_order;
      node[j] = std::cos(angle);
      for (int k = 0; k < curve_order; ++k) from_value[k][j] = (k == 0 ? 1 : 2) * std::cos(k * angle) / curve_order;
    }
  }
};

const ChebyshevBasis& chebyshev_basis() {
  static const ChebyshevBasis basis;
  return basis;
}

double panel_value(const QuantileCurve::Panel& panel, double z) {
  const double t = (2 * z - panel.from - panel.to) / (panel.to - panel.from);
  double b1 = 0, b2 = 0;
  for (int k = curve_order - 1; k > 0; --k) {
    const double b = panel.coefficients[k] + 2 * t * b1 - b2;
    b2 = b1;
    b1 = b;
  }
  return panel.coefficients[0] + t * b1 - b2;
}

//! Walks outwards from the centre; the next node is guessed from the last two and their slopes.
class QuantileMarch {
 public:
  explicit QuantileMarch(const Marginal::Law& law) : law_(&law) {}

  struct Point {
    double z = 0, x = 0, density = 0;
  };

  Point solve(double z) {
    const bool above = z > 0;
    const double p = normal_cdf(-std::abs(z));
    Point point{z};
    if (law_->direct || known_ < 2) {
      point.x = law_->quantile(p, above);
      point.density = law_->density(point.x);
    } else {
      point.x = quantile_near(*law_, p, above, guess(z), point.density);
    }
    previous_ = newest_;
    newest_ = point;
    ++known_;
    return point;
  }

 private:
  static double slope(const Point& p) { return p.density > 0 ? normal_density(p.z) / p.density : 0; }

  // Cubic Hermite extrapolation.
  double guess(double z) const {
    const Point &a = newest_, &b = previous_;
    const double h = a.z - b.z;
    if (h == 0) return a.x;
    const double t = (z - b.z) / h, s = t - 1;
    return (1 + 2 * t) * s * s * b.x + t * s * s * h * slope(b) + t * t * (3 - 2 * t) * a.x + t * t * s * h * slope(a);
  }

  const Marginal::Law* law_;
  Point previous_, newest_;
  int known_ = 0;
};

using NodePoints = std::array<QuantileMarch::Point, curve_order>;

// The last coefficients tell the error. It must be small as a probability, smaller in the tails, or as
// small as the places of a double.
bool series_is_short(const QuantileCurve::Panel& panel, const NodePoints& nodes) {
  constexpr double noise = 32 * std::numeric_limits<double>::epsilon();
  double rest = 0, smallest = std::abs(nodes[0].x), densest = 0;
  for (int k = curve_order - 3; k < curve_order; ++k) rest = std::max(rest, std::abs(panel.coefficients[k]));
  for (const QuantileMarch::Point& node : nodes) {
    smallest = std::min(smallest, std::abs(node.x));
    densest = std::max(densest, node.density);
  }
  if (rest <= noise * smallest) return true;
  const double outer = normal_cdf(-std::max(std::abs(panel.from), std::abs(panel.to)));
  const double inner = panel.from > 0 ? panel.from : panel.to < 0 ? panel.to : 0;
  const double tolerance = std::clamp(1e-8 * outer, 1e-16, 2e-13);
  return rest * densest <= tolerance || (panel.to - panel.from) * normal_density(inner) <= tolerance;
}

// Appends the panels of [from, to], walking in the direction of `outwards`.
void add_panels(QuantileMarch march, double from, double to, bool outwards_up, int depth,
                std::vector<QuantileCurve::Panel>& panels, QuantileMarch& after) {
  const ChebyshevBasis& basis = chebyshev_basis();
  const QuantileMarch before = march;
  NodePoints nodes;
  for (int i = 0; i < curve_order; ++i) {
    const int j = outwards_up ? curve_order - 1 - i : i;
    nodes[j] = march.solve((from + to) / 2 + basis.node[j] * (to - from) / 2);
  }
  QuantileCurve::Panel panel{from, to, {}};
  for (int k = 0; k < curve_order; ++k)
    for (int j = 0; j < curve_order; ++j) panel.coefficients[k] += basis.from_value[k][j] * nodes[j].x;
  if (depth == 0 || panels.size() > most_panels || series_is_short(panel, nodes)) {
    if (nodes.front().x == nodes.back().x) panel.coefficients = {nodes.front().x};
    panels.push_back(panel);
    after = march;
    return;
  }
  const double middle = (from + to) / 2;
  const double first_from = outwards_up ? from : middle, first_to = outwards_up ? middle : to;
  const double second_from = outwards_up ? middle : from, second_to = outwards_up ? to : middle;
  add_panels(before, first_from, first_to, outwards_up, depth - 1, panels, march);
  add_panels(march, second_from, second_to, outwards_up, depth - 1, panels, after);
}

}  // namespace

QuantileCurve::QuantileCurve(const Marginal::Law& law, std::span<const double> breaks) {
  std::vector<double> edges{low, 0, high};
  for (const double z : breaks)
    if (z > low && z < high) edges.push_back(z);
  std::sort(edges.begin(), edges.end());
  const double widest = 0.5;
  for (const bool up : {true, false}) {
    QuantileMarch march(law);
    std::vector<Panel> side;
    for (std::size_t e = 1; e < edges.size(); ++e) {
      const std::size_t i = up ? e : edges.size() - e;
      const double from = edges[i - 1], to = edges[i];
      if (!(to > from) || (up ? from < 0 : to > 0)) continue;
      const int parts = static_cast<int>(std::ceil((to - from) / widest));
      for (int k = 0; k < parts; ++k) {
        const int part = up ? k : parts - 1 - k;
        const double a = from + (to - from) * part / parts;
        const double b = part + 1 == parts ? to : from + (to - from) * (part + 1) / parts;
        QuantileMarch after = march;
        add_panels(march, a, b, up, 40, side, after);
        march = after;
      }
    }
    panels_.insert(panels_.end(), side.begin(), side.end());
  }
  std::sort(panels_.begin(), panels_.end(), [](const Panel& a, const Panel& b) { return a.from < b.from; });
}

const QuantileCurve::Panel& QuantileCurve::panel_at(double z) const {
  const auto after = std::upper_bound(panels_.begin() + 1, panels_.end(), z,
                                      [](double value, const Panel& panel) { return value < panel.from; });
  return *(after - 1);
}

double QuantileCurve::operator()(double z) const {
  z = std::clamp(z, low, high);
  return panel_value(panel_at(z), z);
}

double QuantileCurve::slope(double z) const {
  z = std::clamp(z, low, high);
  const Panel& panel = panel_at(z);
  const double half = (panel.to - panel.from) / 2, t = (z - panel.from) / half - 1;
  double b1 = 0, b2 = 0;  // d/dt sum c_k T_k = sum k c_k U_(k-1)
  for (int k = order - 1; k > 1; --k) {
    const double b = k * panel.coefficients[k] + 2 * t * b1 - b2;
    b2 = b1;
    b1 = b;
  }
  return (panel.coefficients[1] + 2 * t * b1 - b2) / half;
}

namespace {

struct GaussLegendre16 {
  std::array<double, 16> node, weight;

  GaussLegendre16() {
    for (int i = 0; i < 16; ++i) {
      double x = -std::cos(std::numbers::pi * (i + 0.75) / 16.5), derivative = 1;
      for (int step = 0; step < 10; ++step) {
        double p = 1, before = 0;
        for (int k = 1; k <= 16; ++k) {
          const double next = ((2 * k - 1) * x * p - (k - 1) * before) / k;
          before = p;
          p = next;
        }
        derivative = 16 * (x * p - before) / (x * x - 1);
        x -= p / derivative;
      }
      node[i] = x;
      weight[i] = 2 / ((1 - x * x) * derivative * derivative);
    }
  }
};

const GaussLegendre16& gauss_legendre_16() {
  static const GaussLegendre16 rule;
  return rule;
}

}  // namespace

std::span<const double, 16> gauss_legendre_nodes() {
  return gauss_legendre_16().node;
}
std::span<const double, 16> gauss_legendre_weights() {
  return gauss_legendre_16().weight;
}

}  // namespace persona
