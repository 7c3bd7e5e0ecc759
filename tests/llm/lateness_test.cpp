//! When a call is late, and whether another may be sent.
#include "llm/lateness.hpp"

#include <doctest/doctest.h>

using namespace persona;
using namespace std::chrono_literals;

TEST_CASE("lateness is the quantile of the last 200") {
  llm::LatenessWindow window;
  for (int i = 1; i <= 19; ++i) window.add(std::chrono::milliseconds(i));
  CHECK_FALSE(window.quantile(0.95));
  for (int i = 20; i <= 100; ++i) window.add(std::chrono::milliseconds(i));
  CHECK(window.quantile(0.95) == 95ms);
  CHECK(window.quantile(0) == 1ms);
  CHECK(window.quantile(1) == 100ms);
  for (int i = 0; i < 200; ++i) window.add(7ms);
  CHECK(window.quantile(1) == 7ms);
}

TEST_CASE("second requests are a share of calls at any moment") {
  llm::HedgeAllowance allowance(0.02);
  int sent = 0;
  for (int call = 1; call <= 1'000; ++call) {
    allowance.call();
    while (allowance.send()) ++sent;
    CHECK(sent == call / 50);
  }
  CHECK_FALSE(llm::HedgeAllowance(0).may_send());
}
