//! From a distribution to its law: truncated, rounded, tabulated, measured.
#include "marginal.hpp"

#include "law.hpp"
#include "quantile_curve.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace persona {
namespace {

constexpr double most_rounded_values = 4096;

bool holds_labels(const Distribution& d) {
  return std::holds_alternative<Categorical>(d) || std::holds_alternative<Ordinal>(d) ||
         std::holds_alternative<Bernoulli>(d);
}

Status check_shape(const Distribution& distribution, const Truncation& range, double round, bool integer) {
  if (std::isnan(range.min) || std::isnan(range.max) || range.min > range.max)
    return fail(Errc::invalid_argument,
                fmt::format("truncation: min must be <= max, got {} and {}", range.min, range.max));
  if (!(round >= 0) || std::isinf(round))
    return fail(Errc::invalid_argument, fmt::format("round must be a finite number >= 0, got {}", round));
  if (integer && round != std::floor(round))
    return fail(Errc::invalid_argument, fmt::format("round must be a whole number for whole numbers, got {}", round));
  const bool narrowed = !ValueRange{range.min, range.max}.is_whole_line();
  if (holds_labels(distribution) && (narrowed || round > 0))
    return fail(Errc::invalid_argument, "labels can be neither truncated nor rounded");
  return {};
}

//! The values whose rounding lies in the truncation.
ValueRange before_rounding(const Truncation& range, double step) {
  if (step == 0) return {range.min, range.max};
  return {range.min - step / 2, std::nextafter(range.max + step / 2, range.max)};
}

//! Ends moved inwards to multiples of the step.
Truncation snapped(const Truncation& range, double step) {
  if (step == 0) return range;
  constexpr double slack = 1e-9;  // of a step: 0.3 is a multiple of 0.1
  return {round_to(std::ceil(range.min / step - slack) * step, step),
          round_to(std::floor(range.max / step + slack) * step, step)};
}

//! Many whole numbers, equally likely: continuous and rounded serves better than a table.
std::optional<ValueRange> wide_whole_numbers(const Distribution& distribution) {
  ValueRange span{0, 0};
  if (const auto* dates = std::get_if<DateRange>(&distribution)) {
    span = {static_cast<double>(dates->from.days), static_cast<double>(dates->to.days)};
  } else if (const auto* numbers = std::get_if<UniformInteger>(&distribution)) {
    ParameterReader read("uniform_integer");
    span.min = read.whole(numbers->low, "low", -Marginal::Law::infinity);
    span.max = read.whole(numbers->high, "high", -Marginal::Law::infinity);
    if (!read.ok()) return std::nullopt;
  }
  if (span.max - span.min < most_rounded_values) return std::nullopt;
  return span;
}

//! Probabilities of the rounded values; each edge is looked up in the tail that is smaller.
DiscreteTable rounded_table(const Marginal::Law& law, const Rounder& round, double step, double first, double last) {
  const double median = law.quantile(0.5, false);
  const auto count = static_cast<std::size_t>(std::llround((last - first) / step)) + 1;
  DiscreteTable table;
  double edge_tail = 0;  // P(X < edge) left of the median, P(X >= edge) right of it
  bool right = false;
  for (std::size_t i = 0; i < count; ++i) {
    const double value = round(first + static_cast<double>(i) * step);
    const double edge = std::nextafter(value + step / 2, -Marginal::Law::infinity);
    const bool is_last = i + 1 == count, next_right = is_last || edge > median;
    const double next_tail = is_last ? 0 : law.tail(edge, next_right);
    const double weight = next_right ? (right ? edge_tail : 1 - edge_tail) - next_tail : next_tail - edge_tail;
    edge_tail = next_tail;
    right = next_right;
    if (!(weight > 0)) continue;
    table.values.push_back(value);
    table.weights.push_back(weight);
  }
  return table;
}

std::vector<double> breaks_of(const Marginal::Law& law) {
  std::vector<double> breaks;
  for (const double x : law.kinks) breaks.push_back(score_of(law, x));
  for (const double x : law.atoms) {
    breaks.push_back(score_of(law, std::nextafter(x, -Marginal::Law::infinity)));
    breaks.push_back(score_of(law, x));
  }
  std::sort(breaks.begin(), breaks.end());
  std::erase_if(breaks, [](double z) { return !(std::abs(z) < QuantileCurve::high); });
  const auto same = [](double a, double b) { return b - a < 2e-11; };  // fewer people than the tolerance of tables
  breaks.erase(std::unique(breaks.begin(), breaks.end(), same), breaks.end());
  return breaks;
}

}  // namespace

Result<RawLaw> raw_law(const Distribution& distribution, const ValueRange& range) {
  if (const auto* mixture = std::get_if<Mixture>(&distribution)) return mixture_law(*mixture);
  if (const auto* inflated = std::get_if<ZeroInflated>(&distribution)) return mixture_law(*inflated);
  for (const auto maker : {continuous_law, piecewise_law}) {
    auto law = maker(distribution);
    if (!law) return tl::unexpected<Error>(law.error());
    if (*law != nullptr) return RawLaw{*std::move(law), {}};
  }
  return discrete_table(distribution, range).map([](DiscreteTable table) { return RawLaw{nullptr, std::move(table)}; });
}

