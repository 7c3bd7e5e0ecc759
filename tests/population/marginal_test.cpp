//! Known answers of every numeric family, and what is said of wrong parameters.
#include "population/marginal.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <string>

using namespace persona;

namespace {

Marginal made(const Distribution& distribution, const std::optional<Truncation>& truncation = {}) {
  auto marginal = Marginal::make(distribution, truncation);
  INFO((marginal ? std::string() : to_string(marginal.error())));
  REQUIRE(marginal);
  return *std::move(marginal);
}

std::string complaint(const Distribution& distribution, const std::optional<Truncation>& truncation = {},
                      double round = 0, bool integer = false) {
  const auto marginal = Marginal::make(distribution, truncation, round, integer);
  return marginal ? "accepted" : marginal.error().message;
}

struct Known {
  std::string name;
  Distribution distribution;
  std::optional<Truncation> truncation;
  std::array<double, 5> quantiles;  // at z = -8, -3, 0, 1.5, 6
  double mean, sd;
};

constexpr double inf = std::numeric_limits<double>::infinity();

// scipy 1.16 (the normal beyond 8 sd by mpmath, where scipy keeps 8 digits): d.ppf(norm.cdf(z)) for z <= 0,
// d.isf(norm.sf(z)) above; d.mean(), d.std()
const Known known[] = {
    {"gamma",
     Gamma{2.5, 2},
     {},
     {2.67425997585427e-06, 0.237951112891375, 4.35146019109553, 10.3141753375318, 50.7208286467955},
     5,
     3.16227766016838},
    {"gamma with a pole",
     Gamma{0.3, 1},
     {},
     {1.43304255467826e-51, 1.89555971686993e-10, 0.073131135866952, 1.16262464753379, 17.5964734676834},
     0.3,
     0.547722557505166},
    {"beta",
     Beta{2, 5, 10, 20},
     {},
     {10.0000000643996, 10.0960904400111, 12.6444998329566, 15.5357867192489, 19.8893372127223},
     12.8571428571429,
     1.59719141249985},
    {"student t",
     StudentT{5, 1, 2},
     {},
     {-3448.15702371551, -10.0141594249386, 1, 4.57826239481179, 199.40978969805},
     1,
     2.58198889747161},
    {"weibull",
     Weibull{1.5, 3},
     {},
     {2.18621508874085e-10, 0.0366592935759728, 2.34965930632395, 5.82550841550246, 22.6437654255688},
     2.7082358788528,
     1.83880737526403},
    {"lognormal",
     LogNormal{1, 0.5},
     {},
     {0.0497870683678639, 0.606530659712633, 2.71828182845905, 5.75460267600573, 54.5981500331443},
     3.08021684891803,
     1.64157184562387},
    {"exponential",
     Exponential{0.25},
     {},
     {2.4883842297087e-15, 0.00540323985899277, 2.77258872223978, 10.8237776032956, 82.9470757998988},
     4,
     4},
    {"pareto",
     Pareto{2, 3},
     {},
     {2, 2.00090074274999, 2.51984209978975, 4.92896313012367, 2009.02236512261},
     3,
     1.73205080756888},
    {"triangular",
     Triangular{1, 2, 5},
     {},
     {1.00000004988371, 1.07348191700358, 2.55051025721682, 4.10463057053175, 4.9998911925903},
     2.66666666666667,
     0.849836585598797},
    {"truncated normal",
     Normal{45, 18},
     Truncation{18, 95},
     {18.0000000000001, 18.1733035882485, 46.4469674806938, 72.2683547828651, 94.9999980379376},
     47.3426455844229,
     15.5793431011209},
    {"normal beyond 8 sd",
     Normal{},
     Truncation{8, inf},
     {8, 8.00016632620416, 8.08491100739155, 8.32670862677182, 10.2464654263804},
     8.12136811223618,
     0.119686605110127},
};

}  // namespace

TEST_CASE("continuous families have the quantiles and moments that scipy gives them") {
  for (const Known& one : known) {
    CAPTURE(one.name);
    const Marginal marginal = made(one.distribution, one.truncation);
    CHECK_FALSE(marginal.is_discrete());
    constexpr double z[] = {-8, -3, 0, 1.5, 6};
    // scipy's own solvers stop at about 1e-12; far tails are steep
    for (int i = 0; i < 5; ++i) CHECK(marginal.quantile_z(z[i]) == doctest::Approx(one.quantiles[i]).epsilon(1e-10));
    CHECK(marginal.mean() == doctest::Approx(one.mean).epsilon(1e-12));
    CHECK(marginal.sd() == doctest::Approx(one.sd).epsilon(1e-11));
  }
}

