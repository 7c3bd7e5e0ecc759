//! The discrete families as tables of values and weights: counts, labels, dates, constants.
#include "law.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include <fmt/format.h>

namespace persona {
namespace {

constexpr double most_values = 1e6;

//! Counts whose probabilities have one peak and a known ratio of neighbours.
struct CountFamily {
  std::string_view name;
  double least = 0, most = Marginal::Law::infinity;
  double mode = 0;
  std::function<double(double)> ratio;  // P(k + 1) / P(k)
};

tl::unexpected<Error> count_too_wide(std::string_view name) {
  return fail(Errc::unsupported,
              fmt::format("{}: more than {} different values; truncate it or use a continuous family with rounding",
                          name, most_values));
}

// From the peak inside the range outwards, relative to the peak: exact in any tail. What is left out at
// the ends has a probability below 1e-18.
Result<DiscreteTable> count_table(const CountFamily& family, const ValueRange& range) {
  const double low = std::max(family.least, std::ceil(range.min)), high = std::min(family.most, std::floor(range.max));
  if (!(low <= high))
    return fail(Errc::infeasible,
                fmt::format("{}: no value lies between {} and {}", family.name, range.min, range.max));
  const double start = std::clamp(family.mode, low, high);
  std::vector<double> up{1}, down;
  double total = 1;
  for (double k = start; k < high; ++k) {
    const double ratio = family.ratio(k), weight = up.back() * ratio;
    if (ratio < 1 && weight < 1e-18 * total * (1 - ratio)) break;
    up.push_back(weight);
    total += weight;
    if (static_cast<double>(up.size()) > most_values) return count_too_wide(family.name);
  }
  for (double k = start; k > low; --k) {
    const double ratio = 1 / family.ratio(k - 1), weight = (down.empty() ? 1 : down.back()) * ratio;
    if (ratio < 1 && weight < 1e-18 * total * (1 - ratio)) break;
    down.push_back(weight);
    total += weight;
    if (static_cast<double>(down.size()) > most_values) return count_too_wide(family.name);
  }
  DiscreteTable table;
  table.weights.assign(down.rbegin(), down.rend());
  table.weights.insert(table.weights.end(), up.begin(), up.end());
  table.values.resize(table.weights.size());
  std::iota(table.values.begin(), table.values.end(), start - static_cast<double>(down.size()));
  return table;
}

Result<DiscreteTable> label_table(std::string_view family, std::size_t labels, const std::vector<double>& weights,
                                  const std::vector<double>& scores) {
  ParameterReader read(family);
  read.require(labels > 0, "at least one category is needed");
  read.require(weights.empty() || weights.size() == labels,
               fmt::format("as many weights as categories, got {} and {}", weights.size(), labels));
  read.require(scores.empty() || scores.size() == labels,
               fmt::format("as many scores as categories, got {} and {}", scores.size(), labels));
  DiscreteTable table{scores, weights};
  if (table.weights.empty()) table.weights.assign(labels, 1);
  if (table.values.empty()) {
    table.values.resize(labels);
    std::iota(table.values.begin(), table.values.end(), 0.0);
  }
  for (const double w : table.weights)
    read.require(w >= 0 && std::isfinite(w), fmt::format("weights must be finite and >= 0, got {}", w));
  const double total = std::accumulate(table.weights.begin(), table.weights.end(), 0.0);
  read.require(total > 0 && std::isfinite(total), fmt::format("weights must have a positive sum, got {}", total));
  for (std::size_t i = 0; i < scores.size(); ++i)
    read.require(std::isfinite(scores[i]) && (i == 0 || scores[i] > scores[i - 1]), "scores must rise");
  if (!read.ok()) return read.failure();
  return table;
}

Result<DiscreteTable> whole_number_table(std::string_view family, double low, double high, const ValueRange& range) {
  const double width = std::min(high, range.max) - std::max(low, range.min);
  if (width > most_values) return count_too_wide(family);
  return count_table({.name = family, .least = low, .most = high, .mode = low, .ratio = [](double) { return 1.0; }},
                     range);
}

struct DiscreteMaker {
  ValueRange range;

