//! What every ledger keeps.
#pragma once

#include <persona/llm/budget.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace persona::test {

using llm::Charge;
using llm::Ledger;
using Accounts = std::vector<std::string>;

inline void check_reserve_and_settle(Ledger& ledger) {
  REQUIRE(ledger.set_cap("run:1", {.money = Money{100}, .calls = 3}));
  const auto first = ledger.reserve(Accounts{"all", "run:1"}, {Money{60}, 10, 1});
  REQUIRE(first);
  CHECK(ledger.balance("run:1")->reserved == Charge{Money{60}, 10, 1});
  const auto refused = ledger.reserve(Accounts{"all", "run:1"}, {Money{41}, 1, 1});
  REQUIRE(!refused);
  CHECK(refused.error().code == Errc::quota_exceeded);
  CHECK(refused.error().message ==
        "the account 'run:1' has $0.00000000004 left of $0.0000000001; the call may take up to $0.000000000041");
  CHECK(ledger.balance("all")->reserved == Charge{Money{60}, 10, 1});
  REQUIRE(ledger.settle(*first, {Money{7}, 3, 1}));
  CHECK(ledger.settle(*first, {Money{7}, 3, 1}).error().code == Errc::not_found);
  for (const char* account : {"all", "run:1"}) {
    CHECK(ledger.balance(account)->spent == Charge{Money{7}, 3, 1});
    CHECK(ledger.balance(account)->reserved == Charge{});
  }
  CHECK(ledger.reserve(Accounts{"run:1"}, {Money{93}, 1, 1}));
  CHECK(!ledger.reserve(Accounts{"run:1"}, {Money{1}, 1, 1}));
  REQUIRE(ledger.set_cap("run:1", {.calls = 3}));
  CHECK(ledger.reserve(Accounts{"run:1"}, {Money{1000}, 1, 1}));
  CHECK(ledger.reserve(Accounts{"run:1"}, {Money{}, 0, 1}).error().message ==
        "the account 'run:1' has 0 calls left of 3 calls; the call may take up to 1 calls");
  REQUIRE(ledger.set_cap("tokens", {.tokens = 5}));
  CHECK(ledger.reserve(Accounts{"tokens"}, {.tokens = 5}));
  CHECK(!ledger.reserve(Accounts{"tokens"}, {.tokens = 1}));
  CHECK(ledger.balance("nobody")->spent == Charge{});
  CHECK(ledger.reserve(Accounts{"all"}, {Money{-1}, 0, 0}).error().code == Errc::invalid_argument);
  CHECK(ledger.reserve(Accounts{"free"}, {Money{INT64_MAX}, INT64_MAX, 1}));
  CHECK(ledger.reserve(Accounts{"free"}, {Money{INT64_MAX}, INT64_MAX, 1}));
}

//! Threads reserve, fail and settle at random; at every moment no account is over its cap, and in the end
//! each has spent what was settled.
inline void check_never_over(const std::function<std::shared_ptr<Ledger>()>& open, int threads, int calls_each) {
  const auto ledger = open();
  const llm::Cap cap{.money = Money{20'000}, .tokens = 9'000};
  for (const char* account : {"all", "a"}) REQUIRE(ledger->set_cap(account, cap));
  std::vector<Charge> spent(static_cast<std::size_t>(threads));
  std::vector<int> refused(static_cast<std::size_t>(threads)), wrong(static_cast<std::size_t>(threads));
  {
    std::vector<std::jthread> workers;
    for (std::size_t t = 0; t < static_cast<std::size_t>(threads); ++t)
      workers.emplace_back([&, t] {
        const auto own = open();
        std::mt19937 random(static_cast<unsigned>(t));
        for (int i = 0; i < calls_each; ++i) {
          const std::int64_t most = 1 + static_cast<std::int64_t>(random() % 200);
          const Accounts accounts = random() % 2 == 0 ? Accounts{"all", "a"} : Accounts{"all"};
          const auto reserved = own->reserve(accounts, {Money{most}, most, 1});
          if (!reserved) {
            reserved.error().code == Errc::quota_exceeded ? ++refused[t] : ++wrong[t];
            continue;
          }
          const std::int64_t taken = static_cast<std::int64_t>(random()) % (most + 1);
          if (!own->settle(*reserved, {Money{taken}, taken / 2, 1})) ++wrong[t];
          spent[t].money += Money{taken};
          spent[t].tokens += taken / 2;
          ++spent[t].calls;
          const auto balance = own->balance("all");
          if (!balance || balance->spent.money + balance->reserved.money > *cap.money ||
              balance->spent.tokens + balance->reserved.tokens > *cap.tokens)
            ++wrong[t];
        }
      });
  }
  Charge sum;
  int refusals = 0;
  for (std::size_t t = 0; t < spent.size(); ++t) {
    CHECK(wrong[t] == 0);
    sum.money += spent[t].money;
    sum.tokens += spent[t].tokens;
    sum.calls += spent[t].calls;
    refusals += refused[t];
  }
  CHECK(refusals > 0);
  CHECK(ledger->balance("all")->spent == sum);
  CHECK(ledger->balance("all")->reserved == Charge{});
  CHECK(ledger->balance("a")->spent.money <= *cap.money);
}

}  // namespace persona::test
