//! Quantile tables against the exact distribution functions, between their nodes.
#include "population/quantile_table.hpp"

#include "population/marginal.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace persona;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

struct TableCase {
  std::string name;
  Distribution distribution;
  std::optional<Truncation> truncation = {};
};

const std::vector<TableCase>& continuous_cases() {
  static const std::vector<TableCase> cases = {
      {"normal", Normal{10, 3}},
      {"lognormal", LogNormal{0, 0.5}},
      {"wide lognormal", LogNormal{0, 3}},
      {"gamma", Gamma{2.5, 1}},
      {"gamma with a pole", Gamma{0.3, 1}},
      {"narrow gamma", Gamma{1000, 1}},
      {"beta", Beta{2, 5}},
      {"beta with a pole", Beta{0.7, 3.1, 10, 20}},
      {"exponential", Exponential{2}},
      {"weibull", Weibull{0.5, 2}},
      {"student t", StudentT{2.5}},
      {"cauchy", StudentT{1}},
      {"pareto", Pareto{1, 1.5}},
      {"triangular", Triangular{0, 0.3, 1}},
      {"triangular, mode at the end", Triangular{0, 0, 1}},
      {"uniform", Uniform{2, 5}},
      {"quantiles", Quantiles{{0, 0.1, 0.5, 0.9, 1}, {0, 5, 20, 60, 200}}},
      {"histogram with a gap", Histogram{{0, 1, 2, 5, 10}, {1, 0, 3, 1}}},
      {"mixture", Mixture{{{0.3, Normal{0, 1}}, {0.7, Normal{5, 2}}}}},
      {"mixture far apart", Mixture{{{0.5, Normal{0, 1}}, {0.5, Normal{50, 1}}}}},
      {"mixture with edges", Mixture{{{0.5, Uniform{0, 1}}, {0.5, Normal{0.5, 3}}}}},
      {"truncated normal", Normal{45, 18}, Truncation{18, 95}},
      {"normal beyond 8 sd", Normal{}, Truncation{8, inf}},
      {"normal below -30 sd", Normal{}, Truncation{-inf, -30}},
      {"slice of a beta", Beta{2, 5}, Truncation{0.9, 0.95}},
      {"truncated cauchy", StudentT{1}, Truncation{-10, 20}},
  };
  return cases;
}

// Less what 64 last places of x are worth: beside a pole at x = 10 a double cannot say it better.
double u_error(const Marginal& marginal, double x, double z) {
  const double miss =
      z < 0 ? std::abs(marginal.cdf(x) - normal_cdf(z)) : std::abs(marginal.survival(x) - normal_cdf(-z));
  return miss - 64 * std::numeric_limits<double>::epsilon() * std::abs(x) * marginal.density(x);
}

}  // namespace

TEST_CASE("tables of all families have a u-error below 1e-10 between their nodes") {
  for (const TableCase& one : continuous_cases()) {
    CAPTURE(one.name);
    const auto marginal = Marginal::make(one.distribution, one.truncation);
    REQUIRE(marginal);
    const QuantileTable table = build_quantile_table(*marginal);
    CHECK(table.u_error <= 1e-10);
    double worst = 0;
    for (double z = -8.49; z < 8.49; z += 0.00217)  // not commensurable with any grid
      worst = std::max(worst, u_error(*marginal, std::clamp(table(z), marginal->lower(), marginal->upper()), z));
    CHECK(worst <= 1.2e-10);  // the check between the nodes may miss the very top of an arch
  }
}

TEST_CASE("the table's own error is what a finer look finds") {
  const auto marginal = Marginal::make(Gamma{2.5, 1});
  REQUIRE(marginal);
  const QuantileTable table = build_quantile_table(*marginal);
  double worst = 0;
  for (double z = -8.49; z < 8.49; z += 0.00217) worst = std::max(worst, u_error(*marginal, table(z), z));
  CHECK(table.u_error > worst / 2);
  CHECK(table.u_error < worst * 2);
}

TEST_CASE("smooth quantiles have one piece of degree 3 with 1024 segments") {
  for (const Distribution& d : {Distribution(Normal{}), Distribution(Gamma{2.5, 1}), Distribution(Beta{2, 5})}) {
    const QuantileTable table = build_quantile_table(*Marginal::make(d));
    CHECK(table.degree == 3);
    CHECK(table.stride == 4);
    REQUIRE(table.pieces.size() == 1);
    CHECK(table.pieces[0].segments == 1024);
    CHECK(table.coefficients.size() == 4096);
  }
}

TEST_CASE("pieces meet at the breaks and never mix their sides") {
  const auto marginal = Marginal::make(Mixture{{{0.5, Uniform{0, 1}}, {0.5, Uniform{5, 6}}}});
  REQUIRE(marginal);
  const QuantileTable table = build_quantile_table(*marginal);
  REQUIRE(table.pieces.size() == 2);
  const double jump = table.pieces[1].from;
  CHECK(jump == table.pieces[0].to);
  CHECK(jump == doctest::Approx(0).scale(1e-12));
  CHECK(table(std::nextafter(jump, -1.0)) == doctest::Approx(1).epsilon(1e-9));
  CHECK(table(jump) == doctest::Approx(5).epsilon(1e-9));
}

TEST_CASE("the atom of a zero-inflated law is drawn exactly") {
  const auto marginal = Marginal::make(ZeroInflated{0.3, {{1, LogNormal{10, 1}}}});
  REQUIRE(marginal);
  const QuantileTable table = build_quantile_table(*marginal);
  const double last = table.piece_at(normal_quantile(0.2)).to;
  for (double z = -8.6; z < last; z += 0.01) CHECK(table(z) == 0);
  double worst = 0;
  for (double z = last + 1e-9; z < 8.49; z += 0.0011) worst = std::max(worst, u_error(*marginal, table(z), z));
  CHECK(worst <= 1.2e-10);
}

TEST_CASE("scores beyond the range are those at its ends") {
  const QuantileTable table = build_quantile_table(*Marginal::make(Normal{}));
  CHECK(table(9) == table(8.4999));
  CHECK(table(-40) == table(-8.4999));
}

TEST_CASE("curves rise") {
  for (const TableCase& one : continuous_cases()) {
    CAPTURE(one.name);
    const auto marginal = Marginal::make(one.distribution, one.truncation);
    REQUIRE(marginal);
    double before = marginal->quantile_z(-8.5);
    int falls = 0;
    for (double z = -8.5; z <= 8.5; z += 0.01) {
      const double x = marginal->quantile_z(z);
      falls += x < before - 1e-14 * std::abs(before);  // rounding of the last places
      before = x;
    }
    CHECK(falls == 0);
  }
}
