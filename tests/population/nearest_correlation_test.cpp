//! The nearest correlation matrix: Higham's example, weights, bounds.
#include "population/correlation_match.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

using namespace persona;

namespace {

std::vector<double> random_symmetric(std::size_t d, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<double> matrix(d * d, 1);
  for (std::size_t i = 0; i < d; ++i)
    for (std::size_t j = 0; j < i; ++j) matrix[i * d + j] = matrix[j * d + i] = random() / 4294967296.0 * 2 - 1;
  return matrix;
}

}  // namespace

TEST_CASE("Higham's example has its known nearest correlation matrix") {
  const std::vector<double> nearest = nearest_correlation({1, 1, 0, 1, 1, 1, 0, 1, 1}, std::vector<double>(9, 1), 3, 0);
  CHECK(nearest[1] == doctest::Approx(0.760689853402).epsilon(1e-7));
  CHECK(nearest[2] == doctest::Approx(0.157298061386).epsilon(1e-7));
  CHECK(nearest[5] == doctest::Approx(0.760689853402).epsilon(1e-7));
}

TEST_CASE("a pair with more weight moves less") {
  const std::vector<double> asked{1, 1, 0, 1, 1, 1, 0, 1, 1};
  const std::vector<double> nearest = nearest_correlation(asked, {1, 10, 1, 10, 1, 1, 1, 1, 1}, 3);
  CHECK(nearest[1] > 0.97);
  CHECK(nearest[5] < 0.76);
  const std::vector<double> free = nearest_correlation(asked, {1, 1, 0, 1, 1, 1, 0, 1, 1}, 3);
  CHECK(free[1] == doctest::Approx(1).epsilon(1e-5));  // nothing holds the third pair back
  CHECK(free[2] == doctest::Approx(1).epsilon(1e-4));
}

TEST_CASE("results have a unit diagonal, are symmetric and no eigenvalue is below the least") {
  for (const std::size_t d : {2, 5, 20, 40}) {
    const std::vector<double> asked = random_symmetric(d, 7);
    const std::vector<double> nearest = nearest_correlation(asked, std::vector<double>(d * d, 1), d, 1e-6);
    for (std::size_t i = 0; i < d; ++i) {
      CHECK(nearest[i * d + i] == 1);
      for (std::size_t j = 0; j < i; ++j) {
        CHECK(nearest[i * d + j] == nearest[j * d + i]);
        CHECK(std::abs(nearest[i * d + j]) <= 1);
      }
    }
    CHECK(smallest_eigenvalue(nearest, d) >= 1e-6);
    std::vector<double> lower;
    CHECK(cholesky(nearest, d, lower));
  }
}

TEST_CASE("no small step towards what was asked stays a correlation matrix") {
  const std::size_t d = 12;
  const std::vector<double> asked = random_symmetric(d, 3);
  const std::vector<double> nearest = nearest_correlation(asked, std::vector<double>(d * d, 1), d);
  // For a projection N of A onto a convex set, <A - N, X - N> <= 0 for every X of the set: tried with others.
  for (unsigned seed = 10; seed < 30; ++seed) {
    const std::vector<double> other = nearest_correlation(random_symmetric(d, seed), std::vector<double>(d * d, 1), d);
    double product = 0;
    for (std::size_t i = 0; i < d * d; ++i) product += (asked[i] - nearest[i]) * (other[i] - nearest[i]);
    CHECK(product <= 1e-6);
  }
}

TEST_CASE("a feasible matrix is left as it is") {
  const std::vector<double> asked{1, 0.5, 0.2, 0.5, 1, -0.3, 0.2, -0.3, 1};
  CHECK(nearest_correlation(asked, std::vector<double>(9, 1), 3) == asked);
}

TEST_CASE("the Cholesky factor multiplies to its matrix and refuses what is indefinite") {
  const std::vector<double> matrix{1, 0.5, 0.5, 1};
  std::vector<double> lower;
  REQUIRE(cholesky(matrix, 2, lower));
  CHECK(lower[1] == 0);
  CHECK(lower[2] == doctest::Approx(0.5));
  CHECK(lower[3] == doctest::Approx(std::sqrt(0.75)));
  CHECK_FALSE(cholesky({1, 2, 2, 1}, 2, lower));
  CHECK(smallest_eigenvalue({1, 2, 2, 1}, 2) == doctest::Approx(-1));
}
