//! Reading parameters, inverting tails and truncating: what all laws share.
#include "law.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace persona {

double ParameterReader::number(const Parameter& parameter, std::string_view name) {
  if (!ok()) return 1;
  if (parameter.is_expression())
    complaint_ =
        fmt::format("{}: {} must be a number here, got the expression '{}'", family_, name, parameter.expression);
  else if (!std::isfinite(parameter.number))
    complaint_ = fmt::format("{}: {} must be a finite number, got {}", family_, name, parameter.number);
  return ok() ? parameter.number : 1;
}

double ParameterReader::positive(const Parameter& parameter, std::string_view name) {
  const double value = number(parameter, name);
  if (ok() && !(value > 0)) complaint_ = fmt::format("{}: {} must be > 0, got {}", family_, name, value);
  return ok() ? value : 1;
}

double ParameterReader::within(const Parameter& parameter, std::string_view name, double least, double most) {
  const double value = number(parameter, name);
  if (ok() && !(value >= least && value <= most))
    complaint_ = fmt::format("{}: {} must be between {} and {}, got {}", family_, name, least, most, value);
  return ok() ? value : least;
}

double ParameterReader::whole(const Parameter& parameter, std::string_view name, double least) {
  const double value = number(parameter, name);
  if (ok() && (value != std::floor(value) || value < least || std::abs(value) > 0x1p53)) {
    const std::string bound = std::isfinite(least) ? fmt::format(" >= {}", least) : "";
    complaint_ = fmt::format("{}: {} must be a whole number{}, got {}", family_, name, bound, value);
  }
  return ok() ? value : 1;
}

void ParameterReader::require(bool holds, std::string_view message) {
  if (ok() && !holds) complaint_ = fmt::format("{}: {}", family_, message);
}

double probability_between(const Marginal::Law& law, double low, double high) {
  const double before = std::nextafter(low, -Marginal::Law::infinity);
  const double last = std::nextafter(high, -Marginal::Law::infinity);
  const double below = law.tail(before, false);
  if (below > 0.5) return law.tail(before, true) - law.tail(last, true);
  const double above = law.tail(last, true);
  return above > 0.5 ? law.tail(last, false) - below : 1 - below - above;
}

double score_of(const Marginal::Law& law, double x) {
  const double below = law.tail(x, false);
  return below <= 0.5 ? normal_quantile(below) : -normal_quantile(law.tail(x, true));
}

double quantile_near(const Marginal::Law& law, double p, bool above, double guess, double& slope) {
  double x = guess, before = 1;
  for (int step = 0; step < 8 && x > law.lower && x < law.upper; ++step) {
    const double tail = law.tail(x, above);
    slope = law.density(x);
    if (!(tail > 0 && slope > 0)) break;
    const double miss = std::log(tail / p);
    x += (above ? miss : -miss) * tail / slope;
    // Newton's misses follow miss' = C miss^2: the next one is known from the last two
    if (step > 0 && std::abs(miss * miss * miss) < 1e-14 * before * before) return std::clamp(x, law.lower, law.upper);
    before = miss;
  }
  x = law.quantile(p, above);
  slope = law.density(x);
  return x;
}

namespace {

struct TruncatedLaw final : Marginal::Law {
  LawPtr whole;
  double below = 0, above = 0, inside = 1;  // probabilities of the whole law

  double tail(double x, bool above_x) const override {
    if (x < lower) return above_x ? 1 : 0;
    if (x >= upper) return above_x ? 0 : 1;
    const double ours =
        below > 0.5 || (above <= 0.5 && above_x) ? whole->tail(x, true) - above : whole->tail(x, false) - below;
    const bool got_upper = below > 0.5 || (above <= 0.5 && above_x);
    const double share = std::clamp(ours / inside, 0.0, 1.0);
    return got_upper == above_x ? share : 1 - share;
  }

  double density(double x) const override { return x < lower || x > upper ? 0 : whole->density(x) / inside; }

  double quantile(double p, bool above_x) const override {
    const double from_below = below + (above_x ? 1 - p : p) * inside;
    const double x = from_below <= 0.5 ? whole->quantile(from_below, false)
                                       : whole->quantile(above + (above_x ? p : 1 - p) * inside, true);
    return std::clamp(x, lower, upper);
  }
};

}  // namespace

Result<LawPtr> truncated(LawPtr law, const ValueRange& range) {
  if (range.min <= law->lower && range.max >= law->upper) return law;
  auto inside = std::make_shared<TruncatedLaw>();
  inside->lower = std::max(law->lower, range.min);
  inside->upper = std::min(law->upper, range.max);
  if (inside->lower <= inside->upper) {
    inside->below = law->tail(std::nextafter(inside->lower, -Marginal::Law::infinity), false);
    inside->above = law->tail(inside->upper, true);
    inside->inside = probability_between(*law, inside->lower, std::nextafter(inside->upper, Marginal::Law::infinity));
  }
  if (!(inside->lower <= inside->upper) || !(inside->inside > 1e-290))
    return fail(Errc::infeasible, fmt::format("nothing of the distribution lies between {} and {}; it spans {} to {}",
                                              range.min, range.max, law->lower, law->upper));
  const auto keep = [&](const std::vector<double>& from, std::vector<double>& to) {
    std::copy_if(from.begin(), from.end(), std::back_inserter(to),
                 [&](double x) { return x >= inside->lower && x <= inside->upper; });
  };
  keep(law->kinks, inside->kinks);
  keep(law->atoms, inside->atoms);
  inside->lower_power = std::isfinite(range.min) ? Marginal::Law::infinity : law->lower_power;
  inside->upper_power = std::isfinite(range.max) ? Marginal::Law::infinity : law->upper_power;
  inside->direct = law->direct;
  inside->whole = std::move(law);
  return LawPtr(std::move(inside));
}

}  // namespace persona
