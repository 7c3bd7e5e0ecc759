//! Waiting by a clock.
#include <persona/core/clock.hpp>
#include <persona/testing/fake_clock.hpp>

#include <doctest/doctest.h>

#include <thread>

using persona::sleep_until;
using persona::testing::FakeClock;
using namespace std::chrono_literals;

TEST_CASE("a jumping clock never makes a test wait") {
  FakeClock clock;
  const auto start = clock.now();
  CHECK(sleep_until(clock, start + 1h, {}));
  CHECK(clock.now() == start + 1h);
  CHECK(clock.waited() == 1h);
}

TEST_CASE("a stop ends a wait") {
  std::stop_source stop;
  stop.request_stop();
  FakeClock clock;
  CHECK_FALSE(sleep_until(clock, clock.now() + 1h, stop.get_token()));

  std::stop_source later;
  const std::jthread thread([&] { later.request_stop(); });
  const auto machine = persona::system_clock();
  CHECK_FALSE(sleep_until(*machine, machine->now() + 1h, later.get_token()));
}

TEST_CASE("a standing clock wakes its sleepers when it is advanced") {
  FakeClock clock(false);
  const auto end = clock.now() + 1h;
  bool came = false;
  std::jthread sleeper([&] { came = sleep_until(clock, end, {}); });
  clock.advance(1h);
  sleeper.join();
  CHECK(came);
}