TEST_CASE("counts have the probabilities that scipy gives them") {
  struct Count {
    Distribution distribution;
    double p1, p3, p10, cdf4, mean, sd;
  };
  const Count counts[] = {
      {Poisson{3.5}, 0.105690841978115, 0.215785469038651, 0.00229554982701536, 0.725444953309604, 3.5,
       1.87082869338697},
      {Binomial{20, 0.3}, 0.00683933711122387, 0.0716036722052621, 0.030817080900085, 0.237507778877601, 6,
       2.04939015319192},
      {NegativeBinomial{2.5, 0.2}, 0.0357770876399967, 0.0601055072351943, 0.0544878125182183, 0.229975119349898, 10,
       7.07106781186547},
      {Geometric{0.1}, 0.09, 0.0729, 0.03486784401, 0.40951, 9, 9.48683298050514},
      {Zipf{1.2, 50}, 0.302150227250952, 0.0808495151032126, 0.0190643905020348, 0.571765030748242, 8.4832135661533,
       11.1072629892686},
  };
  for (const Count& one : counts) {
    const Marginal marginal = made(one.distribution);
    REQUIRE(marginal.is_discrete());
    const auto p = [&](double k) { return marginal.cdf(k) - marginal.cdf(k - 1); };
    CHECK(p(1) == doctest::Approx(one.p1).epsilon(1e-12));
    CHECK(p(3) == doctest::Approx(one.p3).epsilon(1e-12));
    CHECK(p(10) == doctest::Approx(one.p10).epsilon(1e-12));
    CHECK(marginal.cdf(4) == doctest::Approx(one.cdf4).epsilon(1e-12));
    CHECK(marginal.mean() == doctest::Approx(one.mean).epsilon(1e-12));
    CHECK(marginal.sd() == doctest::Approx(one.sd).epsilon(1e-12));
    CHECK(marginal.cumulative().back() == 1);
  }
}

TEST_CASE("counts are exact where all of their range is improbable") {
  // Given X >= 100, a Poisson(1) count has P(101 | .) / P(100 | .) = 1 / 101.
  const Marginal marginal = made(Poisson{1}, Truncation{100, inf});
  CHECK(marginal.values()[0] == 100);
  CHECK(marginal.probabilities()[1] / marginal.probabilities()[0] == doctest::Approx(1.0 / 101).epsilon(1e-14));
}

