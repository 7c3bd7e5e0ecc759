//! Laws made of pieces: uniform, triangular, published quantile tables and histograms.
#include "law.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace persona {
namespace {

struct TriangularLaw final : Marginal::Law {
  double mode;
  TriangularLaw(double low, double mode_, double high) : mode(mode_) {
    lower = low, upper = high, direct = true;
    if (mode > low && mode < high) kinks = {mode};
  }
  double tail(double x, bool above) const override {
    if (x <= lower) return above ? 1 : 0;
    if (x >= upper) return above ? 0 : 1;
    const double span = upper - lower;
    if (x < mode || mode == upper) {
      const double below = (x - lower) / span * ((x - lower) / (mode - lower));
      return above ? 1 - below : below;
    }
    const double rest = (upper - x) / span * ((upper - x) / (upper - mode));
    return above ? rest : 1 - rest;
  }
  double density(double x) const override {
    if (x < lower || x > upper) return 0;
    const double height = 2 / (upper - lower);
    if (x == mode) return height;
    return x < mode ? height * (x - lower) / (mode - lower) : height * (upper - x) / (upper - mode);
  }
  double quantile(double p, bool above) const override {
    const double span = upper - lower, rising = (mode - lower) / span;
    const double below = above ? 1 - p : p, rest = above ? p : 1 - p;
    if (below <= rising) return lower + std::sqrt(below * span * (mode - lower));
    if (below > 0.5) return upper - std::sqrt(rest * span * (upper - mode));
    const double share = (below - rising) / (1 - rising);  // of the falling side: no cancellation beside the mode
    return mode + (upper - mode) * share / (1 + std::sqrt(1 - share));
  }
};

//! Straight lines between (values[i], cumulative[i]).
struct LinearLaw final : Marginal::Law {
  std::vector<double> values, below, above;  // P(X <= value), P(X > value), both without cancellation

  LinearLaw(std::vector<double> edges, const std::vector<double>& weights) : values(std::move(edges)) {
    lower = values.front(), upper = values.back(), direct = true;
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    below.assign(values.size(), 0);
    above.assign(values.size(), 0);
    for (std::size_t i = 1; i < values.size(); ++i) below[i] = below[i - 1] + weights[i - 1] / total;
    for (std::size_t i = values.size() - 1; i-- > 0;) above[i] = above[i + 1] + weights[i] / total;
    below.back() = above.front() = 1;
    kinks.assign(values.begin() + 1, values.end() - 1);
    // a vertical step of the table is a value with a probability of its own
    for (std::size_t i = 0; i + 1 < values.size(); ++i)
      if (values[i] == values[i + 1] && (atoms.empty() || atoms.back() != values[i])) atoms.push_back(values[i]);
  }

  std::size_t piece_at(double x) const {
    const auto after = std::upper_bound(values.begin() + 1, values.end() - 1, x);
    return static_cast<std::size_t>(after - values.begin()) - 1;
  }
  double tail(double x, bool wants_above) const override {
    if (x < lower) return wants_above ? 1 : 0;
    if (x >= upper) return wants_above ? 0 : 1;
    const std::size_t i = piece_at(x);
    const double t = (x - values[i]) / (values[i + 1] - values[i]);
    const std::vector<double>& side = wants_above ? above : below;
    return side[i] + t * (side[i + 1] - side[i]);
  }
  double density(double x) const override {
    if (x < lower || x > upper) return 0;
    const std::size_t i = piece_at(x);
    return values[i + 1] > values[i] ? (below[i + 1] - below[i]) / (values[i + 1] - values[i]) : 0;
  }
  double quantile(double p, bool from_above) const override {
    std::size_t i = 0;
    if (from_above)
      i = static_cast<std::size_t>(
          std::upper_bound(above.begin(), above.end(), p, [](double q, double v) { return v < q; }) - above.begin());
    else
      i = static_cast<std::size_t>(std::lower_bound(below.begin(), below.end(), p) - below.begin());
    i = std::clamp<std::size_t>(i, 1, values.size() - 1);
    const std::vector<double>& side = from_above ? above : below;
    const double mass = side[i] - side[i - 1];
    return mass == 0 ? values[i] : values[i - 1] + (p - side[i - 1]) / mass * (values[i] - values[i - 1]);
  }
};

bool are_finite(const std::vector<double>& numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](double x) { return std::isfinite(x); });
}

