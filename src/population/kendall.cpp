//! tau-b: the arc sine for continuous pairs, one integral for continuous with discrete, cell probabilities else.
#include "kendall.hpp"

#include "quantile_curve.hpp"
#include "score_function.hpp"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

namespace persona {
namespace {

constexpr std::size_t most_atom_bins = 512, continuous_bins = 128;

double score_at(const Marginal& marginal, double x) {
  const double below = marginal.cdf(x);
  return below <= 0.5 ? normal_quantile(below) : -normal_quantile(marginal.survival(x));
}

std::map<double, double> atoms_of(const std::vector<WeightedMarginal>& cases) {
  std::map<double, double> atoms;
  for (const auto& [weight, marginal] : cases) {
    for (std::size_t i = 0; i < marginal->values().size(); ++i)
      atoms[marginal->values()[i]] += weight * marginal->probabilities()[i];
    for (const double x : marginal->atoms())
      atoms[x] +=
          weight * (marginal->cdf(x) - marginal->cdf(std::nextafter(x, -std::numeric_limits<double>::infinity())));
  }
  return atoms;
}

// Upper edges of all bins but the last, rising; each atom is the only value of its bin.
std::vector<double> bin_edges(const std::vector<WeightedMarginal>& cases, const std::map<double, double>& atoms) {
  std::vector<double> edges;
  const bool few = atoms.size() <= most_atom_bins;
  if (few)
    for (const auto& [x, p] : atoms) {
      edges.push_back(std::nextafter(x, -std::numeric_limits<double>::infinity()));
      edges.push_back(x);
    }
  const std::size_t each = std::max<std::size_t>(16, (few ? continuous_bins : most_atom_bins) / cases.size());
  for (const auto& [weight, marginal] : cases) {
    if (few && marginal->is_discrete()) continue;
    for (std::size_t q = 1; q < each; ++q)
      edges.push_back(marginal->quantile_z(normal_quantile(static_cast<double>(q) / static_cast<double>(each))));
  }
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  return edges;
}

// Joint probabilities of the bins; rows are a's.
using CellMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// P(bin | w), one row for each w.
CellMatrix bin_probabilities(const KendallBins& a, const CommonFactor& factor) {
  CellMatrix p = CellMatrix::Zero(static_cast<Eigen::Index>(factor.score.size()), static_cast<Eigen::Index>(a.bins));
  for (const KendallBins::Case& one : a.cases)
    for (std::size_t i = 0; i < factor.score.size(); ++i) {
      const double centre = factor.root * factor.score[i];
      double before = 0;
      for (std::size_t k = 0; k < a.bins; ++k) {
        const double below =
            k + 1 == a.bins ? 1 : std::max(before, normal_cdf((one.thresholds[k] - centre) / factor.spread));
        p(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(k)) += one.weight * (below - before);
        before = below;
      }
    }
  return p;
}

CellMatrix cells_between(const KendallBins& a, const KendallBins& b, double rho) {
  const CommonFactor factor(std::abs(rho));
  CellMatrix p = bin_probabilities(a, factor);
  const CellMatrix q = bin_probabilities(b, factor);
  for (std::size_t i = 0; i < factor.weight.size(); ++i) p.row(static_cast<Eigen::Index>(i)) *= factor.weight[i];
  if (rho < 0) return p.transpose() * q.colwise().reverse();
  return p.transpose() * q;
}

std::size_t bin_at(const KendallBins::Case& one, double z) {
  return static_cast<std::size_t>(std::lower_bound(one.thresholds.begin(), one.thresholds.end(), z) -
                                  one.thresholds.begin());
}

// rho = +-1: between two neighbouring thresholds of anybody, every bin is known.
CellMatrix cells_at_one(const KendallBins& a, const KendallBins& b, int sign) {
  std::vector<double> cuts{-40, 40};
  for (const auto& one : a.cases) cuts.insert(cuts.end(), one.thresholds.begin(), one.thresholds.end());
  for (const auto& one : b.cases)
    for (const double z : one.thresholds) cuts.push_back(sign * z);
  std::erase_if(cuts, [](double z) { return !(std::abs(z) <= 40); });
  std::sort(cuts.begin(), cuts.end());
  CellMatrix p = CellMatrix::Zero(static_cast<Eigen::Index>(a.bins), static_cast<Eigen::Index>(b.bins));
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    const double low = cuts[i], high = cuts[i + 1], middle = low + (high - low) / 2;
    const double share = low > 0 ? normal_cdf(-low) - normal_cdf(-high) : normal_cdf(high) - normal_cdf(low);
    if (!(share > 0)) continue;
    for (const auto& one : a.cases)
      for (const auto& other : b.cases)
        p(static_cast<Eigen::Index>(bin_at(one, middle)), static_cast<Eigen::Index>(bin_at(other, sign * middle))) +=
            share * one.weight * other.weight;
  }
  return p;
}

// P(concordant) - P(discordant) of two independent draws from the cells.
double concordance(const CellMatrix& p) {
  Eigen::RowVectorXd earlier = Eigen::RowVectorXd::Zero(p.cols());  // sum of the rows above
  double sum = 0;
  for (Eigen::Index i = 0; i < p.rows(); ++i) {
    double left = 0, right = earlier.sum();
    for (Eigen::Index j = 0; j < p.cols(); ++j) {
      right -= earlier(j);
      sum += p(i, j) * (left - right);
      left += earlier(j);
    }
    earlier += p.row(i);
  }
  return 2 * sum;
}

// Pairs within one continuous bin are in order, too, when both normals are one.
double order_within_bins(const KendallBins& a, const KendallBins& b, const CellMatrix& p) {
  if (a.cases.size() != 1 || b.cases.size() != 1) return 0;
  double sum = 0;
  for (std::size_t i = 0; i < a.bins; ++i)
    for (std::size_t j = 0; j < b.bins; ++j)
      if (a.is_continuous[i] && b.is_continuous[j]) {
        const double cell = p(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
        sum += cell * cell;
      }
  return sum;
}

// One discrete, one continuous: d/d rho of the concordance has a closed form; integrated over rho = sin(angle).
double discrete_with_continuous(const KendallBins& discrete, double rho) {
  const std::vector<double>& t = discrete.cases.front().thresholds;
  const auto at = gauss_legendre_nodes(), weights = gauss_legendre_weights();
  const double angle = std::asin(rho);
  constexpr int panels = 7;  // each half as wide as the one before: thresholds near each other act near rho = 1
  double sum = 0, from = 0, width = 0.5;
  for (int panel = 0; panel < panels; ++panel) {
    if (panel + 1 == panels) width = 1 - from;
    for (std::size_t q = 0; q < at.size(); ++q) {
      const double x = angle * (from + width * (0.5 + 0.5 * at[q])), sine = std::sin(x), cosine = std::cos(x);
      const double k = sine * sine / (2 * cosine * cosine), stretch = std::sqrt(1 + k);
      double slope = 0;
      for (std::size_t i = 0; i < t.size(); ++i) {
        if (!(std::abs(t[i]) < 38)) continue;
        const double low = i > 0 ? t[i - 1] : -Marginal::Law::infinity,
                     high = i + 1 < t.size() ? t[i + 1] : Marginal::Law::infinity;
        const double middle = k * t[i] / (1 + k);
        const double inside = normal_cdf((high - middle) * stretch) - normal_cdf((low - middle) * stretch);
        slope += normal_density(t[i]) * std::exp(-0.5 * t[i] * middle) / stretch * inside;
      }
      sum += 0.5 * width * weights[q] * slope;
    }
    from += width;
    width /= 2;
  }
  return sum * angle * 4 / std::sqrt(4 * std::numbers::pi);
}

double concordance_at(const KendallBins& a, const KendallBins& b, double rho) {
  if (a.is_plain && b.is_exact) return discrete_with_continuous(b, rho);
  if (a.is_exact && b.is_plain) return discrete_with_continuous(a, rho);
  // Beyond this distance from 1 the grid would be too fine for so many cells; it has about 34 / sqrt(distance) nodes.
  const double cells = static_cast<double>(a.bins) * static_cast<double>(b.bins), nodes = 2e7 / cells;
  const double closest = std::clamp(34 * 34 / (nodes * nodes), 1e-7, 1e-3);
  const double distance = 1 - std::abs(rho);
  if (distance >= closest) return concordance(cells_between(a, b, rho));
  const int sign = rho > 0 ? 1 : -1;
  const CellMatrix p = cells_at_one(a, b, sign);
  const double at_one = concordance(p) + sign * order_within_bins(a, b, p);
  if (distance == 0) return at_one;
  const double near_one = concordance(cells_between(a, b, sign * (1 - closest)));
  return at_one + (near_one - at_one) * std::sqrt(distance / closest);
}

}  // namespace

KendallBins kendall_bins(const std::vector<WeightedMarginal>& cases) {
  KendallBins bins;
  const std::map<double, double> atoms = atoms_of(cases);
  const std::vector<double> edges = bin_edges(cases, atoms);
  for (const auto& [x, p] : atoms) bins.ties += p * p;
  bins.bins = edges.size() + 1;
  bins.is_continuous.assign(bins.bins, atoms.size() <= most_atom_bins);
  for (std::size_t i = 0; i < edges.size(); ++i)
    if (atoms.contains(edges[i])) bins.is_continuous[i] = false;
  for (const auto& [weight, marginal] : cases) {
    KendallBins::Case one{weight, {}};
    for (const double edge : edges) one.thresholds.push_back(score_at(*marginal, edge));
    bins.cases.push_back(std::move(one));
  }
  bins.is_plain = cases.size() == 1 && atoms.empty();
  bins.is_exact = cases.size() == 1 && cases.front().marginal->is_discrete() && atoms.size() <= most_atom_bins;
  if (bins.is_exact) {  // no bins between the values
    const auto breaks = cases.front().marginal->breaks_z();
    bins.cases.front().thresholds.assign(breaks.begin(), breaks.end());
    bins.bins = atoms.size();
    bins.is_continuous.assign(bins.bins, false);
  }
  return bins;
}

double kendall_tau_b(const KendallBins& a, const KendallBins& b, double rho) {
  if (a.is_plain && b.is_plain) return 2 / std::numbers::pi * std::asin(rho);
  const double untied = (1 - a.ties) * (1 - b.ties);
  return untied > 0 ? concordance_at(a, b, rho) / std::sqrt(untied) : 0;
}

}  // namespace persona