TEST_CASE("large counts are tables of a few thousand values") {
  const Marginal marginal = made(Binomial{1'000'000, 0.3});
  CHECK(marginal.values().size() < 10'000);
  CHECK(marginal.mean() == doctest::Approx(300'000).epsilon(1e-12));
  CHECK(marginal.sd() == doctest::Approx(std::sqrt(210'000)).epsilon(1e-12));
}

TEST_CASE("labels are numbered, keep improbable places, and ordinal scores are values") {
  const Marginal plain = made(Categorical{{"a", "b", "c"}, {1, 0, 3}});
  CHECK(plain.values().size() == 3);
  CHECK(plain.probabilities()[1] == 0);
  CHECK(plain.quantile_z(normal_quantile(0.2)) == 0);
  CHECK(plain.quantile_z(normal_quantile(0.3)) == 2);
  CHECK(made(Ordinal{{"low", "high"}, {}, {10, 25}}).mean() == 17.5);
  CHECK(made(Bernoulli{0.3}).sd() == doctest::Approx(std::sqrt(0.21)).epsilon(1e-15));
  CHECK(made(Constant{Value(true)}).mean() == 1);
  CHECK(made(DateRange{{10}, {12}}).values().size() == 3);
}

TEST_CASE("a zero-inflated law has its zeros and, above them, the rest") {
  const Marginal marginal = made(ZeroInflated{0.3, {{1, LogNormal{1, 0.5}}}});
  CHECK(marginal.quantile_z(normal_quantile(0.299)) == 0);
  CHECK(marginal.quantile_z(normal_quantile(0.65)) == doctest::Approx(std::exp(1.0)).epsilon(1e-12));
  CHECK(marginal.mean() == doctest::Approx(0.7 * 3.08021684891803).epsilon(1e-11));
  REQUIRE(marginal.breaks_z().size() == 1);
  CHECK(marginal.breaks_z()[0] == doctest::Approx(normal_quantile(0.3)).epsilon(1e-12));
}

TEST_CASE("a mixture is inverted where it is steep, flat and bounded") {
  const Marginal two = made(Mixture{{{1, Normal{0, 1}}, {3, Normal{50, 1}}}});
  for (double z = -8; z <= 8; z += 0.37) {
    const double x = two.quantile_z(z);
    if (z < 0) CHECK(two.cdf(x) == doctest::Approx(normal_cdf(z)).epsilon(1e-7));
    if (z > 0) CHECK(two.survival(x) == doctest::Approx(normal_cdf(-z)).epsilon(1e-7));
  }
  CHECK(two.mean() == doctest::Approx(37.5).epsilon(1e-9));
  const Marginal gap = made(Mixture{{{1, Uniform{0, 1}}, {1, Uniform{5, 6}}}});
  CHECK(gap.quantile_z(-1e-6) == doctest::Approx(1).epsilon(1e-5));
  CHECK(gap.quantile_z(1e-6) == doctest::Approx(5).epsilon(1e-5));
  CHECK(made(Mixture{{{1, Poisson{1}}, {1, Constant{Value(40.0)}}}}).is_discrete());
}

TEST_CASE("published tables are followed with straight lines, also over vertical steps") {
  const Marginal marginal = made(Quantiles{{0, 0.1, 0.5, 1}, {0, 5, 5, 60}});
  CHECK(marginal.quantile_z(normal_quantile(0.05)) == doctest::Approx(2.5).epsilon(1e-12));
  CHECK(marginal.quantile_z(normal_quantile(0.3)) == 5);
  CHECK(marginal.quantile_z(normal_quantile(0.75)) == doctest::Approx(32.5).epsilon(1e-12));
  CHECK(marginal.mean() == doctest::Approx(0.1 * 2.5 + 0.4 * 5 + 0.5 * 32.5).epsilon(1e-12));
  CHECK(made(Histogram{{0, 1, 2, 5, 10}, {1, 0, 3, 1}}).mean() == doctest::Approx(3.7).epsilon(1e-12));
}

TEST_CASE("moments that do not exist are infinite") {
  CHECK(made(Pareto{1, 1.5}).sd() == inf);
  CHECK(made(Pareto{1, 1.5}).mean() == doctest::Approx(3).epsilon(1e-9));
  CHECK(made(Pareto{1, 0.9}).mean() == inf);
  CHECK(made(StudentT{2}).sd() == inf);
  CHECK(std::isfinite(made(StudentT{1}, Truncation{-10, 20}).sd()));
  // Tails that matter beyond any table: sd^2 = alpha / ((alpha - 1)^2 (alpha - 2))
  CHECK(made(Pareto{1, 2.1}).sd() == doctest::Approx(std::sqrt(2.1 / (1.1 * 1.1 * 0.1))).epsilon(1e-9));
  CHECK(made(LogNormal{0, 3}).sd() == doctest::Approx(std::sqrt((std::exp(9.0) - 1) * std::exp(9.0))).epsilon(1e-9));
}

TEST_CASE("wrong parameters are answered with the family, the parameter and what would be right") {
  CHECK(complaint(Normal{0, -1}) == "normal: sd must be > 0, got -1");
  CHECK(complaint(Normal{"10 + age", 1}) == "normal: mean must be a number here, got the expression '10 + age'");
  CHECK(complaint(Gamma{std::nan(""), 1}) == "gamma: shape must be a finite number, got nan");
  CHECK(complaint(Binomial{2.5, 0.5}) == "binomial: trials must be a whole number >= 0, got 2.5");
  CHECK(complaint(Bernoulli{1.5}) == "bernoulli: probability must be between 0 and 1, got 1.5");
  CHECK(complaint(Uniform{3, 1}) == "uniform: low must be < high, got 3 and 1");
  CHECK(complaint(Quantiles{{0, 0.5}, {1, 2}}) == "quantiles: probabilities must rise from 0 to 1, got 0 to 0.5");
  CHECK(complaint(Histogram{{0, 1}, {0}}) == "histogram: weights must have a positive sum, got 0");
  CHECK(complaint(Mixture{{{1, Normal{}}, {1, Normal{0, 0}}}}) ==
        "mixture: component 1: normal: sd must be > 0, got 0");
  CHECK(complaint(ZeroInflated{0.5, {}}) == "zero_inflated: exactly one rest is needed, got 0");
  CHECK(complaint(Categorical{{"a"}, {}}, Truncation{0, 1}) == "labels can be neither truncated nor rounded");
  CHECK(complaint(Normal{}, {}, 2.5, true) == "round must be a whole number for whole numbers, got 2.5");
  CHECK(complaint(Derived{"a + b", {}}).find("no numeric distribution") != std::string::npos);
  CHECK(complaint(Geometric{1e-7}).find("more than 1000000 different values") != std::string::npos);
}

TEST_CASE("a truncation that leaves nothing is infeasible") {
  const auto outside = Marginal::make(Uniform{0, 1}, Truncation{5, 6});
  REQUIRE_FALSE(outside);
  CHECK(outside.error().code == Errc::infeasible);
  CHECK(outside.error().message == "nothing of the distribution lies between 5 and 6; it spans 0 to 1");
  CHECK(Marginal::make(Normal{}, Truncation{60, 70}).error().code == Errc::infeasible);
  CHECK(Marginal::make(Poisson{1}, Truncation{1.2, 1.8}).error().code == Errc::infeasible);
  CHECK(Marginal::make(Normal{}, Truncation{1.2, 1.8}, 0, true).error().code == Errc::infeasible);
  CHECK(Marginal::make(Normal{}, Truncation{2, 1}).error().code == Errc::invalid_argument);
}
