//! Gates: bounds, ends, and the order of examples.
#include <persona/prompt/gate.hpp>

#include <doctest/doctest.h>

#include <algorithm>

using namespace persona::prompt;

TEST_CASE("a child far ahead is kept, one behind is dropped, one level at the end is dropped") {
  Gate ahead(10), behind(10), level(10);
  while (ahead.verdict() == Gate::Verdict::undecided) ahead.add(0, 1);
  while (behind.verdict() == Gate::Verdict::undecided) behind.add(1, 0);
  while (level.verdict() == Gate::Verdict::undecided) level.add(1, 1);
  CHECK(ahead.verdict() == Gate::Verdict::kept);
  CHECK(ahead.count() == 5);  // 1.3 sqrt(10) = 4.1, so 5 wins
  CHECK(behind.verdict() == Gate::Verdict::dropped);
  CHECK(behind.count() == 2);  // 0.7 sqrt(10) = 2.2, so 2 losses
  CHECK(level.verdict() == Gate::Verdict::dropped);
  CHECK(level.count() <= level.most());
}

TEST_CASE("a verdict stands") {
  Gate gate(3);
  while (gate.verdict() == Gate::Verdict::undecided) gate.add(1, 0);
  const std::size_t count = gate.count();
  for (int i = 0; i < 20; ++i) CHECK(gate.add(0, 1) == Gate::Verdict::dropped);
  CHECK(gate.count() == count);
}

TEST_CASE("a gate ends as soon as the rest cannot change it") {
  Gate gate(4);  // 8 at most; kept at 3, dropped at -1, or by 2 at the end
  for (int i = 0; i < 6; ++i) CHECK(gate.add(1, 1) == Gate::Verdict::undecided);
  CHECK(gate.add(1, 1) == Gate::Verdict::dropped);  // one left cannot make a lead of 2
}

TEST_CASE("examples on which candidates disagree come first, every example once") {
  ScoreTable table(4, 6);
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 6; ++j) table.set(i, j, j == 2 ? i % 2 == 0 : j == 5 ? i == 0 : 1);
  const std::vector<std::size_t> candidates = {0, 1, 2, 3};
  auto order = contested_first(table, candidates, 7);
  CHECK(order[0] == 2);
  CHECK(order[1] == 5);
  CHECK(order == contested_first(table, candidates, 7));
  std::sort(order.begin(), order.end());
  CHECK(order == std::vector<std::size_t>{0, 1, 2, 3, 4, 5});
}
