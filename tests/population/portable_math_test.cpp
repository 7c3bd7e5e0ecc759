//! Functions without libm against libm and Boost.
#include "population/portable_math.hpp"

#include <doctest/doctest.h>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <cmath>

using namespace persona;

TEST_CASE("the exponential is right to two units in the last place") {
  for (double x = -700; x < 700; x += 0.3717) CHECK(portable_exp(x) == doctest::Approx(std::exp(x)).epsilon(5e-16));
  CHECK(portable_exp(0) == 1);
  CHECK(portable_exp(-1000) == 0);
  CHECK(std::isinf(portable_exp(1000)));
  CHECK(std::isnan(portable_exp(NAN)));
}

TEST_CASE("the normal distribution function is right in both tails") {
  // Hart's coefficients carry 15 digits.
  for (double z = -12; z <= 12; z += 0.0371)
    CHECK(portable_normal_cdf(z) == doctest::Approx(std::erfc(-z / std::sqrt(2.0)) / 2).epsilon(1e-12));
}

TEST_CASE("the normal quantile inverts it") {
  for (double p = 1e-15; p <= 0.5; p *= 1.1) {
    const double z = portable_normal_quantile(p);
    CHECK(std::abs(std::erfc(-z / std::sqrt(2.0)) / 2 - p) <= 1e-10);
  }
  CHECK(portable_normal_quantile(0.5) == doctest::Approx(0).epsilon(1e-10));
}

TEST_CASE("a truncated normal keeps order, bounds and probabilities") {
  const boost::math::normal standard;
  const double bounds[][2] = {{-1, 2}, {0.5, 1}, {3, 8}, {-8, -3}, {-0.1, HUGE_VAL}, {-HUGE_VAL, 0.3}};
  for (const auto& [low, high] : bounds) {
    const double mass = low > 0
                            ? cdf(complement(standard, low)) - (std::isinf(high) ? 0 : cdf(complement(standard, high)))
                            : (std::isinf(high) ? 1 : cdf(standard, high)) - (std::isinf(low) ? 0 : cdf(standard, low));
    double before = -HUGE_VAL;
    for (double z = -6; z <= 6; z += 0.05) {
      const double x = truncate_normal(z, low, high);
      CHECK(x >= low);
      CHECK(x <= high);
      CHECK(x >= before);
      before = x;
      const double share = low > 0 ? (cdf(complement(standard, low)) - cdf(complement(standard, x))) / mass
                                   : (cdf(standard, x) - (std::isinf(low) ? 0 : cdf(standard, low))) / mass;
      CHECK(std::abs(share - cdf(standard, z)) <= 1e-8);  // 1e-10 of the tables over a mass of 1e-2 and more
    }
  }
}

TEST_CASE("counts invert the Poisson and binomial distribution functions") {
  const boost::math::normal standard;
  for (const double mean : {0.01, 0.7, 3.0, 29.5, 400.0, 12'345.6}) {
    const boost::math::poisson law(mean);
    for (double z = -5.01; z < 5; z += 0.37) {
      const double k = poisson_quantile(z, mean), u = cdf(standard, z);
      CHECK(cdf(law, k) >= u * (1 - 1e-9));
      if (k > 0) CHECK(cdf(law, k - 1) <= u * (1 + 1e-9));
    }
  }
  for (const auto& [trials, p] : {std::pair{1.0, 0.3}, {10.0, 0.02}, {50.0, 0.97}, {2'000.0, 0.4}}) {
    const boost::math::binomial law(trials, p);
    for (double z = -5.01; z < 5; z += 0.37) {
      const double k = binomial_quantile(z, trials, p), u = cdf(standard, z);
      CHECK(cdf(law, k) >= u * (1 - 1e-9));
      if (k > 0) CHECK(cdf(law, k - 1) <= u * (1 + 1e-9));
    }
  }
  CHECK(poisson_quantile(1, 0) == 0);
  CHECK(binomial_quantile(1, 5, 1) == 5);
}