struct PiecewiseMaker {
  Result<LawPtr> operator()(const Uniform& d) const {
    ParameterReader read("uniform");
    const double low = read.number(d.low, "low"), high = read.number(d.high, "high");
    read.require(low < high, fmt::format("low must be < high, got {} and {}", low, high));
    if (!read.ok()) return read.failure();
    return uniform_law(low, high);
  }
  Result<LawPtr> operator()(const Triangular& d) const {
    ParameterReader read("triangular");
    const double low = read.number(d.low, "low"), mode = read.number(d.mode, "mode"),
                 high = read.number(d.high, "high");
    read.require(low < high && low <= mode && mode <= high,
                 fmt::format("low <= mode <= high and low < high must hold, got {}, {}, {}", low, mode, high));
    if (!read.ok()) return read.failure();
    return LawPtr(std::make_shared<TriangularLaw>(low, mode, high));
  }
  Result<LawPtr> operator()(const Quantiles& d) const {
    ParameterReader read("quantiles");
    const std::size_t n = d.values.size();
    read.require(n >= 2 && d.probabilities.size() == n,
                 fmt::format("as many values as probabilities, at least 2, got {} and {}", n, d.probabilities.size()));
    read.require(are_finite(d.values) && are_finite(d.probabilities),
                 "values and probabilities must be finite numbers");
    if (!read.ok()) return read.failure();
    read.require(d.probabilities.front() == 0 && d.probabilities.back() == 1,
                 fmt::format("probabilities must rise from 0 to 1, got {} to {}", d.probabilities.front(),
                             d.probabilities.back()));
    std::vector<double> weights;
    for (std::size_t i = 1; i < n; ++i) {
      read.require(d.probabilities[i] > d.probabilities[i - 1],
                   fmt::format("probabilities must rise, got {} after {}", d.probabilities[i], d.probabilities[i - 1]));
      read.require(d.values[i] >= d.values[i - 1],
                   fmt::format("values must not fall, got {} after {}", d.values[i], d.values[i - 1]));
      weights.push_back(d.probabilities[i] - d.probabilities[i - 1]);
    }
    read.require(d.values.front() < d.values.back(), "values must not all be the same; a constant says that");
    if (!read.ok()) return read.failure();
    return LawPtr(std::make_shared<LinearLaw>(d.values, weights));
  }
  Result<LawPtr> operator()(const Histogram& d) const {
    ParameterReader read("histogram");
    read.require(d.edges.size() >= 2 && d.weights.size() + 1 == d.edges.size(),
                 fmt::format("one edge more than weights, at least 2, got {} edges and {} weights", d.edges.size(),
                             d.weights.size()));
    read.require(are_finite(d.edges) && are_finite(d.weights), "edges and weights must be finite numbers");
    for (std::size_t i = 1; read.ok() && i < d.edges.size(); ++i) {
      read.require(d.edges[i] > d.edges[i - 1],
                   fmt::format("edges must rise, got {} after {}", d.edges[i], d.edges[i - 1]));
      read.require(d.weights[i - 1] >= 0, fmt::format("weights must be >= 0, got {}", d.weights[i - 1]));
    }
    const double total = std::accumulate(d.weights.begin(), d.weights.end(), 0.0);
    read.require(total > 0 && std::isfinite(total), fmt::format("weights must have a positive sum, got {}", total));
    if (!read.ok()) return read.failure();
    return LawPtr(std::make_shared<LinearLaw>(trimmed(d)));
  }
  template <class Other>
  Result<LawPtr> operator()(const Other&) const {
    return LawPtr();
  }

 private:
  // The support ends where the first and the last positive weight end.
  static LinearLaw trimmed(const Histogram& d) {
    const auto positive = [](double w) { return w > 0; };
    const auto first = std::find_if(d.weights.begin(), d.weights.end(), positive) - d.weights.begin();
    const auto last = d.weights.rend() - std::find_if(d.weights.rbegin(), d.weights.rend(), positive);
    return LinearLaw({d.edges.begin() + first, d.edges.begin() + last + 1},
                     {d.weights.begin() + first, d.weights.begin() + last});
  }
};

}  // namespace

LawPtr uniform_law(double low, double high) {
  return std::make_shared<LinearLaw>(std::vector<double>{low, high}, std::vector<double>{1});
}

Result<LawPtr> piecewise_law(const Distribution& distribution) {
  return std::visit(PiecewiseMaker{}, distribution);
}

}  // namespace persona
