//! Selection: the model, the allocation, the budget, the winner's score.
#include <persona/prompt/selection.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

using namespace persona;
using namespace persona::prompt;

namespace {

// Right or wrong by ability less difficulty; four fifths of the examples are easy for all.
struct World {
  std::size_t candidates, examples;
  std::vector<double> scores, means;
  double at(std::size_t i, std::size_t j) const { return scores[i * examples + j]; }
};

World make_world(std::size_t candidates, std::size_t examples, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  World world{candidates, examples, {}, std::vector<double>(candidates, 0)};
  std::vector<double> difficulties;
  for (std::size_t j = 0; j < examples; ++j) difficulties.push_back(j % 5 == 0 ? normal(random) : -5);
  for (std::size_t i = 0; i < candidates; ++i) {
    const double ability = normal(random);
    for (std::size_t j = 0; j < examples; ++j) {
      const double chance = 1 / (1 + std::exp(difficulties[j] - ability));
      world.scores.push_back(static_cast<double>(random() >> 11) * 0x1p-53 < chance ? 1 : 0);
      world.means[i] += world.scores.back() / static_cast<double>(examples);
    }
  }
  return world;
}

Evaluate evaluator(const World& world, std::size_t* asked = nullptr) {
  return [&world, asked](std::span<const Cell> cells, ScoreTable& table) -> Result<std::size_t> {
    for (const auto& [i, j] : cells) {
      CHECK_FALSE(table.has(i, j));  // nothing is paid twice
      table.set(i, j, world.at(i, j));
    }
    if (asked != nullptr) *asked += cells.size();
    return cells.size();
  };
}

double regret(const World& world, std::size_t chosen) {
  return *std::max_element(world.means.begin(), world.means.end()) - world.means[chosen];
}

}  // namespace

TEST_CASE("a full table is its means, with no error left") {
  const World world = make_world(6, 40, 1);
  ScoreTable table(6, 40);
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < 40; ++j) table.set(i, j, world.at(i, j));
  const auto known = strengths(table);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(known[i].mean == doctest::Approx(world.means[i]));
    CHECK(known[i].error < 1e-3);
  }
}

TEST_CASE("weights of examples count") {
  ScoreTable table(1, 2, {3, 1});
  table.set(0, 0, 1);
  table.set(0, 1, 0);
  CHECK(strengths(table)[0].mean == doctest::Approx(0.75));
}

TEST_CASE("a candidate seen on hard examples is not taken for a weak one") {
  // 40 others show which examples are hard; the first saw the hard half, the second the easy half, and
  // both do as well as the others there
  ScoreTable table(42, 40);
  for (std::size_t i = 2; i < 42; ++i)
    for (std::size_t j = 0; j < 40; ++j) table.set(i, j, j >= 20 ? 1 : (i + j) % 2 == 0);
  for (std::size_t j = 0; j < 20; ++j) {
    table.set(0, j, j % 2 == 0);
    table.set(1, 20 + j, 1);
  }
  const auto known = strengths(table);
  CHECK(known[0].mean == doctest::Approx(0.75).epsilon(0.08));
  CHECK(known[1].mean == doctest::Approx(0.75).epsilon(0.12));
  CHECK(known[1].error > known[0].error);  // easy examples tell little
}

TEST_CASE("the fit of a dense table stays put") {
  // message by message, belief propagation overshoots on such a table
  const World world = make_world(60, 300, 2);
  ScoreTable table(60, 300);
  for (std::size_t i = 0; i < 60; ++i)
    for (std::size_t j = 0; j < 100; ++j) table.set(i, j, world.at(i, j));
  const auto known = strengths(table);
  for (std::size_t i = 0; i < 60; ++i) CHECK(std::abs(known[i].mean - world.means[i]) < 0.1);
}

