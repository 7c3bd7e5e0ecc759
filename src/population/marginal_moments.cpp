//! Mean and standard deviation by quadrature over the normal score, with the tails as far as they matter.
#include "law.hpp"
#include "quantile_curve.hpp"

#include <algorithm>
#include <cmath>

namespace persona {
namespace {

constexpr double moment_outermost_z = 37;  // Phi(-37) is still a normal double
constexpr double moment_panel_width = 0.5;

struct MomentSums {
  double first = 0, second = 0;
};

MomentSums moments_of(const std::vector<QuadratureNode>& nodes, double centre) {
  MomentSums sums;
  for (const QuadratureNode& node : nodes) {
    sums.first += node.weight * (node.x - centre);
    sums.second += node.weight * (node.x - centre) * (node.x - centre);
  }
  return sums;
}

template <class Quantile>
void add_quadrature_panel(double from, double to, const Quantile& quantile, std::vector<QuadratureNode>& nodes) {
  const auto at = gauss_legendre_nodes(), weights = gauss_legendre_weights();
  const double half = (to - from) / 2;
  for (std::size_t i = 0; i < at.size(); ++i) {
    const double z = (from + to) / 2 + half * at[i];
    nodes.push_back({z, half * weights[i] * normal_density(z), quantile(z)});
  }
}

// Panels beyond |z| = 8.5 until they add nothing to the second moment.
void add_tail_panels(const Marginal::Law& law, bool upper, double centre, double second,
                     std::vector<QuadratureNode>& nodes) {
  const auto quantile = [&](double z) { return law.quantile(normal_cdf(-std::abs(z)), upper); };
  constexpr double width = moment_panel_width;
  for (double z = QuantileCurve::high; z < moment_outermost_z; z += width) {
    const double edge = quantile(z) - centre;
    if (!(edge * edge * normal_cdf(-z) * 10 > 1e-13 * second)) return;
    add_quadrature_panel(upper ? z : -z - width, upper ? z + width : -z, quantile, nodes);
  }
}

}  // namespace

std::vector<QuadratureNode> Marginal::quadrature() const {
  std::vector<QuadratureNode> nodes;
  for (const QuantileCurve::Panel& panel : curve_->panels())
    add_quadrature_panel(
        panel.from, panel.to, [this](double z) { return quantile_z(z); }, nodes);
  const double centre = quantile_z(0);
  const double second = moments_of(nodes, centre).second;
  add_tail_panels(*law_, false, centre, second, nodes);
  add_tail_panels(*law_, true, centre, second, nodes);
  std::sort(nodes.begin(), nodes.end(), [](const auto& a, const auto& b) { return a.z < b.z; });
  return nodes;
}

void Marginal::measure_moments() {
  const double centre = quantile_z(0);
  const std::vector<QuadratureNode> nodes = quadrature();
  MomentSums sums = moments_of(nodes, centre);
  // Power tails go on beyond the last node: the integral of x(q) = x0 (q / q0)^(-1 / power) over q < q0.
  for (const bool upper : {false, true}) {
    const double power = upper ? law_->upper_power : law_->lower_power;
    if (std::isinf(power)) continue;
    const double last_node = std::abs(upper ? nodes.back().z : nodes.front().z);
    const double panels = std::max(0.0, std::ceil((last_node - QuantileCurve::high) / moment_panel_width));
    const double q = normal_cdf(-QuantileCurve::high - panels * moment_panel_width),
                 x = law_->quantile(q, upper) - centre;
    sums.first += power > 1 ? x * q * power / (power - 1) : (upper ? Law::infinity : -Law::infinity);
    sums.second += power > 2 ? x * x * q * power / (power - 2) : Law::infinity;
  }
  mean_ = std::isnan(sums.first) ? Law::infinity : centre + sums.first;
  const double variance = sums.second - sums.first * sums.first;
  sd_ = std::isfinite(sums.second) ? std::sqrt(variance + rounding_ * rounding_ / 12) : Law::infinity;
}

}  // namespace persona