Result<Marginal> Marginal::make(const Distribution& distribution, const std::optional<Truncation>& truncation,
                                double round, bool integer) {
  Truncation range = truncation.value_or(Truncation{});
  if (const Status status = check_shape(distribution, range, round, integer); !status)
    return tl::unexpected<Error>(status.error());
  double step = holds_labels(distribution) ? 0 : integer ? std::max(1.0, round) : round;
  const std::optional<ValueRange> wide = wide_whole_numbers(distribution);
  if (wide) {
    step = std::max(1.0, step);
    range = {std::max(range.min, wide->min), std::min(range.max, wide->max)};
  }
  const Truncation inside = snapped(range, step);
  if (inside.min > inside.max)
    return fail(Errc::infeasible, fmt::format("no multiple of {} lies between {} and {}", step, range.min, range.max));

  Result<RawLaw> raw = wide ? RawLaw{uniform_law(wide->min - 0.5, wide->max + 0.5), {}}
                            : raw_law(distribution, before_rounding(inside, step));
  if (!raw) return tl::unexpected<Error>(raw.error());
  Marginal marginal;
  const Status status = raw->law != nullptr ? marginal.make_continuous(std::move(raw->law), step, inside)
                                            : marginal.make_rounded(std::move(raw->table), step, inside);
  if (!status) return tl::unexpected<Error>(status.error());
  return marginal;
}

Status Marginal::make_continuous(std::shared_ptr<const Law> law, double step, const Truncation& range) {
  auto inside = truncated(std::move(law), before_rounding(range, step));
  if (!inside) return tl::unexpected<Error>(inside.error());
  law_ = *std::move(inside);
  const double p = normal_cdf(QuantileCurve::low);
  const double lowest = law_->quantile(p, false), highest = law_->quantile(p, true);
  if (!(lowest > -1e300 && highest < 1e300))
    return fail(Errc::unsupported, fmt::format("the tails are too heavy: values reach {} and {}", lowest, highest));
  lower_ = law_->lower, upper_ = law_->upper;
  if (step > 0) {
    const Rounder round(step);
    lower_ = std::max(round(law_->lower), range.min), upper_ = std::min(round(law_->upper), range.max);
    const double first = std::max(round(lowest), lower_), last = std::min(round(highest), upper_);
    if ((last - first) / step < most_rounded_values - 0.5) {
      make_discrete(rounded_table(*law_, round, step, first, last));
      return {};
    }
    rounding_ = step;
  }
  breaks_ = breaks_of(*law_);
  curve_ = std::make_shared<QuantileCurve>(*law_, breaks_);
  measure_moments();
  return {};
}

Status Marginal::make_rounded(DiscreteTable table, double step, const Truncation& range) {
  DiscreteTable kept;
  for (std::size_t i = 0; i < table.values.size(); ++i) {
    const double value = step > 0 ? round_to(table.values[i], step) : table.values[i];
    if (value < range.min || value > range.max) continue;
    if (!kept.values.empty() && kept.values.back() == value) {
      kept.weights.back() += table.weights[i];
    } else {
      kept.values.push_back(value);
      kept.weights.push_back(table.weights[i]);
    }
  }
  if (!(std::accumulate(kept.weights.begin(), kept.weights.end(), 0.0) > 0))
    return fail(Errc::infeasible, fmt::format("no value lies between {} and {}; they span {} to {}", range.min,
                                              range.max, table.values.front(), table.values.back()));
  make_discrete(std::move(kept));
  return {};
}

void Marginal::make_discrete(DiscreteTable table) {
  values_ = std::move(table.values);
  probabilities_ = std::move(table.weights);
  const std::size_t n = values_.size();
  const double total = std::accumulate(probabilities_.begin(), probabilities_.end(), 0.0);
  for (double& p : probabilities_) p /= total;
  cumulative_.assign(n, 1);
  survival_.assign(n, 0);
  double sum = 0;
  for (std::size_t i = 0; i + 1 < n; ++i) cumulative_[i] = std::min(sum += probabilities_[i], 1.0);
  sum = 0;
  for (std::size_t i = n - 1; i > 0; --i) survival_[i - 1] = std::min(sum += probabilities_[i], 1.0);
  breaks_.clear();
  for (std::size_t i = 0; i + 1 < n; ++i)
    breaks_.push_back(cumulative_[i] <= 0.5 ? normal_quantile(cumulative_[i]) : -normal_quantile(survival_[i]));
  law_.reset();
  lower_ = values_.front(), upper_ = values_.back();
  mean_ = std::inner_product(values_.begin(), values_.end(), probabilities_.begin(), 0.0);
  double variance = 0;
  for (std::size_t i = 0; i < n; ++i) variance += probabilities_[i] * (values_[i] - mean_) * (values_[i] - mean_);
  sd_ = std::sqrt(variance);
}

double Marginal::cdf(double x) const {
  if (!is_discrete()) return law_->tail(x, false);
  const auto after = std::upper_bound(values_.begin(), values_.end(), x) - values_.begin();
  return after == 0 ? 0 : cumulative_[static_cast<std::size_t>(after - 1)];
}

double Marginal::survival(double x) const {
  if (!is_discrete()) return law_->tail(x, true);
  const auto after = std::upper_bound(values_.begin(), values_.end(), x) - values_.begin();
  return after == 0 ? 1 : survival_[static_cast<std::size_t>(after - 1)];
}

std::span<const double> Marginal::atoms() const {
  return law_ != nullptr ? law_->atoms : std::span<const double>();
}

double Marginal::density(double x) const {
  return law_->density(x);
}

double Marginal::quantile_z(double z) const {
  if (!is_discrete()) return std::clamp((*curve_)(z), law_->lower, law_->upper);
  return values_[static_cast<std::size_t>(std::lower_bound(breaks_.begin(), breaks_.end(), z) - breaks_.begin())];
}

}  // namespace persona
