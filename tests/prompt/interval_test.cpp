//! Intervals, comparisons, races and pooling: known answers, exact nulls, coverage.
#include <persona/prompt/interval.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <random>

using namespace persona::prompt;

namespace {

std::vector<double> zeros_and_ones(std::size_t ones, std::size_t count) {
  std::vector<double> scores(count, 0);
  for (std::size_t i = 0; i < ones; ++i) scores[i] = 1;
  return scores;
}

double uniform(std::mt19937_64& random) {
  return static_cast<double>(random() >> 11) * 0x1p-53;
}

}  // namespace

TEST_CASE("right-or-wrong scores get Wilson's interval") {
  // 8 of 10: centre (8 + z^2/2) / (10 + z^2), Wilson 1927; 0.4902 .. 0.9433 as in Newcombe's tables
  const Interval interval = mean_interval(zeros_and_ones(8, 10));
  CHECK(interval.value == doctest::Approx(0.8));
  CHECK(interval.lower == doctest::Approx(0.4902).epsilon(0.0002));
  CHECK(interval.upper == doctest::Approx(0.9433).epsilon(0.0002));
}

TEST_CASE("all right is not certainty, and no scores say nothing") {
  const Interval all = mean_interval(zeros_and_ones(20, 20));
  CHECK(all.value == 1);
  CHECK(all.upper == 1);
  CHECK(all.lower == doctest::Approx(20 / (20 + 1.959964 * 1.959964)));
  CHECK(mean_interval({}) == Interval{0, 0, 1, 0.95});
}

TEST_CASE("scores that are all the same do not get an interval without width") {
  const Interval interval = mean_interval(std::vector<double>(30, 0.4));
  CHECK(interval.value == doctest::Approx(0.4));
  CHECK(interval.upper - interval.lower > 0.2);
}

TEST_CASE("skewed scores with weights are covered") {
  // 300 intervals at 95 %: fewer than 92 % covered would be 2.4 standard errors (.0126) away
  std::mt19937_64 random(11);
  int covered = 0;
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<double> scores, weights;
    for (int i = 0; i < 60; ++i) {
      const double u = uniform(random);
      scores.push_back(u * u * u);  // mean 1/4
      weights.push_back(0.5 + uniform(random));
    }
    const Interval interval = mean_interval(scores, weights);
    covered += interval.lower <= 0.25 && 0.25 <= interval.upper;
  }
  CHECK(covered >= 0.92 * 300);
}

TEST_CASE("intervals are the same every time") {
  const std::vector<double> scores = {0.1, 0.9, 0.4, 0.35, 0.8, 0.77, 0.2, 0.5, 0.6, 0.95};
  CHECK(mean_interval(scores) == mean_interval(scores));
}

TEST_CASE("a comparison of right and wrong is McNemar's exact test") {
  // 8 wins, 1 loss: 2 (1 + 9) / 2^9
  std::vector<double> first = zeros_and_ones(1, 40), second(40, 0);
  for (std::size_t i = 1; i < 9; ++i) second[i] = 1;
  const Comparison comparison = compare(first, second);
  CHECK(comparison.wins == 8);
  CHECK(comparison.losses == 1);
  CHECK(comparison.ties == 31);
  CHECK(comparison.p_value == doctest::Approx(20.0 / 512));
  CHECK(comparison.difference.value == doctest::Approx(7.0 / 40));
  CHECK(comparison.difference.lower < 7.0 / 40);
}

TEST_CASE("a few differences of any size are flipped in every way") {
  // only all pluses and all minuses of 5 are as far from 0: 2 of 32
  const std::vector<double> first(5, 0.1), second = {0.2, 0.4, 0.3, 0.5, 0.9};
  CHECK(compare(first, second).p_value == doctest::Approx(2.0 / 32));
}

