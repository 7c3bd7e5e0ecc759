//! From the correlation of normals to that of finished attributes, and back.
#include "correlation_match.hpp"

#include "matched_marginal.hpp"

#include <boost/math/tools/toms748_solve.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace persona {
namespace {

const ScoreFunction* score_function(const MatchedMarginal& a, CorrelationKind kind) {
  const std::optional<ScoreFunction>& f = kind == CorrelationKind::pearson ? a.data().values : a.data().ranks;
  return f ? &*f : nullptr;
}

bool is_plain_pair(const MatchedMarginal& a, const MatchedMarginal& b) {
  return a.data().bins && b.data().bins && a.data().bins->is_plain && b.data().bins->is_plain;
}

}  // namespace

double finished_correlation(const MatchedMarginal& a, const MatchedMarginal& b, CorrelationKind kind, double rho) {
  rho = std::clamp(rho, -1.0, 1.0);
  if (rho == 0) return 0;
  if (kind == CorrelationKind::kendall)
    return a.data().bins && b.data().bins ? kendall_tau_b(*a.data().bins, *b.data().bins, rho) : std::nan("");
  if (kind == CorrelationKind::spearman && is_plain_pair(a, b)) return 6 / std::numbers::pi * std::asin(rho / 2);
  const ScoreFunction *f = score_function(a, kind), *g = score_function(b, kind);
  if (f == nullptr || g == nullptr) return std::nan("");
  const double scale = f->sd() * g->sd();
  if (!(scale > 0)) return 0;
  if (std::abs(rho) == 1) return ScoreFunction::product_at_one(*f, *g, rho > 0 ? 1 : -1) / scale;
  return expected_product(*f, *g, rho) / scale;
}

PairRange feasible_range(const MatchedMarginal& a, const MatchedMarginal& b, CorrelationKind kind) {
  return {finished_correlation(a, b, kind, -1), finished_correlation(a, b, kind, 1)};
}

double solve_latent(const MatchedMarginal& a, const MatchedMarginal& b, CorrelationKind kind, double target) {
  if (target == 0) return 0;
  // Over the angle the correlation has no infinite slope at rho = 1.
  const double sign = target > 0 ? 1 : -1;
  const auto miss = [&](double angle) { return finished_correlation(a, b, kind, sign * std::sin(angle)) - target; };
  double end = std::asin(0.9), at_end = miss(end);
  if (sign * at_end < 0) {  // only then look at rho = 1, which costs more
    end = std::numbers::pi / 2;
    at_end = finished_correlation(a, b, kind, sign) - target;
    if (!(sign * at_end > 1e-12)) return sign;
  }
  const auto close = [](double low, double high) { return high - low < 1e-11; };
  std::uintmax_t steps = 60;
  namespace policies = boost::math::policies;
  using Quiet = policies::policy<policies::evaluation_error<policies::ignore_error>,
                                 policies::domain_error<policies::ignore_error>>;
  const auto [low, high] = boost::math::tools::toms748_solve(miss, 0.0, end, -target, at_end, close, steps, Quiet());
  return sign * std::sin(low + (high - low) / 2);
}

}  // namespace persona
