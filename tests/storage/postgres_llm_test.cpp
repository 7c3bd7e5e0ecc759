//! Answers and accounts in a schema that many share.
#include <persona/storage/postgres_llm.hpp>
#include <persona/testing/fake_clock.hpp>

#include "../llm/ledger_checks.hpp"
#include "postgres_ask.hpp"

#include <csignal>
#include <functional>

#include <sys/wait.h>
#include <unistd.h>

using namespace persona;
using namespace persona::llm;
using persona::testing::ask;
using persona::testing::PostgresServer;
using persona::testing::with_password;

namespace {

std::shared_ptr<Ledger> ledger_of(const std::string& schema, std::shared_ptr<Clock> clock = system_clock()) {
  auto ledger = postgres::open_ledger(PostgresServer::shared().connection(),
                                      {.database = with_password(schema), .clock = std::move(clock)});
  if (!ledger) FAIL(to_string(ledger.error()));
  return *ledger;
}

std::shared_ptr<ResponseCache> cache_of(const std::string& schema, std::shared_ptr<Clock> clock = system_clock(),
                                        bool read_only = false) {
  auto cache = postgres::open_cache(PostgresServer::shared().connection(),
                                    with_password(schema, {.read_only = read_only}), std::move(clock));
  if (!cache) FAIL(to_string(cache.error()));
  return *cache;
}

int run_child(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

const std::vector<std::string> all_accounts = {"all"};

}  // namespace

TEST_CASE("a cache in a schema gives back what was put, and forgets what has expired") {
  const std::string schema = testing::fresh_schema();
  const auto clock = std::make_shared<testing::FakeClock>();
  const auto cache = cache_of(schema, clock);
  const auto now = std::chrono::floor<std::chrono::milliseconds>(clock->today());
  CHECK(!cache->get("k")->has_value());
  REQUIRE(cache->put("k", {"old", now, now + std::chrono::hours(1)}));
  REQUIRE(cache->put("k", {"{\"text\":\"é\"}", now, now + std::chrono::hours(2)}));
  REQUIRE(cache->put("short", {"{}", now, now + std::chrono::seconds(1)}));
  const auto found = cache_of(schema, clock, true)->get("k");
  REQUIRE(found->has_value());
  CHECK((*found)->reply == "{\"text\":\"é\"}");
  CHECK((*found)->stored == now);
  CHECK((*found)->expires == now + std::chrono::hours(2));
  CHECK(cache_of(schema, clock, true)->put("x", {}).error().code == Errc::io);
  clock->advance(std::chrono::seconds(2));
  cache_of(schema, clock);
  CHECK(ask(schema, "SELECT key FROM persona_reply") == "k");
  REQUIRE(cache->erase("k"));
  CHECK(!cache->get("k")->has_value());
}

TEST_CASE("a ledger in a schema reserves from all accounts or none, and settles once") {
  test::check_reserve_and_settle(*ledger_of(testing::fresh_schema()));
}

TEST_CASE("threads with ledgers of their own on one schema never take it over a cap") {
  const std::string schema = testing::fresh_schema();
  ledger_of(schema);
  test::check_never_over([&] { return ledger_of(schema); }, 4, 100);
}

TEST_CASE("what a killed process reserved in a schema is booked at its most after its lease") {
  const std::string schema = testing::fresh_schema();
  const auto clock = std::make_shared<testing::FakeClock>();
  CHECK(run_child([&] {
          (void)ledger_of(schema, clock)->reserve(all_accounts, {Money{70}, 7, 1});
          ::raise(SIGKILL);
          return 0;
        }) == -SIGKILL);
  const auto ledger = ledger_of(schema, clock);
  REQUIRE(ledger->set_cap("all", {.money = Money{100}}));
  CHECK(ledger->balance("all")->reserved == Charge{Money{70}, 7, 1});
  CHECK(!ledger->reserve(all_accounts, {Money{31}, 0, 0}));
  clock->advance(std::chrono::seconds(3601));
  REQUIRE(ledger->reserve(all_accounts, {Money{30}, 0, 0}));
  CHECK(ledger->balance("all")->spent == Charge{Money{70}, 7, 1});
  CHECK(ledger->balance("all")->reserved == Charge{Money{30}, 0, 0});
}

TEST_CASE("a late settlement corrects what was booked in a schema in its absence") {
  const std::string schema = testing::fresh_schema();
  const auto clock = std::make_shared<testing::FakeClock>();
  const auto slow = ledger_of(schema, clock);
  const auto reservation = slow->reserve(all_accounts, {Money{70}, 7, 1});
  REQUIRE(reservation);
  clock->advance(std::chrono::seconds(3601));
  const auto other = ledger_of(schema, clock);
  CHECK(other->balance("all")->spent == Charge{Money{70}, 7, 1});
  REQUIRE(slow->settle(*reservation, {Money{5}, 2, 1}));
  CHECK(other->balance("all")->spent == Charge{Money{5}, 2, 1});
  CHECK(slow->settle(*reservation, {Money{5}, 2, 1}).error().code == Errc::not_found);
}
