//! 1e6 people with 10 attributes into Postgres and pages of them out of it, against a program that uses libpq alone;
//! then jobs claimed and completed, on Postgres and on SQLite. The server is our own, on a socket, with its defaults
//! but shared_buffers=1GB; both sides use it in turns.
#include "../tests/storage/postgres_server.hpp"
#include "postgres_peer.hpp"
#include "reference_people.hpp"
#include "report.hpp"

#include <persona/storage/postgres_jobs.hpp>
#include <persona/storage/postgres_llm.hpp>
#include <persona/storage/sqlite_jobs.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <random>
#include <thread>
#include <vector>

#include <sched.h>

using namespace persona;
using persona::testing::PostgresServer;

namespace {

const std::vector<std::string> server_settings = {"shared_buffers=1GB", "max_wal_size=4GB", "wal_compression=on"};

double wall_ms(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

postgres::Options bench_options() {
  return {.password = Secret(PostgresServer::password), .replace = true};
}

void store(Storage& storage, const Population& population, std::vector<std::string> indexes = {}) {
  auto sink = storage.create({.name = "people", .indexes = std::move(indexes)});
  bench::require(sink.has_value(), "cannot create");
  for (std::int64_t first = 0; first < bench::people; first += 65'536)
    bench::require(
        (*sink)->append(population.slice(first, std::min<std::int64_t>(65'536, bench::people - first))).has_value(),
        "cannot append");
  bench::require((*sink)->finish().has_value(), "cannot finish");
}

bool measure_copy(Storage& storage, bench::PostgresPeer& peer, const Population& population) {
  double ours = 1e300, theirs = 1e300;
  for (int round = 0; round < 6; ++round)  // the server's checkpoints fall into some of them
    for (const bool our_turn : {round % 2 == 0, round % 2 != 0})
      if (our_turn)
        ours = std::min(ours, wall_ms([&] { store(storage, population); }));
      else
        theirs = std::min(theirs, wall_ms([&] { peer.copy(population); }));
  return bench::report({.name = "postgres_copy_1e6x10",
                        .value = ours,
                        .unit = "ms",
                        .peer = "hand-written COPY BINARY",
                        .peer_value = theirs,
                        .target = 0.9});
}

struct Percentiles {
  double p50, p99;
};

Percentiles percentiles(std::vector<double> times) {
  std::ranges::sort(times);
  return {times[times.size() / 2], times[times.size() * 99 / 100]};
}

// The same pages by both, in turns.
bool measure_reads(const Storage& storage, bench::PostgresPeer& peer, bool by_label) {
  std::vector<double> ours, theirs;
  std::mt19937_64 bits(3);
  for (int i = 0; i < 2000; ++i) {
    const auto after = static_cast<std::int64_t>(bits() % bench::people);
    Query query{.after = after, .limit = by_label ? 50 : 1};
    if (by_label) query.filters = {{"occupation", Compare::equal, {"occupation_42"}}};
    for (const bool our_turn : {i % 2 == 0, i % 2 != 0})  // who comes second finds the rows in the server's memory
      if (our_turn)
        ours.push_back(wall_ms([&] { bench::require(storage.read("people", query).has_value(), "cannot read"); }));
      else
        theirs.push_back(wall_ms([&] { by_label ? peer.page("occupation_42", after) : peer.person(after); }));
  }
  const Percentiles a = percentiles(ours), b = percentiles(theirs);
  const std::string name = by_label ? "postgres_filtered_page" : "postgres_point_read";
  std::printf("%s: p50 %.3f ms, p99 %.3f ms; libpq alone %.3f, %.3f\n", name.c_str(), a.p50, a.p99, b.p50, b.p99);
  const bool fast = bench::report(
      {.name = name + "_p99", .value = a.p99, .unit = "ms", .peer = "wanted at most", .peer_value = 10, .target = 1});
  return bench::report({.name = name + "_p50",
                        .value = a.p50,
                        .unit = "ms",
                        .peer = "libpq alone",
                        .peer_value = b.p50,
                        .target = 1 / 1.3}) &&
         fast;
}

// For as long as it lives, this thread and what it starts have one core.
class OneCore {
 public:
  OneCore() {
    ::sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t one;
    CPU_ZERO(&one);
    for (int core = 0; core < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++core)
      if (CPU_ISSET(core, &before_)) CPU_SET(core, &one);
    ::sched_setaffinity(0, sizeof one, &one);
  }
  ~OneCore() { ::sched_setaffinity(0, sizeof before_, &before_); }
  OneCore(const OneCore&) = delete;
  OneCore& operator=(const OneCore&) = delete;

 private:
  cpu_set_t before_;
};

// Client and server on one core: on two, what waking the other costs differs more from run to run than they do.
bool measure_reads(const Population& population) {
  const OneCore pinned;
  const PostgresServer server(server_settings);
  const auto storage = postgres::open(server.connection(), bench_options());
  bench::require(storage.has_value(), "cannot open");
  bench::PostgresPeer peer(server.connection(), PostgresServer::password);
  store(**storage, population, {"occupation"});
  peer.copy(population);
  peer.index();
  const bool point = measure_reads(**storage, peer, false), page = measure_reads(**storage, peer, true);
  return point && page;
}

// Jobs a second, claimed and completed by some threads in groups.
double jobs_per_second(JobQueue& queue, int jobs, int threads, int group) {
  const std::vector<NewJob> batch(1000, NewJob{.kind = "nothing"});
  for (int made = 0; made < jobs; made += 1000) bench::require(queue.enqueue(batch).has_value(), "cannot enqueue");
  const double time = wall_ms([&] {
    std::vector<std::jthread> workers;
    for (int t = 0; t < threads; ++t)
      workers.emplace_back([&] {
        for (;;) {
          const auto claimed = queue.claim({.most = group});
          bench::require(claimed.has_value(), "cannot claim");
          if (claimed->empty()) return;
          std::vector<JobOutcome> outcomes;
          for (const Job& job : *claimed) outcomes.push_back({{job.id, job.attempt}, {}});
          bench::require(queue.complete(outcomes).has_value(), "cannot complete");
        }
      });
  });
  return 1000.0 * jobs / time;
}

bool measure_enqueue(JobQueue& queue, bench::PostgresPeer& peer) {
  constexpr int jobs = 20'000, group = 1'000;
  const std::vector<NewJob> batch(group, NewJob{.kind = "nothing", .queue = "enqueued"});
  const double ours = wall_ms([&] {
    for (int made = 0; made < jobs; made += group) bench::require(queue.enqueue(batch).has_value(), "cannot enqueue");
  });
  const double theirs = wall_ms([&] { peer.enqueue(jobs, group); });
  return bench::report({.name = "postgres_enqueue_in_groups",
                        .value = 1000 * ours / jobs,
                        .unit = "us a job",
                        .peer = "libpq, one insert at a time",
                        .peer_value = 1000 * theirs / jobs,
                        .target = 1});
}

// What a call to a model adds for its account: reserved before, settled after.
bool measure_accounts(const std::string& connection) {
  const auto ledger = postgres::open_ledger(connection, {.database = bench_options()});
  bench::require(ledger.has_value(), "cannot open accounts");
  constexpr int calls = 2'000;
  const std::string accounts[] = {"run", "tenant"};
  const double time = wall_ms([&] {
    for (int i = 0; i < calls; ++i) {
      const auto reserved = (*ledger)->reserve(accounts, {Money{1000}, 10, 1});
      bench::require(reserved && (*ledger)->settle(*reserved, {Money{900}, 9, 1}), "cannot book");
    }
  });
  return bench::report({.name = "postgres_accounts",
                        .value = 1000 * time / calls,
                        .unit = "us a call on two accounts",
                        .peer = "wanted at most",
                        .peer_value = 2000,
                        .target = 1});
}

// The target is a rate: ours over the wanted one is reported as time, so that the greater ratio is the better.
bool measure_jobs(const char* database, JobQueue& queue, int group, double wanted) {
  const double rate = jobs_per_second(queue, 20'000, 4, group);
  std::printf("%s: %.0f jobs/s in groups of %d\n", database, rate, group);
  return bench::report({.name = std::string(database) + (group == 1 ? "_jobs_one_by_one" : "_jobs_in_groups"),
                        .value = 1e6 / rate,
                        .unit = "us a job",
                        .peer = "wanted at most",
                        .peer_value = 1e6 / wanted,
                        .target = 1});
}

}  // namespace

int main() {
  const PostgresServer server(server_settings);
  const Population population = bench::reference_people(true);
  auto storage = postgres::open(server.connection(), bench_options());
  bench::require(storage.has_value(), "cannot open");
  bench::PostgresPeer peer(server.connection(), PostgresServer::password);
  bool well = measure_copy(**storage, peer, population);
  well = measure_reads(population) && well;
  auto jobs = postgres::open_jobs(server.connection(), bench_options());
  bench::require(jobs.has_value(), "cannot open jobs");
  well = measure_jobs("postgres", **jobs, 1, 3000) && well;
  well = measure_jobs("postgres", **jobs, 20, 15'000) && well;
  well = measure_enqueue(**jobs, peer) && well;
  well = measure_accounts(server.connection()) && well;
  const auto file = (server.folder() / "jobs.db").string();
  auto embedded = sqlite::open_jobs(file);
  bench::require(embedded.has_value(), "cannot open jobs");
  well = measure_jobs("sqlite", **embedded, 1, 3000) && well;
  well = measure_jobs("sqlite", **embedded, 20, 15'000) && well;
  return well ? 0 : 1;
}
