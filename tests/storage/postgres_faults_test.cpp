//! Timeouts, cancelled reads, servers that go away and come back.
#include <persona/storage/postgres.hpp>

#include "postgres/pool.hpp"
#include "postgres_ask.hpp"
#include "testing/contract_check.hpp"

#include <doctest/doctest.h>

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>

using namespace persona;
using persona::testing::mixed_population;
using persona::testing::PostgresServer;
using persona::testing::with_password;

namespace {

std::shared_ptr<postgres::Pool> pool_of(const postgres::Options& options) {
  const auto target = postgres::parse_target(PostgresServer::shared().connection(), options);
  REQUIRE(target);
  return std::make_shared<postgres::Pool>(*target, options);
}

bool is_unread(int socket) {
  int bytes = 0;
  return ::ioctl(socket, SIOCOUTQ, &bytes) == 0 && bytes > 0;
}

// Was it sent to a process, which has not taken it yet?
bool is_pending(pid_t process, int signal) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("ShdPnd:")) return ((std::stoull(line.substr(7), nullptr, 16) >> (signal - 1)) & 1U) != 0;
  return false;
}

}  // namespace

TEST_CASE("a stop that reaches the server before it has read the statement is told again") {
  const auto connection = pool_of(with_password(testing::fresh_schema()))->take();
  REQUIRE(connection);
  const Value at_once[] = {0.0}, late[] = {60.0};
  REQUIRE((*connection)->run("SELECT pg_sleep($1)", postgres::Parameters(at_once)));
  const pid_t server = PQbackendPID((*connection)->handle());
  REQUIRE(::kill(server, SIGSTOP) == 0);
  std::stop_source stop;
  Errc answer = Errc::internal;
  {
    const std::jthread caller([&] {
      const auto rows =
          (*connection)->run("SELECT pg_sleep($1)", postgres::Parameters(late), {.stop = stop.get_token()});
      if (!rows) answer = rows.error().code;
    });
    while (!is_unread(PQsocket((*connection)->handle()))) std::this_thread::yield();
    stop.request_stop();
    while (!is_pending(server, SIGINT)) std::this_thread::yield();
    ::kill(server, SIGCONT);
  }
  CHECK(answer == Errc::cancelled);
  CHECK((*connection)->is_ready());
}

TEST_CASE("a statement ends when its caller has no more time, or stops it") {
  const auto options = with_password(testing::fresh_schema());
  const auto connection = pool_of(options)->take();
  REQUIRE(connection);
  const auto late = (*connection)
                        ->run("SELECT pg_sleep(60)", {},
                              {.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(20)});
  CHECK(late.error().code == Errc::deadline_exceeded);
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  const auto stopped = (*connection)->run("SELECT pg_sleep(60)", {}, {.stop = stop.get_token()});
  CHECK(stopped.error().code == Errc::cancelled);
  CHECK((*connection)->is_ready());
}

TEST_CASE("the database itself ends what takes too long") {
  const auto options = with_password(testing::fresh_schema(), {.statement_timeout = std::chrono::milliseconds(20)});
  const auto connection = pool_of(options)->take();
  const auto late = (*connection)->run("SELECT pg_sleep(60)");
  REQUIRE(!late);
  CHECK(late.error().code == Errc::deadline_exceeded);
  CHECK(late.error().service->type == "57014");
}

TEST_CASE("a pool has so many connections, and those who want more wait") {
  const auto options =
      with_password(testing::fresh_schema(), {.connections = 1, .pool_timeout = std::chrono::milliseconds(20)});
  const auto pool = pool_of(options);
  std::optional<postgres::Pool::Lease> first;
  first.emplace(*pool->take());
  const auto none = pool->take();
  REQUIRE(!none);
  CHECK(none.error().code == Errc::unavailable);
  CHECK(none.error().message.find("all 1 connections are in use") != std::string::npos);
  std::stop_source stop;
  stop.request_stop();
  CHECK(pool->take({.stop = stop.get_token()}).error().code == Errc::cancelled);
  first.reset();
  CHECK(pool->take());
}

TEST_CASE("two transactions that collide are told to try again") {
  const auto pool = pool_of(with_password(testing::fresh_schema()));
  const auto a = pool->take(), b = pool->take();
  REQUIRE((*a)->execute("CREATE TABLE IF NOT EXISTS public.collide (x int); INSERT INTO public.collide VALUES (1)"));
  for (const auto* connection : {&a, &b}) {
    REQUIRE((**connection)->execute("BEGIN ISOLATION LEVEL SERIALIZABLE"));
    REQUIRE((**connection)->run("SELECT sum(x) FROM public.collide"));
  }
  REQUIRE((*a)->execute("INSERT INTO public.collide VALUES (2)"));
  REQUIRE((*b)->execute("INSERT INTO public.collide VALUES (3)"));
  REQUIRE((*a)->execute("COMMIT"));
  const Status second = (*b)->execute("COMMIT");
  REQUIRE(!second);
  CHECK(second.error().code == Errc::unavailable);
  CHECK(second.error().service->type == "40001");
  CHECK(second.error().service->retryable);
}

TEST_CASE("a sink whose session is ended leaves nothing, and the storage goes on") {
  const std::string schema = testing::fresh_schema();
  const auto storage = testing::open_schema(schema);
  auto sink = storage->create({.name = "people"});
  REQUIRE(sink);
  REQUIRE((*sink)->append(mixed_population(100)));
  testing::ask(schema,
               "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'active' AND query LIKE "
               "'COPY \"persona_rows_%'");
  Status status;
  for (int i = 0; i < 100 && status; ++i) status = (*sink)->append(mixed_population(2000));
  if (status) status = (*sink)->finish();
  REQUIRE(!status);
  CHECK(status.error().code == Errc::unavailable);
  CHECK(status.error().service->retryable);
  CHECK(storage->list()->empty());
  CHECK(put(*storage, {.name = "people"}, mixed_population(10)));
}

TEST_CASE("a server that crashes and comes back finds its clients again, and nothing half written") {
  PostgresServer server;
  auto options = with_password("persona");
  const auto storage = postgres::open(server.connection(), options);
  REQUIRE(storage);
  REQUIRE(put(**storage, {.name = "before"}, mixed_population(100)));
  auto sink = (*storage)->create({.name = "people"});
  REQUIRE((*sink)->append(mixed_population(5000)));
  server.stop(SIGQUIT);
  const Status lost = (*sink)->finish();
  REQUIRE(!lost);
  CHECK(lost.error().code == Errc::unavailable);
  CHECK(lost.error().service->retryable);
  CHECK(!lost.error().service->sent);
  const auto away = (*storage)->read("before");
  REQUIRE(!away);
  CHECK(away.error().code == Errc::unavailable);
  CHECK(away.error().service->retryable);
  server.start();
  CHECK((*storage)->read("before", {.limit = 0})->size() == 100);
  CHECK((*storage)->find("people").error().code == Errc::not_found);
  CHECK(put(**storage, {.name = "people"}, mixed_population(10)));
}
