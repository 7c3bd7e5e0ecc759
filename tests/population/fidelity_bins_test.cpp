//! Bins of a law, and what is expected in them.
#include "population/fidelity_bins.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace persona;

namespace {

Marginal marginal_of(const Distribution& distribution, double round = 0) {
  auto made = Marginal::make(distribution, {}, round);
  REQUIRE(made.has_value());
  return *made;
}

double largest_bin(const Marginal& law, const std::vector<double>& edges) {
  double largest = 0, below = 0;
  const Bins bins(edges);
  for (const double edge : bins.edges()) {
    largest = std::max(largest, law_below_edge(law, edge) - below);
    below = law_below_edge(law, edge);
  }
  return std::max(largest, 1 - below);
}

}  // namespace

TEST_CASE("a number is in the bin that counting edges below it gives") {
  std::mt19937_64 random(3);
  std::lognormal_distribution<double> draw(0, 2);
  std::vector<double> edges;
  for (int i = 0; i < 1000; ++i) edges.push_back(draw(random));
  const Bins bins(edges);
  const auto check = [&](double x) {
    const auto below = std::lower_bound(bins.edges().begin(), bins.edges().end(), x) - bins.edges().begin();
    REQUIRE(bins(x) == static_cast<std::size_t>(below));
  };
  for (int i = 0; i < 10'000; ++i) check(draw(random));
  for (const double edge : bins.edges())
    check(edge), check(std::nextafter(edge, -1e300)), check(std::nextafter(edge, 1e300));
  for (const double x : {-1e300, 0.0, 1e300, HUGE_VAL, -HUGE_VAL}) check(x);
}

TEST_CASE("few edges and none make bins too") {
  CHECK(Bins(std::vector<double>{})(5) == 0);
  CHECK(Bins(std::vector<double>{1.0})(1) == 0);
  CHECK(Bins(std::vector<double>{1.0})(1.5) == 1);
}

TEST_CASE("the edges of smooth laws, light tails or heavy, leave little between them") {
  // 128 exact nodes with 8 straight steps between: a curved quantile makes bins uneven, not wrong.
  for (const Distribution& law :
       {Distribution(Normal{50, 9}), Distribution(LogNormal{10, 1}), Distribution(Gamma{0.7, 3}),
        Distribution(Pareto{1, 1.2}), Distribution(Beta{0.5, 0.5, 0, 1})}) {
    CAPTURE(family(law));
    CHECK(largest_bin(marginal_of(law), law_edges(marginal_of(law))) < 8.0 / 1024);
  }
}

TEST_CASE("an atom is a bin of its own") {
  const Marginal law = marginal_of(ZeroInflated{0.3, {{1, Distribution(Normal{10, 5})}}});
  const Bins bins(law_edges(law));
  const auto at = bins(0.0);
  REQUIRE(at > 0);
  CHECK(bins.edges()[at] == 0);
  CHECK(law_below_edge(law, bins.edges()[at]) - law_below_edge(law, bins.edges()[at - 1]) ==
        doctest::Approx(0.3).epsilon(1e-9));
}

TEST_CASE("a discrete law has one bin for each value, with its probability") {
  const Marginal law = marginal_of(Binomial{4, 0.5});
  const Bins bins(law_edges(law));
  REQUIRE(bins.size() == 5);
  CHECK(bins(2) == 2);
  CHECK(law_below_edge(law, bins.edges()[1]) == doctest::Approx(5.0 / 16));
}

TEST_CASE("edges of a rounded law lie between the values it is rounded to") {
  const Marginal law = marginal_of(LogNormal{10, 1}, 1);
  REQUIRE_FALSE(law.is_discrete());
  for (const double edge : law_edges(law)) REQUIRE(std::fabs(edge - std::floor(edge) - 0.5) < 1e-6);
}