TEST_CASE("the budget is spent to the last evaluation and never passed") {
  const World world = make_world(10, 50, 3);
  ScoreTable table(10, 50);
  std::size_t asked = 0;
  const auto selection = select_best(table, evaluator(world, &asked), {.evaluations = 137, .seed = 1});
  REQUIRE(selection);
  CHECK(asked == 137);
  CHECK(selection->evaluations == 137);
  CHECK(std::set<std::size_t>(selection->ranking.begin(), selection->ranking.end()).size() == 10);
  const auto rest = select_best(table, evaluator(world), {.evaluations = 10'000, .seed = 1});
  REQUIRE(rest);
  CHECK(rest->evaluations == 500 - 137);  // what the table held is not asked again
  CHECK(regret(world, rest->ranking[0]) == doctest::Approx(0));
}

TEST_CASE("a tenth of the evaluations finds nearly the best" * doctest::test_suite("long")) {
  // 20 worlds of 40 candidates x 200; picking at random costs .12 on average
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const World world = make_world(40, 200, 100 + seed);
    ScoreTable table(40, 200);
    const auto selection = select_best(table, evaluator(world), {.evaluations = 800, .seed = seed});
    REQUIRE(selection);
    sum += regret(world, selection->ranking[0]);
  }
  CHECK(sum / 20 < 0.012);
}

TEST_CASE("equal arguments give equal selections") {
  const World world = make_world(12, 60, 4);
  ScoreTable one(12, 60), other(12, 60);
  const auto a = select_best(one, evaluator(world), {.evaluations = 100, .seed = 9});
  const auto b = select_best(other, evaluator(world), {.evaluations = 100, .seed = 9});
  CHECK(a->ranking == b->ranking);
  CHECK(a->strengths[3].mean == b->strengths[3].mean);
}

TEST_CASE("an evaluator that stops early ends the selection with what is known") {
  const World world = make_world(8, 30, 5);
  ScoreTable table(8, 30);
  std::size_t left = 25;
  const Evaluate poor = [&](std::span<const Cell> cells, ScoreTable& into) -> Result<std::size_t> {
    const std::size_t count = std::min(left, cells.size());
    for (const auto& [i, j] : cells.first(count)) into.set(i, j, world.at(i, j));
    left -= count;
    return count;
  };
  const auto selection = select_best(table, poor, {.evaluations = 100, .rounds = 10, .seed = 1});
  REQUIRE(selection);
  CHECK(selection->evaluations == 25);
  CHECK(selection->ranking.size() == 8);
}

TEST_CASE("one candidate, one example, odd scores and empty tables") {
  ScoreTable one(1, 1);
  const auto alone = select_best(one,
                                 [](auto, ScoreTable& table) -> Result<std::size_t> {
                                   table.set(0, 0, std::nan(""));
                                   return 1;
                                 },
                                 {.evaluations = 5});
  REQUIRE(alone);
  CHECK(alone->ranking == std::vector<std::size_t>{0});
  CHECK(one.at(0, 0) == 0);
  one.set(0, 0, 7);
  CHECK(one.at(0, 0) == 1);
  CHECK(one.add_candidate() == 1);
  CHECK_FALSE(one.has(1, 0));
  ScoreTable none(0, 3), bare(3, 0);
  CHECK(select_best(none, evaluator({}), {}).error().code == Errc::invalid_argument);
  CHECK(select_best(bare, evaluator({}), {}).error().code == Errc::invalid_argument);
}

TEST_CASE("errors of the evaluator come back") {
  ScoreTable table(3, 3);
  const Evaluate broken = [](auto, auto&) -> Result<std::size_t> { return fail(Errc::unavailable, "no model"); };
  CHECK(select_best(table, broken, {.evaluations = 3}).error().code == Errc::unavailable);
}

namespace {

struct LuckyWinner {
  double raw = 0, corrected = 0;  // points above the truth, on average
  int covered = 0;                // of 100
};

LuckyWinner lucky_winner() {
  // 16 candidates, all right 60 % of the time: the best of them on 20 examples looks far better
  std::mt19937_64 random(21);
  double raw = 0, corrected = 0;
  int covered = 0;
  for (int trial = 0; trial < 100; ++trial) {
    ScoreTable table(16, 20);
    std::vector<double> sums(16, 0);
    for (std::size_t i = 0; i < 16; ++i)
      for (std::size_t j = 0; j < 20; ++j) {
        table.set(i, j, random() % 10 < 6);
        sums[i] += table.at(i, j) / 20;
      }
    const auto winner = static_cast<std::size_t>(std::max_element(sums.begin(), sums.end()) - sums.begin());
    const Interval interval = without_winners_curse(table, winner);
    raw += (sums[winner] - 0.6) / 100;
    corrected += (interval.value - 0.6) / 100;
    covered += interval.lower <= 0.6 && 0.6 <= interval.upper;
  }
  return {raw, corrected, covered};
}

}  // namespace

TEST_CASE("a lucky winner's score comes down towards its rivals, its interval to the truth") {
  const LuckyWinner winner = lucky_winner();
  CHECK(winner.raw > 0.12);  // E max of 16 draws: about 1.77 of sd .11
  CHECK(winner.corrected < winner.raw / 2);
  CHECK(winner.covered >= 88);  // 95 of 100, less three standard errors
}

TEST_CASE("a lucky winner's score comes down to the truth") {
  CHECK(std::abs(lucky_winner().corrected) < 0.02);
}
