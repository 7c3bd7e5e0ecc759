//! Correlations of finished attributes against closed forms and independent integration.
#include "population/correlation_match.hpp"

#include "population/matched_marginal.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

using namespace persona;

namespace {

constexpr auto pearson = CorrelationKind::pearson;
constexpr auto spearman = CorrelationKind::spearman;
constexpr auto kendall = CorrelationKind::kendall;

Marginal law(const Distribution& distribution, double round = 0) {
  auto marginal = Marginal::make(distribution, {}, round);
  REQUIRE(marginal);
  return *std::move(marginal);
}

MatchedMarginal matched(const Marginal& marginal) {
  return MatchedMarginal({{1, &marginal}});
}

const Ordinal likert{{"1", "2", "3", "4", "5"}, {0.1, 0.2, 0.4, 0.2, 0.1}, {1, 2, 3, 4, 5}};

}  // namespace

TEST_CASE("normals keep their correlation") {
  const Marginal a = law(Normal{10, 2}), b = law(Normal{-3, 0.1});
  for (const double rho : {-1.0, -0.99, -0.3, 0.0, 0.5, 0.999, 1.0})
    CHECK(finished_correlation(matched(a), matched(b), pearson, rho) == doctest::Approx(rho).epsilon(1e-12));
}

TEST_CASE("lognormals have the closed form") {
  const double s = 0.6, t = 1.1;
  const Marginal a = law(LogNormal{1, s}), b = law(LogNormal{-2, t});
  const auto exact = [&](double rho) {
    return std::expm1(s * t * rho) / std::sqrt(std::expm1(s * s) * std::expm1(t * t));
  };
  for (const double rho : {-1.0, -0.9, -0.2, 0.4, 0.95, 0.999, 1.0})
    CHECK(finished_correlation(matched(a), matched(b), pearson, rho) == doctest::Approx(exact(rho)).epsilon(1e-10));
  CHECK(feasible_range(matched(a), matched(b), pearson).highest == doctest::Approx(exact(1)).epsilon(1e-10));
}

TEST_CASE("fair coins have the arc sine, by every measure") {
  const Marginal coin = law(Bernoulli{0.5});
  const MatchedMarginal a = matched(coin);
  for (const auto kind : {pearson, spearman, kendall})
    for (const double rho : {-0.9999, -0.97, -0.5, 0.3, 0.9, 0.99, 0.999999})
      CHECK(finished_correlation(a, a, kind, rho) ==
            doctest::Approx(2 / std::numbers::pi * std::asin(rho)).epsilon(1e-9));
}

TEST_CASE("continuous pairs have the closed forms of Spearman and Kendall") {
  const Marginal a = law(Gamma{0.5, 1}), b = law(Uniform{0, 1});
  for (const double rho : {-0.99, 0.2, 0.8, 1.0}) {
    const double ranks = 6 / std::numbers::pi * std::asin(rho / 2);
    CHECK(finished_correlation(matched(a), matched(b), spearman, rho) == doctest::Approx(ranks).epsilon(1e-14));
    // the uniform's values are its ranks
    CHECK(finished_correlation(matched(b), matched(b), pearson, rho) == doctest::Approx(ranks).epsilon(1e-10));
    CHECK(finished_correlation(matched(a), matched(b), kendall, rho) ==
          doctest::Approx(2 / std::numbers::pi * std::asin(rho)).epsilon(1e-14));
  }
}

TEST_CASE("discrete pairs agree with exact orthant probabilities") {
  // mpmath, 20 digits: cell probabilities by Plackett's integral; Pearson, Spearman, tau-b from the cells
  struct Cells {
    double rho, with_binary[3], with_itself[3];
  };
  constexpr Cells cells[] = {
      {0.5,
       {0.36514586332172, 0.36328794354576, 0.33037778439998},
       {0.45765881585469, 0.44992352723369, 0.38127980633527}},
      {0.9,
       {0.66691261092784, 0.6766870042376, 0.61538610670718},
       {0.83572808808248, 0.82824402048984, 0.76205718817117}},
      {0.99,
       {0.75771851439193, 0.78195848360476, 0.71112107047829},
       {0.95079261369055, 0.94799446749401, 0.92238406910102}},
      {-0.7,
       {-0.51446346103572, -0.51542621968476, -0.46873389416421},
       {-0.64331076372759, -0.63516035113635, -0.55410892122881}},
  };
  const Marginal five = law(likert), two = law(Bernoulli{0.3});
  const MatchedMarginal a = matched(five), b = matched(two);
  constexpr CorrelationKind kinds[] = {pearson, spearman, kendall};
  for (const Cells& one : cells)
    for (int k = 0; k < 3; ++k) {
      CHECK(finished_correlation(a, b, kinds[k], one.rho) == doctest::Approx(one.with_binary[k]).epsilon(1e-9));
      CHECK(finished_correlation(a, a, kinds[k], one.rho) == doctest::Approx(one.with_itself[k]).epsilon(1e-9));
    }
}

