//! Preparing score functions, and expectations where both normals are one.
#include "score_function.hpp"

#include "quantile_curve.hpp"

#include <algorithm>
#include <cmath>

namespace persona {
namespace {

constexpr double function_low = QuantileCurve::low, function_high = QuantileCurve::high;
constexpr std::size_t standard_panels = 34;  // of width 1/2

bool are_standard_edges(const std::vector<double>& edges) {
  if (edges.size() != standard_panels + 1) return false;
  for (std::size_t i = 0; i < edges.size(); ++i)
    if (std::abs(edges[i] - (function_low + 0.5 * static_cast<double>(i))) > 1e-12) return false;
  return true;
}

//! The 16-point rule on [from, to] with the normal density in its weights.
template <class Visit>
void visit_panel(double from, double to, const Visit& visit) {
  const auto at = gauss_legendre_nodes(), weights = gauss_legendre_weights();
  const double half = (to - from) / 2, middle = from + half;
  for (std::size_t i = 0; i < at.size(); ++i) {
    const double z = middle + half * at[i];
    visit(z, half * weights[i] * normal_density(z));
  }
}

//! The weights of the standard panels, for all nodes.
const std::vector<double>& standard_weights() {
  static const std::vector<double> weights = [] {
    std::vector<double> all;
    for (std::size_t i = 0; i < standard_panels; ++i) {
      const double from = function_low + 0.5 * static_cast<double>(i);
      visit_panel(from, from + 0.5, [&](double, double weight) { all.push_back(weight); });
    }
    return all;
  }();
  return weights;
}

void sort_and_merge(std::vector<double>& edges) {
  std::sort(edges.begin(), edges.end());
  const auto same = [](double a, double b) { return b - a < 1e-13; };
  edges.erase(std::unique(edges.begin(), edges.end(), same), edges.end());
}

}  // namespace

ScoreFunction::ScoreFunction(double sd, std::vector<Step> steps, std::vector<Smooth> smooth_parts,
                             const std::vector<std::vector<QuadratureNode>>& nodes)
    : sd_(sd), steps_(std::move(steps)), parts_(std::move(smooth_parts)), hermite_(terms + 1, 0) {
  prepare_steps();
  prepare_smooth(nodes);
  add_hermite_coefficients(steps_, hermite_);
  double held = 0;
  for (const double c : hermite_) held += c * c;
  rest_ = std::max(0.0, product_at_one(*this, *this, 1) - held);
}

void ScoreFunction::prepare_steps() {
  std::erase_if(steps_, [](const Step& step) { return step.jump == 0; });
  for (Step& step : steps_) step.at = std::clamp(step.at, -40.0, 40.0);  // beside values of probability 0
  std::sort(steps_.begin(), steps_.end(), [](const Step& a, const Step& b) { return a.at < b.at; });
  risen_.resize(steps_.size());
  steps_above_.assign(steps_.size() + 1, 0);
  double sum = 0;
  for (std::size_t i = 0; i < steps_.size(); ++i) risen_[i] = sum += steps_[i].jump;
  for (std::size_t i = steps_.size(); i-- > 0;)
    steps_above_[i] = steps_above_[i + 1] + steps_[i].jump * normal_cdf(-steps_[i].at);
  base_ = -steps_above_[0];
}

void ScoreFunction::prepare_smooth(const std::vector<std::vector<QuadratureNode>>& nodes) {
  for (const Smooth& part : parts_) edges_.insert(edges_.end(), part.edges.begin(), part.edges.end());
  if (edges_.empty()) return;
  sort_and_merge(edges_);
  standard_ = are_standard_edges(edges_);
  std::vector<QuadratureNode> own;
  for (std::size_t i = 0; i + 1 < edges_.size(); ++i)
    visit_panel(edges_[i], edges_[i + 1], [&](double z, double weight) { own.push_back({z, weight, smooth(z)}); });
  for (const QuadratureNode& node : own) smooth_mean_ += node.weight * node.x;
  smooth_above_.assign(edges_.size(), 0);
  for (std::size_t i = own.size(); i-- > 0;) {
    own[i].x -= smooth_mean_;
    smooth_above_[i / 16] += own[i].weight * own[i].x;
  }
  for (std::size_t i = edges_.size() - 1; i-- > 0;) smooth_above_[i] += smooth_above_[i + 1];
  node_values_.reserve(own.size());
  for (const QuadratureNode& node : own) node_values_.push_back(node.x);
  if (nodes.empty()) add_hermite_coefficients(own, hermite_);
  for (const auto& rule : nodes) add_hermite_coefficients(rule, hermite_);
}

double ScoreFunction::smooth(double z) const {
  double sum = -smooth_mean_;
  for (const Smooth& part : parts_) sum += part.value(z);
  return sum;
}

double ScoreFunction::smooth_integral_above(double z) const {
  if (!has_smooth() || z >= function_high) return 0;
  if (z <= function_low) return smooth_above_.front();
  const auto next = std::upper_bound(edges_.begin(), edges_.end(), z);
  double sum = smooth_above_[static_cast<std::size_t>(next - edges_.begin())];
  visit_panel(z, *next, [&](double at, double weight) { sum += weight * smooth(at); });
  return sum;
}

double ScoreFunction::integral_above(double z) const {
  const auto next =
      std::upper_bound(steps_.begin(), steps_.end(), z, [](double value, const Step& step) { return value < step.at; });
  const auto passed = static_cast<std::size_t>(next - steps_.begin());
  return (base_ + risen(passed)) * normal_cdf(-z) + steps_above_[passed] + smooth_integral_above(z);
}

double ScoreFunction::product_at_one(const ScoreFunction& f, const ScoreFunction& g, int sign) {
  double sum = 0;
  for (const Step& step : f.steps_) sum += sign * step.jump * g.integral_above(sign * step.at);
  if (!f.has_smooth()) return sum;
  for (const Step& step : g.steps_) sum += sign * step.jump * f.smooth_integral_above(sign * step.at);
  return g.has_smooth() ? sum + smooth_product(f, g, sign) : sum;
}

double ScoreFunction::smooth_product(const ScoreFunction& f, const ScoreFunction& g, int sign) {
  double sum = 0;
  if (f.standard_ && g.standard_) {
    const std::vector<double>& weights = standard_weights();
    const std::size_t n = weights.size();
    for (std::size_t i = 0; i < n; ++i)
      sum += weights[i] * f.node_values_[i] * g.node_values_[sign > 0 ? i : n - 1 - i];
    return sum;
  }
  std::vector<double> edges = f.edges_;
  for (const double z : g.edges_) edges.push_back(sign * z);
  sort_and_merge(edges);
  for (std::size_t i = 0; i + 1 < edges.size(); ++i)
    visit_panel(edges[i], edges[i + 1],
                [&](double z, double weight) { sum += weight * f.smooth(z) * g.smooth(sign * z); });
  return sum;
}

}  // namespace persona
