//! Objectives: one number, and what must not get worse.
#include <persona/prompt/objective.hpp>

#include <doctest/doctest.h>

using namespace persona;
using namespace persona::prompt;
using namespace std::chrono_literals;

namespace {

SegmentScore segment(const char* name, double value, double half) {
  const Interval interval{value, value - half, value + half, 0.95};
  return {name, 100, interval, interval};
}

}  // namespace

TEST_CASE("the mean, or the worst segment") {
  Evaluation evaluation;
  evaluation.score.value = 0.8;
  CHECK(value_of({.aim = Aim::worst_segment}, evaluation) == doctest::Approx(0.8));  // there are none
  evaluation.segments = {segment("old", 0.9, 0.05), segment("young", 0.6, 0.05)};
  CHECK(value_of({}, evaluation) == doctest::Approx(0.8));
  CHECK(value_of({.aim = Aim::worst_segment}, evaluation) == doctest::Approx(0.6));
}

TEST_CASE("dollars and seconds cost points") {
  Evaluation evaluation;
  evaluation.score.value = 0.8;
  evaluation.outcomes.resize(10);
  evaluation.cost = dollars(0.02);  // 2 dollars a thousand runs
  evaluation.latency_p50 = 3s;
  CHECK(value_of({.per_dollar = 1.5}, evaluation) == doctest::Approx(0.77));
  CHECK(value_of({.per_second = 1}, evaluation) == doctest::Approx(0.77));
  evaluation.cost = std::nullopt;
  CHECK(value_of({.per_dollar = 1.5}, evaluation) == doctest::Approx(0.8));
}

TEST_CASE("a segment that fell beyond its noise and the tolerance is named") {
  Evaluation before, after;
  before.segments = {segment("a", 0.9, 0.02), segment("b", 0.9, 0.02), segment("c", 0.9, 0.3)};
  after.segments = {segment("a", 0.8, 0.02), segment("b", 0.91, 0.02), segment("c", 0.8, 0.3)};
  CHECK(broken_segments({.segment_tolerance = 0}, before, after) == std::vector<std::string>{"a"});
  CHECK(broken_segments({.segment_tolerance = 0.09}, before, after).empty());
  CHECK(broken_segments({}, before, after).empty());
}
