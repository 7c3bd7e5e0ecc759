//! Rounding: exact decimals, exact probabilities, and truncation of the rounded value.
#include "population/marginal.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <cmath>

using namespace persona;

TEST_CASE("multiples of decimal steps are the doubles nearest to the decimals") {
  for (int k = -2000; k <= 2000; ++k) {
    CHECK(round_to(k * 0.1 + 0.01, 0.1) == std::stod(fmt::format("{}e-1", k)));
    CHECK(round_to(k * 0.05 - 0.01, 0.05) == std::stod(fmt::format("{}e-2", 5 * k)));
    CHECK(round_to(k * 0.3, 0.3) == std::stod(fmt::format("{}e-1", 3 * k)));
    CHECK(round_to(k * 100.0 + 49, 100) == k * 100);
  }
  CHECK(fmt::format("{}", round_to(0.31, 0.1)) == "0.3");
  CHECK(round_to(2.5, 1) == 3);
  CHECK(round_to(-2.5, 1) == -2);
  CHECK(round_to(0.7, 1.0 / 3) == doctest::Approx(2.0 / 3));
}

TEST_CASE("few rounded values make a law discrete, with the probability of each value's own interval") {
  const auto height = Marginal::make(Normal{170, 8}, {}, 0.5);
  REQUIRE(height);
  REQUIRE(height->is_discrete());
  const auto values = height->values();
  for (std::size_t i = 1; i + 1 < values.size(); ++i) {
    CHECK(values[i] - values[i - 1] == 0.5);
    const double p = normal_cdf((values[i] - 170 + 0.25) / 8) - normal_cdf((values[i] - 170 - 0.25) / 8);
    CHECK(height->probabilities()[i] == doctest::Approx(p).epsilon(1e-9).scale(1e-7));
  }
  // Sheppard's correction, exact here to all digits
  CHECK(height->sd() == doctest::Approx(std::sqrt(64 + 0.25 / 12)).epsilon(1e-12));
}

TEST_CASE("both tails of a rounded law keep their digits") {
  const auto law = Marginal::make(Normal{0, 1}, {}, 0.5);
  REQUIRE(law);
  const auto p = law->probabilities();
  const std::size_t n = p.size();
  for (std::size_t i = 0; i < n; ++i) CHECK(p[i] == doctest::Approx(p[n - 1 - i]).epsilon(1e-9).scale(0));
}

TEST_CASE("a truncation holds for the rounded value: the ends have all of their own interval") {
  const auto age = Marginal::make(Normal{45, 18}, Truncation{18, 95}, 0, true);
  REQUIRE(age);
  REQUIRE(age->values().size() == 78);
  CHECK(age->lower() == 18);
  CHECK(age->upper() == 95);
  const auto phi = [](double x) { return normal_cdf((x - 45) / 18); };
  const double inside = phi(95.5) - phi(17.5);
  CHECK(age->probabilities().front() == doctest::Approx((phi(18.5) - phi(17.5)) / inside).epsilon(1e-12));
  CHECK(age->probabilities().back() == doctest::Approx((phi(95.5) - phi(94.5)) / inside).epsilon(1e-10));
}

TEST_CASE("ends that are no multiples move inwards") {
  const auto law = Marginal::make(Uniform{0, 100}, Truncation{12, 38}, 5);
  REQUIRE(law);
  CHECK(law->lower() == 15);
  CHECK(law->upper() == 35);
  for (const double p : law->probabilities()) CHECK(p == doctest::Approx(0.2).epsilon(1e-12));
}

TEST_CASE("many rounded values stay continuous") {
  const auto income = Marginal::make(LogNormal{10.5, 0.7}, Truncation{0, 1e6}, 100);
  REQUIRE(income);
  CHECK_FALSE(income->is_discrete());
  CHECK(income->rounding() == 100);
  CHECK(income->lower() == 0);
  CHECK(income->upper() == 1e6);
}

TEST_CASE("many whole numbers and long spans of days are continuous and rounded") {
  const auto numbers = Marginal::make(UniformInteger{1, 1'000'000});
  REQUIRE(numbers);
  CHECK(numbers->rounding() == 1);
  CHECK(numbers->lower() == 1);
  CHECK(numbers->upper() == 1'000'000);
  CHECK(numbers->mean() == doctest::Approx(500'000.5).epsilon(1e-12));
  CHECK(numbers->sd() == doctest::Approx(std::sqrt((1e12 - 1) / 12)).epsilon(1e-10));
  const auto small = Marginal::make(UniformInteger{1, 6});
  REQUIRE(small);
  CHECK(small->values().size() == 6);
}