TEST_CASE("mixed pairs agree with numerical integration") {
  const Marginal waiting = law(Exponential{1}), two = law(Bernoulli{0.3}), normal = law(Normal{});
  const MatchedMarginal x = matched(waiting), b = matched(two), n = matched(normal);
  // mpmath: E X Phi((rho z - t) / sqrt(1 - rho^2))
  CHECK(finished_correlation(x, b, pearson, 0.5) == doctest::Approx(0.370124647963).epsilon(1e-11));
  CHECK(finished_correlation(x, b, pearson, 0.99) == doctest::Approx(0.77940030416162).epsilon(1e-9));
  // mpmath: two-dimensional integral of the sign of the difference
  CHECK(finished_correlation(n, b, kendall, 0.5) == doctest::Approx(0.307435568021).epsilon(1e-10));
  CHECK(finished_correlation(b, n, kendall, 0.9) == doctest::Approx(0.575069812632).epsilon(1e-10));
  CHECK(finished_correlation(n, b, kendall, 0.99) == doctest::Approx(0.640629298345).epsilon(1e-10));
}

TEST_CASE("Mehler's series and the integral over the common factor agree") {
  const Marginal laws[] = {law(Gamma{2.5, 1}), law(likert), law(Poisson{1.8}),
                           law(ZeroInflated{0.3, {{1, LogNormal{0, 0.5}}}})};
  for (const Marginal& one : laws)
    for (const Marginal& other : laws) {
      const MatchedMarginal a = matched(one), b = matched(other);
      const ScoreFunction &f = *a.data().values, &g = *b.data().values;
      for (const double rho : {-0.9, 0.5, 0.9, 0.99}) {
        // the series is cut after 256 terms; the variance left out bounds what that costs
        const double cut = std::pow(std::abs(rho), 256) * std::sqrt(f.rest() * g.rest());
        CHECK(std::abs(mehler_product(f, g, rho) - common_factor_product(f, g, rho)) <= cut + 1e-10 * f.sd() * g.sd());
      }
    }
}

TEST_CASE("the correlation rises with that of the normals, and solving undoes it" * doctest::test_suite("long")) {
  const Marginal laws[] = {law(LogNormal{0, 0.8}), law(likert), law(Bernoulli{0.05}),
                           law(ZeroInflated{0.4, {{1, Gamma{2, 1}}}}), law(Normal{40, 12}, 1)};
  for (const auto kind : {pearson, spearman, kendall})
    for (std::size_t i = 0; i < std::size(laws); ++i)
      for (std::size_t j = 0; j <= i; ++j) {
        const MatchedMarginal a = matched(laws[i]), b = matched(laws[j]);
        double before = -1.1;
        for (int step = -10; step <= 10; ++step) {
          const double now = finished_correlation(a, b, kind, step / 10.0);
          CHECK(now > before);
          before = now;
        }
        const PairRange range = feasible_range(a, b, kind);
        for (const double share : {-0.9, -0.3, 0.2, 0.8}) {
          const double target = share < 0 ? -share * range.lowest : share * range.highest;
          const double rho = solve_latent(a, b, kind, target);
          CHECK(finished_correlation(a, b, kind, rho) == doctest::Approx(target).epsilon(1e-10));
        }
        CHECK(solve_latent(a, b, kind, range.highest) == doctest::Approx(1).epsilon(1e-9));
      }
}

TEST_CASE("the feasible range of two unlike coins is that of their table") {
  const Marginal p = law(Bernoulli{0.3}), q = law(Bernoulli{0.6});
  // at best all 0.3 are among the 0.6: (0.3 - 0.18) / sqrt(0.21 * 0.24); at worst none of 0.3 are in 0.6
  const PairRange range = feasible_range(matched(p), matched(q), pearson);
  CHECK(range.highest == doctest::Approx(0.12 / std::sqrt(0.21 * 0.24)).epsilon(1e-12));
  CHECK(range.lowest == doctest::Approx(-0.18 / std::sqrt(0.21 * 0.24)).epsilon(1e-12));
}

TEST_CASE("cases that differ in the mean weaken what the normals do") {
  // X = z or z + 4, each half: Var X = 1 + 4, Cov(X, Z) = 1
  const Marginal low = law(Normal{0, 1}), high = law(Normal{4, 1}), normal = law(Normal{});
  const MatchedMarginal cases({{1, &low}, {1, &high}});
  CHECK(finished_correlation(cases, matched(normal), pearson, 0.6) ==
        doctest::Approx(0.6 / std::sqrt(5)).epsilon(1e-12));
  CHECK(feasible_range(cases, cases, pearson).highest == doctest::Approx(0.2).epsilon(1e-12));
  // ranks of far groups: half the people below the other half, and within a half as the normals say
  const Marginal far = law(Normal{400, 1});
  const MatchedMarginal apart({{1, &low}, {1, &far}});
  CHECK(finished_correlation(apart, matched(normal), spearman, 1) == doctest::Approx(0.5).epsilon(1e-9));
}

TEST_CASE("what cannot be correlated says so") {
  const Marginal heavy = law(Pareto{1, 1.5}), normal = law(Normal{}), same = law(Constant{Value(3.0)});
  CHECK(std::isnan(finished_correlation(matched(heavy), matched(normal), pearson, 0.5)));
  CHECK(finished_correlation(matched(heavy), matched(normal), spearman, 1) == 1);
  CHECK(finished_correlation(matched(same), matched(normal), pearson, 0.5) == 0);
  CHECK(finished_correlation(matched(same), matched(normal), kendall, 0.5) == 0);
}
