//! Answers and accounts in a file that many share.
#include <persona/storage/sqlite_llm.hpp>
#include <persona/testing/fake_clock.hpp>
#include <persona/testing/scripted_provider.hpp>

#include "../llm/ledger_checks.hpp"
#include "temporary_folder.hpp"

#include <SQLiteCpp/Database.h>

#include <csignal>
#include <functional>

#include <sys/wait.h>
#include <unistd.h>

using namespace persona;
using namespace persona::llm;
using persona::test::TemporaryFolder;

namespace {

std::int64_t ask(const std::string& path, const std::string& sql) {
  return SQLite::Database(path, SQLite::OPEN_READONLY).execAndGet(sql).getInt64();
}

pid_t start(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  return child;
}

int end_of(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::shared_ptr<Ledger> ledger_of(const std::string& path, std::shared_ptr<Clock> clock = system_clock()) {
  auto ledger =
      sqlite::open_ledger(path, {.file = {.busy_timeout = std::chrono::seconds(60)}, .clock = std::move(clock)});
  REQUIRE(ledger);
  return *ledger;
}

const std::vector<std::string> all = {"all"};

}  // namespace

TEST_CASE("a cache in a file gives back what was put, also to those who open it later") {
  const TemporaryFolder folder;
  const std::string path = folder / "cache.db";
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  {
    const auto cache = sqlite::open_cache(path);
    REQUIRE(cache);
    CHECK(!(*cache)->get("k")->has_value());
    REQUIRE((*cache)->put("k", {"old", now, now + std::chrono::hours(1)}));
    REQUIRE((*cache)->put("k", {"{\"text\":\"é\"}", now, now + std::chrono::hours(2)}));
  }
  const auto cache = sqlite::open_cache(path);
  const auto found = (*cache)->get("k");
  REQUIRE(found->has_value());
  CHECK((*found)->reply == "{\"text\":\"é\"}");
  CHECK((*found)->stored == now);
  CHECK((*found)->expires == now + std::chrono::hours(2));
  CHECK(ask(path, "SELECT count(*) FROM persona_reply WHERE expires_ms > stored_ms") == 1);
  REQUIRE((*cache)->erase("k"));
  CHECK(!(*cache)->get("k")->has_value());
}

TEST_CASE("what has expired leaves the file") {
  const TemporaryFolder folder;
  const auto clock = std::make_shared<testing::FakeClock>();
  const auto cache = sqlite::open_cache(folder / "cache.db", {}, clock);
  REQUIRE((*cache)->put("short", {"{}", clock->today(), clock->today() + std::chrono::seconds(1)}));
  REQUIRE((*cache)->put("long", {"{}", clock->today(), clock->today() + std::chrono::hours(1)}));
  clock->advance(std::chrono::seconds(2));
  for (int i = 0; i < 300; ++i)
    REQUIRE((*cache)->put("more", {"{}", clock->today(), clock->today() + std::chrono::hours(1)}));
  CHECK(ask(folder / "cache.db", "SELECT count(*) FROM persona_reply WHERE key = 'short'") == 0);
  CHECK((*cache)->get("long")->has_value());
}

TEST_CASE("two stacks, one file: the second is answered from what the first bought") {
  const TemporaryFolder folder;
  const auto script =
      std::make_shared<testing::ScriptedProvider>(std::vector<testing::Step>{testing::says("bought once")});
  const Request request{.model = "m", .messages = {Message::user("hello")}, .temperature = 0};
  REQUIRE(cached(script, *sqlite::open_cache(folder / "cache.db"))->complete(request));
  const auto hit = cached(script, *sqlite::open_cache(folder / "cache.db"))->complete(request);
  REQUIRE(hit);
  CHECK(hit->text == "bought once");
  CHECK(hit->source == Source::stored_cache);
  CHECK(hit->cost == Money{});
}

TEST_CASE("a cache may be the file of a storage, and be used by threads") {
  const TemporaryFolder folder;
  const auto storage = sqlite::open(folder / "all.db");
  REQUIRE(storage);
  const auto cache = sqlite::open_cache(folder / "all.db");
  REQUIRE(cache);
  {
    std::vector<std::jthread> workers;
    for (int t = 0; t < 4; ++t)
      workers.emplace_back([&, t] {
        for (int i = 0; i < 50; ++i) {
          const std::string key = std::to_string((i * 7 + t) % 20);
          (void)(*cache)->put(key, {key, {}, std::chrono::system_clock::now() + std::chrono::hours(1)});
          const auto found = (*cache)->get(key);
          if (!found || !*found || (**found).reply != key) (void)(*cache)->put("wrong", {});
        }
      });
  }
  CHECK(!(*cache)->get("wrong")->has_value());
  CHECK((*storage)->list()->empty());
}

TEST_CASE("a ledger in a file reserves from all accounts or none, and settles once") {
  const TemporaryFolder folder;
  test::check_reserve_and_settle(*ledger_of(folder / "money.db"));
}

TEST_CASE("threads with ledgers of their own on one file never take it over a cap") {
  const TemporaryFolder folder;
  test::check_never_over([&] { return ledger_of(folder / "money.db"); }, 4, 100);
}

TEST_CASE("processes on one file never take it over a cap, and lose nothing") {
  const TemporaryFolder folder;
  const std::string path = folder / "money.db";
  REQUIRE(ledger_of(path)->set_cap("all", {.money = Money{100}}));
  std::vector<pid_t> children;
  for (int p = 0; p < 4; ++p)
    children.push_back(start([&] {
      const auto ledger = ledger_of(path);
      int bought = 0;
      for (int i = 0; i < 50; ++i) {
        const auto reserved = ledger->reserve(all, {Money{1}, 1, 1});
        if (reserved && ledger->settle(*reserved, {Money{1}, 1, 1})) ++bought;
        if (!reserved && reserved.error().code != Errc::quota_exceeded) return 200;
      }
      return bought;
    }));
  int bought = 0;
  for (const pid_t child : children) bought += end_of(child);
  CHECK(bought == 100);
  CHECK(ledger_of(path)->balance("all")->spent == Charge{Money{100}, 100, 100});
}

TEST_CASE("what a killed process reserved stays reserved, and is booked at its most after its lease") {
  const TemporaryFolder folder;
  const std::string path = folder / "money.db";
  const auto clock = std::make_shared<testing::FakeClock>();
  const pid_t child = start([&] {
    const auto ledger = ledger_of(path, clock);
    (void)ledger->reserve(all, {Money{70}, 7, 1});
    ::raise(SIGKILL);
    return 0;
  });
  CHECK(end_of(child) == -SIGKILL);
  const auto ledger = ledger_of(path, clock);
  REQUIRE(ledger->set_cap("all", {.money = Money{100}}));
  CHECK(ledger->balance("all")->reserved == Charge{Money{70}, 7, 1});
  CHECK(!ledger->reserve(all, {Money{31}, 0, 0}));
  clock->advance(std::chrono::seconds(3601));
  REQUIRE(ledger->reserve(all, {Money{30}, 0, 0}));
  CHECK(ledger->balance("all")->spent == Charge{Money{70}, 7, 1});
  CHECK(ledger->balance("all")->reserved == Charge{Money{30}, 0, 0});
}

TEST_CASE("a late settlement corrects what was booked in its absence") {
  const TemporaryFolder folder;
  const auto clock = std::make_shared<testing::FakeClock>();
  const auto slow = ledger_of(folder / "money.db", clock);
  const auto reservation = slow->reserve(all, {Money{70}, 7, 1});
  REQUIRE(reservation);
  clock->advance(std::chrono::seconds(3601));
  const auto other = ledger_of(folder / "money.db", clock);
  CHECK(other->balance("all")->spent == Charge{Money{70}, 7, 1});
  REQUIRE(slow->settle(*reservation, {Money{5}, 2, 1}));
  CHECK(other->balance("all")->spent == Charge{Money{5}, 2, 1});
  CHECK(other->balance("all")->reserved == Charge{});
  CHECK(slow->settle(*reservation, {Money{5}, 2, 1}).error().code == Errc::not_found);
}

TEST_CASE("plain SQL reads the accounts as docs/storage.md says") {
  const TemporaryFolder folder;
  const std::string path = folder / "money.db";
  const auto ledger = ledger_of(path);
  REQUIRE(ledger->set_cap("run:7", {.money = dollars(1)}));
  REQUIRE(ledger->reserve(std::vector<std::string>{"run:7", "with \"quotes\""}, {dollars(0.25), 10, 1}));
  CHECK(ask(path, "SELECT reserved_picodollars FROM persona_account WHERE account = 'run:7'") ==
        dollars(0.25).picodollars);
  CHECK(ask(path, "SELECT cap_tokens IS NULL FROM persona_account WHERE account = 'run:7'") == 1);
  CHECK(ask(path, "SELECT count(*) FROM persona_reservation, json_each(accounts) WHERE value = 'with \"quotes\"'") ==
        1);
}

TEST_CASE("files that cannot be opened are named") {
  const TemporaryFolder folder;
  CHECK(sqlite::open_cache(folder / "no/cache.db").error().code == Errc::not_found);
  CHECK(sqlite::open_ledger(folder.path()).error().code == Errc::io);
  REQUIRE(sqlite::open_cache(folder / "old.db"));
  REQUIRE(sqlite::migrate(folder / "old.db", 2));
  const auto again = sqlite::open_ledger(folder / "old.db");
  REQUIRE(again);
  REQUIRE(sqlite::migrate(folder / "old.db", 2));
  CHECK((*again)->reserve(all, {}).error().code == Errc::conflict);
}
