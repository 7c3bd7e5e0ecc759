//! What is precomputed of one attribute for matching: values and mid-ranks as functions of its normal score.
#include "matched_marginal.hpp"

#include "quantile_curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

namespace persona {
namespace {

using MatchCases = std::vector<WeightedMarginal>;

double just_below(double x) {
  return std::nextafter(x, -std::numeric_limits<double>::infinity());
}

std::vector<double> panel_edges(const Marginal& marginal) {
  std::vector<double> edges;
  for (const QuantileCurve::Panel& panel : marginal.curve().panels()) edges.push_back(panel.from);
  edges.push_back(QuantileCurve::high);
  return edges;
}

void add_value_steps(const Marginal& marginal, double weight, std::vector<ScoreFunction::Step>& steps) {
  const auto values = marginal.values(), breaks = marginal.breaks_z();
  for (std::size_t i = 0; i < breaks.size(); ++i) steps.push_back({breaks[i], weight * (values[i + 1] - values[i])});
}

ScoreFunction value_function(const MatchCases& cases, double mean, double sd) {
  std::vector<ScoreFunction::Step> steps;
  std::vector<ScoreFunction::Smooth> parts;
  std::vector<std::vector<QuadratureNode>> rules;
  for (const auto& [weight, marginal] : cases) {
    if (marginal->is_discrete()) {
      add_value_steps(*marginal, weight, steps);
      continue;
    }
    const double w = weight;
    parts.push_back(
        {[law = *marginal, w, mean](double z) { return w * (law.quantile_z(z) - mean); }, panel_edges(*marginal)});
    rules.push_back(marginal->quadrature());
    for (QuadratureNode& node : rules.back()) node = {node.z, node.weight * weight, node.x - mean};
  }
  return ScoreFunction(sd, std::move(steps), std::move(parts), rules);
}

//! P(X < x) + P(X = x) / 2 among all cases.
class MidRank {
 public:
  explicit MidRank(const MatchCases& cases) {
    for (const auto& [weight, marginal] : cases) parts_.push_back({weight, *marginal});
  }
  double operator()(double x) const {
    double sum = 0;
    for (const auto& [weight, marginal] : parts_) {
      const double at = marginal.cdf(x);
      const bool smooth = !marginal.is_discrete() && marginal.atoms().empty();
      sum += weight * (smooth ? at : (at + marginal.cdf(just_below(x))) / 2);
    }
    return sum;
  }

 private:
  std::vector<std::pair<double, Marginal>> parts_;
};

std::map<double, double> probabilities_of_atoms(const MatchCases& cases) {
  std::map<double, double> atoms;
  for (const auto& [weight, marginal] : cases) {
    for (std::size_t i = 0; i < marginal->values().size(); ++i)
      atoms[marginal->values()[i]] += weight * marginal->probabilities()[i];
    for (const double x : marginal->atoms()) atoms[x] += weight * (marginal->cdf(x) - marginal->cdf(just_below(x)));
  }
  return atoms;
}

// Ranks of a continuous case jump where it passes a value that others have, and bend where others end.
std::vector<double> rank_edges(const Marginal& marginal, const MatchCases& cases,
                               const std::map<double, double>& atoms) {
  std::vector<double> edges = panel_edges(marginal);
  const auto add = [&](double x) {
    if (!std::isfinite(x)) return;
    const double below = marginal.cdf(x);
    const double z = below <= 0.5 ? normal_quantile(below) : -normal_quantile(marginal.survival(x));
    if (z > QuantileCurve::low && z < QuantileCurve::high) edges.push_back(z);
  };
  for (const auto& [x, p] : atoms) add(x);
  for (const WeightedMarginal& other : cases) {
    if (other.marginal == &marginal || other.marginal->is_discrete()) continue;
    add(other.marginal->lower());
    add(other.marginal->upper());
    for (const double z : other.marginal->breaks_z()) add(other.marginal->quantile_z(z));
  }
  return edges;
}

ScoreFunction rank_function(const MatchCases& cases) {
  const std::map<double, double> atoms = probabilities_of_atoms(cases);
  double cubes = 0;
  for (const auto& [x, p] : atoms) cubes += p * p * p;
  const double sd = std::sqrt(std::max(0.0, 1 - cubes) / 12);
  std::vector<ScoreFunction::Step> steps;
  std::vector<ScoreFunction::Smooth> parts;
  const auto rank = std::make_shared<const MidRank>(cases);
  for (const auto& [weight, marginal] : cases) {
    const double w = weight;
    if (marginal->is_discrete()) {
      const auto values = marginal->values(), breaks = marginal->breaks_z();
      for (std::size_t i = 0; i < breaks.size(); ++i)
        steps.push_back({breaks[i], weight * ((*rank)(values[i + 1]) - (*rank)(values[i]))});
    } else if (cases.size() == 1 && atoms.empty()) {
      parts.push_back({normal_cdf, panel_edges(*marginal)});
    } else {
      parts.push_back({[rank, law = *marginal, w](double z) { return w * (*rank)(law.quantile_z(z)); },
                       rank_edges(*marginal, cases, atoms)});
    }
  }
  return ScoreFunction(sd, std::move(steps), std::move(parts));
}

}  // namespace

MatchedMarginal::MatchedMarginal(std::vector<WeightedMarginal> cases, bool ranks_needed) {
  auto data = std::make_shared<Data>();
  double total = 0;
  for (const WeightedMarginal& one : cases) total += one.weight;
  for (WeightedMarginal& one : cases) one.weight /= total;
  for (const auto& [weight, marginal] : cases) data->mean += weight * marginal->mean();
  double variance = 0;
  for (const auto& [weight, marginal] : cases) {
    const double off = marginal->mean() - data->mean;
    variance += weight * (marginal->sd() * marginal->sd() + off * off);
  }
  data->sd = std::isfinite(variance) ? std::sqrt(variance) : std::numeric_limits<double>::infinity();
  if (std::isfinite(data->sd)) data->values.emplace(value_function(cases, data->mean, data->sd));
  if (ranks_needed) {
    data->ranks.emplace(rank_function(cases));
    data->bins.emplace(kendall_bins(cases));
  }
  data_ = std::move(data);
}

}  // namespace persona