TEST_CASE("identical programs do not differ, and the interval admits that they might") {
  const auto scores = zeros_and_ones(30, 50);
  const Comparison comparison = compare(scores, scores);
  CHECK(comparison.p_value == 1);
  CHECK(comparison.difference.value == 0);
  CHECK(comparison.difference.lower < -0.01);
  CHECK(comparison.difference.upper > 0.01);
}

TEST_CASE("p-values of nulls are not small too often") {
  // P(p <= .05) <= .05 by construction; 400 trials: 34 is 3.2 standard errors above 20
  std::mt19937_64 random(5);
  int small = 0;
  for (int trial = 0; trial < 400; ++trial) {
    std::vector<double> first, second;
    for (int i = 0; i < 25; ++i) {
      first.push_back(uniform(random));
      second.push_back(uniform(random));
    }
    small += compare(first, second).p_value <= 0.05;
  }
  CHECK(small <= 34);
}

TEST_CASE("a race keeps alpha when looked at after every example") {
  // error at most .05 (Ville); 2000 races: .065 would be 3 standard errors above it
  std::mt19937_64 random(7);
  int won = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    Race race(0.05);
    for (int i = 0; i < 500 && !race.is_won(); ++i) {
      const double u = uniform(random);
      race.add(u < 0.15 ? 1 : 0, u >= 0.15 && u < 0.3 ? 1 : 0);
    }
    won += race.is_won();
  }
  CHECK(won <= 0.065 * 2000);
  CHECK(won > 0);  // it does bet
}

TEST_CASE("a race is won by the better, with proof, and not by less than the margin") {
  Race race(0.05), strict(0.05, 0.3);
  std::mt19937_64 random(9);
  for (int i = 0; i < 600; ++i) {
    const double u = uniform(random);  // 20 points better
    const double first = u < 0.1 ? 1 : 0, second = u >= 0.1 && u < 0.4 ? 1 : 0;
    race.add(first, second);
    strict.add(first, second);
  }
  CHECK(race.is_won());
  CHECK(race.p_value() <= 0.05);
  CHECK(race.count() == 600);
  CHECK_FALSE(strict.is_won());
}

TEST_CASE("groups are drawn towards their mean as far as noise demands") {
  const std::vector<double> means = {0.2, 0.4, 0.6, 0.8, 0.5};
  const auto exact = partial_pooling(means, std::vector<double>(5, 1e-6));
  const auto noisy = partial_pooling(means, std::vector<double>(5, 0.5));
  for (std::size_t i = 0; i < means.size(); ++i) {
    CHECK(exact[i].value == doctest::Approx(means[i]));
    CHECK(std::abs(noisy[i].value - 0.5) <= std::abs(means[i] - 0.5) / 2 + 1e-12);  // (k - 3) / (k - 1) of the way
    CHECK(noisy[i].upper - noisy[i].lower < 2 * 1.96 * 0.5);
  }
  CHECK(partial_pooling(std::vector<double>{0.3}, std::vector<double>{0.1})[0].value == 0.3);
  CHECK(partial_pooling({}, {}).empty());
}

TEST_CASE("pooled intervals cover the groups' true means") {
  // 8 groups, 250 times; 93 % is far outside 2000 nearly independent intervals' error (.005) of 95 %
  std::mt19937_64 random(13);
  std::normal_distribution<double> normal;
  int covered = 0;
  for (int trial = 0; trial < 250; ++trial) {
    std::vector<double> truths, means, errors;
    for (int k = 0; k < 8; ++k) {
      truths.push_back(0.6 + 0.08 * normal(random));
      errors.push_back(0.05 + 0.05 * uniform(random));
      means.push_back(truths.back() + errors.back() * normal(random));
    }
    const auto pooled = partial_pooling(means, errors);
    for (std::size_t k = 0; k < 8; ++k) covered += pooled[k].lower <= truths[k] && truths[k] <= pooled[k].upper;
  }
  CHECK(covered >= 0.93 * 2000);
}
