//! Numbers counted in bins and compared with what is expected there.
#include "fidelity_tally.hpp"

#include "fidelity_tests.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace persona {

namespace {

constexpr std::size_t most_table_values = 64;

double tally_slack(double x) {
  return 1e-9 * std::max(1.0, std::fabs(x));
}

}  // namespace

NumberTally::NumberTally(std::vector<double> edges, bool keep_values)
    : bins_(std::move(edges)), counts_(bins_.size()), keep_(keep_values) {}

std::int64_t NumberTally::people() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0});
}

double NumberTally::distance(const std::vector<double>& expected_below) const {
  const double n = static_cast<double>(people());
  std::int64_t below = 0;
  double largest = 0;
  for (std::size_t i = 0; i < expected_below.size(); ++i) {
    below += counts_[i];
    largest = std::max(largest, std::fabs(static_cast<double>(below) / n - expected_below[i]));
  }
  return largest;
}

double NumberTally::exact_distance(const std::function<double(double)>& below,
                                   const std::function<double(double)>& at_most) const {
  std::vector<double> rising = values_;
  std::sort(rising.begin(), rising.end());
  const double n = static_cast<double>(rising.size());
  double largest = 0;
  for (std::size_t i = 0; i < rising.size();) {
    const double x = rising[i];
    largest = std::max(largest, std::fabs(below(x) - static_cast<double>(i) / n));
    while (i < rising.size() && rising[i] == x) ++i;
    largest = std::max(largest, std::fabs(at_most(x) - static_cast<double>(i) / n));
  }
  return largest;
}

double drawn_below(const Marginal& law, double x) {
  if (law.is_discrete()) return law_below_edge(law, x - tally_slack(x));
  return law.cdf(law.rounding() > 0 ? x - law.rounding() / 2 : std::nextafter(x, -INFINITY));
}

double drawn_at_most(const Marginal& law, double x) {
  if (law.is_discrete()) return law_below_edge(law, x + tally_slack(x));
  return law.cdf(x + law.rounding() / 2);
}

void set_kolmogorov(FidelityLine& line, double distance, std::int64_t people) {
  line.measure = "KS";
  line.rows = people;
  line.achieved = distance;
  line.band = kolmogorov_band(static_cast<double>(people));
  line.p_value = kolmogorov_p_value(distance, static_cast<double>(people));
}

void judge_law(const NumberTally& tally, const Marginal& law, FidelityLine& line) {
  const std::int64_t people = tally.people();
  if (law.is_discrete() && law.values().size() <= most_table_values) {
    const TableTest test = multinomial_test(tally.counts(), law.probabilities());
    line.measure = "TVD";
    line.rows = people;
    line.achieved = test.distance;
    line.band = test.band;
    line.p_value = test.p_value;
  } else if (tally.keeps()) {
    set_kolmogorov(line,
                   tally.exact_distance([&](double x) { return drawn_below(law, x); },
                                        [&](double x) { return drawn_at_most(law, x); }),
                   people);
  } else {
    std::vector<double> below;
    for (const double edge : tally.bins().edges()) below.push_back(law_below_edge(law, edge));
    set_kolmogorov(line, tally.distance(below), people);
  }
}

void judge_pilot(const NumberTally& tally, const std::vector<double>& pilot, FidelityLine& line) {
  const double m = static_cast<double>(pilot.size());
  const auto share = [&](auto position) { return static_cast<double>(position - pilot.begin()) / m; };
  const auto at_most = [&](double x) { return share(std::upper_bound(pilot.begin(), pilot.end(), x)); };
  std::vector<double> below;
  for (const double edge : tally.bins().edges()) below.push_back(at_most(edge));
  const double n = static_cast<double>(tally.people());
  set_kolmogorov(line, tally.distance(below), tally.people());
  const double effective = n * m / (n + m);
  line.band = kolmogorov_band(effective);
  line.p_value = kolmogorov_p_value(line.achieved, effective);
}

}  // namespace persona
