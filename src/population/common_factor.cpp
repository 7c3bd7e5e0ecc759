//! Expectations of products of score functions at any correlation, exact to rounding.
#include "quantile_curve.hpp"
#include "score_function.hpp"

#include <algorithm>
#include <cmath>

namespace persona {
namespace {

constexpr double kernel_reach = 8.3;  // standard deviations of a normal that matter

// Staircase: each step is a normal cdf of its own; those far below have risen, those far above have not.
void add_blurred_steps(const ScoreFunction& f, const CommonFactor& factor, std::vector<double>& out) {
  const auto steps = f.steps();
  std::size_t passed = 0;
  for (std::size_t i = 0; i < factor.score.size(); ++i) {
    const double centre = factor.root * factor.score[i], reach = kernel_reach * factor.spread;
    while (passed < steps.size() && steps[passed].at < centre - reach) ++passed;
    double sum = f.base() + f.risen(passed);
    for (std::size_t j = passed; j < steps.size() && steps[j].at < centre + reach; ++j)
      sum += steps[j].jump * normal_cdf((centre - steps[j].at) / factor.spread);
    out[i] += sum;
  }
}

// Smooth part: Gauss-Legendre on panels no wider than the kernel is smooth.
void add_blurred_smooth(const ScoreFunction& f, const CommonFactor& factor, std::vector<double>& out) {
  const auto at = gauss_legendre_nodes(), weights = gauss_legendre_weights();
  std::vector<double> z, value;
  const auto edges = f.edges();
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    const double width = edges[i + 1] - edges[i];
    const int parts = static_cast<int>(std::ceil(width / (3 * factor.spread)));
    for (int p = 0; p < parts; ++p)
      for (std::size_t k = 0; k < at.size(); ++k) {
        z.push_back(edges[i] + width / parts * (p + 0.5 + 0.5 * at[k]));
        value.push_back(0.5 * width / parts * weights[k] * f.smooth(z.back()));
      }
  }
  std::size_t first = 0;
  for (std::size_t i = 0; i < factor.score.size(); ++i) {
    const double centre = factor.root * factor.score[i], reach = kernel_reach * factor.spread;
    while (first < z.size() && z[first] < centre - reach) ++first;
    double sum = 0;
    for (std::size_t k = first; k < z.size() && z[k] < centre + reach; ++k)
      sum += value[k] * normal_density((z[k] - centre) / factor.spread);
    out[i] += sum / factor.spread;
  }
}

// E f(root * w + spread * U) at each w.
std::vector<double> blurred(const ScoreFunction& f, const CommonFactor& factor) {
  std::vector<double> out(factor.score.size(), 0);
  add_blurred_steps(f, factor, out);
  if (f.has_smooth()) add_blurred_smooth(f, factor, out);
  return out;
}

}  // namespace

// The blurred functions are smooth on the scale spread / root: the trapezoidal rule at half of that has
// an error of exp(-4 pi^2), and at 1/2 the normal density itself is exact.
CommonFactor::CommonFactor(double absolute_rho) : root(std::sqrt(absolute_rho)), spread(std::sqrt(1 - absolute_rho)) {
  constexpr double reach = 8.75;
  const int half = static_cast<int>(std::ceil(reach / std::min(0.5, spread / (2 * root + 1e-300))));
  const double step = reach / half;
  for (int i = -half; i <= half; ++i) {
    score.push_back(i * step);
    weight.push_back(step * normal_density(i * step));
  }
}

double common_factor_product(const ScoreFunction& f, const ScoreFunction& g, double rho) {
  const CommonFactor factor(std::abs(rho));
  const std::vector<double> a = blurred(f, factor), b = blurred(g, factor);
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += factor.weight[i] * a[i] * b[rho > 0 ? i : b.size() - 1 - i];
  return sum;
}

double expected_product(const ScoreFunction& f, const ScoreFunction& g, double rho) {
  constexpr double closest = 1e-7;  // to 1: beyond, the grid would be too fine
  const double size = std::abs(rho);
  const double left_out = std::pow(size, ScoreFunction::terms) * std::sqrt(f.rest() * g.rest());
  if (left_out <= 1e-10 * f.sd() * g.sd()) return mehler_product(f, g, rho);
  if (1 - size >= closest) return common_factor_product(f, g, rho);
  // Near 1 the product falls with the square root of the distance.
  const int sign = rho > 0 ? 1 : -1;
  const double at_one = ScoreFunction::product_at_one(f, g, sign);
  const double near_one = common_factor_product(f, g, sign * (1 - closest));
  return at_one + (near_one - at_one) * std::sqrt((1 - size) / closest);
}

}  // namespace persona