  Result<DiscreteTable> operator()(const Poisson& d) const {
    ParameterReader read("poisson");
    const double mean = read.positive(d.mean, "mean");
    if (!read.ok()) return read.failure();
    return count_table({.name = "poisson", .mode = std::floor(mean), .ratio = [=](double k) { return mean / (k + 1); }},
                       range);
  }
  Result<DiscreteTable> operator()(const Binomial& d) const {
    ParameterReader read("binomial");
    const double n = read.whole(d.trials, "trials", 0), p = read.within(d.probability, "probability", 0, 1);
    if (!read.ok()) return read.failure();
    if (p == 0 || p == 1) return whole_number_table("binomial", n * p, n * p, range);
    return count_table({.name = "binomial",
                        .most = n,
                        .mode = std::min(n, std::floor((n + 1) * p)),
                        .ratio = [=](double k) { return (n - k) / (k + 1) * (p / (1 - p)); }},
                       range);
  }
  Result<DiscreteTable> operator()(const NegativeBinomial& d) const {
    ParameterReader read("negative_binomial");
    const double r = read.positive(d.successes, "successes"), p = read.within(d.probability, "probability", 0, 1);
    read.require(p > 0, "probability must be > 0, got 0");
    if (!read.ok()) return read.failure();
    return count_table({.name = "negative_binomial",
                        .most = p == 1 ? 0 : Marginal::Law::infinity,
                        .mode = std::max(0.0, std::floor((r - 1) * (1 - p) / p)),
                        .ratio = [=](double k) { return (k + r) / (k + 1) * (1 - p); }},
                       range);
  }
  Result<DiscreteTable> operator()(const Geometric& d) const {
    ParameterReader read("geometric");
    const double p = read.within(d.probability, "probability", 0, 1);
    read.require(p > 0, "probability must be > 0, got 0");
    if (!read.ok()) return read.failure();
    return count_table(
        {.name = "geometric", .most = p == 1 ? 0 : Marginal::Law::infinity, .ratio = [=](double) { return 1 - p; }},
        range);
  }
  Result<DiscreteTable> operator()(const Zipf& d) const {
    ParameterReader read("zipf");
    const double exponent = read.number(d.exponent, "exponent"), count = read.whole(d.count, "count", 1);
    read.require(exponent >= 0, fmt::format("exponent must be >= 0, got {}", exponent));
    if (!read.ok()) return read.failure();
    auto table = whole_number_table("zipf", 1, count, range);
    if (!table) return table;
    const double first = table->values.front();
    for (std::size_t i = 0; i < table->values.size(); ++i)
      table->weights[i] = std::pow(table->values[i] / first, -exponent);
    return table;
  }
  Result<DiscreteTable> operator()(const UniformInteger& d) const {
    ParameterReader read("uniform_integer");
    const double least = -Marginal::Law::infinity;
    const double low = read.whole(d.low, "low", least), high = read.whole(d.high, "high", least);
    read.require(low <= high, fmt::format("low must be <= high, got {} and {}", low, high));
    if (!read.ok()) return read.failure();
    return whole_number_table("uniform_integer", low, high, range);
  }
  Result<DiscreteTable> operator()(const DateRange& d) const {
    if (d.from > d.to)
      return fail(Errc::invalid_argument, fmt::format("date_range: from must not be after to, got {} and {}",
                                                      to_string(d.from), to_string(d.to)));
    return whole_number_table("date_range", d.from.days, d.to.days, range);
  }
  Result<DiscreteTable> operator()(const Categorical& d) const {
    return label_table("categorical", d.categories.size(), d.weights, {});
  }
  Result<DiscreteTable> operator()(const Ordinal& d) const {
    return label_table("ordinal", d.categories.size(), d.weights, d.scores);
  }
  Result<DiscreteTable> operator()(const Bernoulli& d) const {
    ParameterReader read("bernoulli");
    const double p = read.within(d.probability, "probability", 0, 1);
    if (!read.ok()) return read.failure();
    return DiscreteTable{{0, 1}, {1 - p, p}};
  }
  Result<DiscreteTable> operator()(const Constant& d) const {
    double number = std::nan("");
    if (const auto* v = std::get_if<bool>(&d.value)) number = *v ? 1 : 0;
    if (const auto* v = std::get_if<std::int64_t>(&d.value)) number = static_cast<double>(*v);
    if (const auto* v = std::get_if<double>(&d.value)) number = *v;
    if (const auto* v = std::get_if<Date>(&d.value)) number = v->days;
    if (!std::isfinite(number))
      return fail(Errc::invalid_argument, "constant: value must be a finite number, true, false or a date here");
    return DiscreteTable{{number}, {1}};
  }
  template <class Other>
  Result<DiscreteTable> operator()(const Other&) const {
    return fail(Errc::invalid_argument, "lists, derived and identity attributes have no numeric distribution");
  }
};

//! A discrete law as part of a mixture with continuous ones.
struct DiscreteLaw final : Marginal::Law {
  std::vector<double> below, above;

  explicit DiscreteLaw(DiscreteTable table) {
    direct = only_atoms = true;
    atoms = std::move(table.values);
    lower = atoms.front(), upper = atoms.back();
    const double total = std::accumulate(table.weights.begin(), table.weights.end(), 0.0);
    below.assign(atoms.size(), 1);
    above.assign(atoms.size(), 0);
    double sum = 0;
    for (std::size_t i = 0; i + 1 < atoms.size(); ++i) below[i] = (sum += table.weights[i]) / total;
    sum = 0;
    for (std::size_t i = atoms.size() - 1; i > 0; --i) above[i - 1] = (sum += table.weights[i]) / total;
  }
  double tail(double x, bool wants_above) const override {
    const auto after = std::upper_bound(atoms.begin(), atoms.end(), x) - atoms.begin();
    if (after == 0) return wants_above ? 1 : 0;
    return (wants_above ? above : below)[static_cast<std::size_t>(after - 1)];
  }
  double density(double) const override { return 0; }
  double quantile(double p, bool from_above) const override {
    const auto at = from_above ? std::lower_bound(above.begin(), above.end(), p, std::greater<>()) - above.begin()
                               : std::lower_bound(below.begin(), below.end(), p) - below.begin();
    return atoms[std::min(static_cast<std::size_t>(at), atoms.size() - 1)];
  }
};

}  // namespace

LawPtr discrete_law(DiscreteTable table) {
  return std::make_shared<DiscreteLaw>(std::move(table));
}

Result<DiscreteTable> discrete_table(const Distribution& distribution, const ValueRange& range) {
  return std::visit(DiscreteMaker{range}, distribution);
}

}  // namespace persona
