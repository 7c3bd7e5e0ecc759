//! 1e6 people with 10 attributes into an SQLite file on disk, against a loop over a prepared statement, and pages of
//! filtered people out of it. Both sides open the file, write, and close it: the log is in the file at the end.
#include "reference_people.hpp"
#include "report.hpp"

#include <persona/storage/sqlite.hpp>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <sqlite3.h>

using namespace persona;

namespace {

using bench_clock = std::chrono::steady_clock;

double wall_ms(const auto& work) {
  const auto begin = bench_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(bench_clock::now() - begin).count();
}

void require(bool well, const char* what) {
  if (well) return;
  std::fprintf(stderr, "bench_storage: %s\n", what);
  std::exit(2);
}

std::string bench_file(const std::string& name) {
  const char* folder = std::getenv("PERSONA_BENCH_DIR");
  return std::string(folder != nullptr ? folder : "/tmp") + "/" + name;
}

std::string fresh_file(const std::string& name) {
  const std::string path = bench_file(name);
  for (const char* end : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(path + end);
  return path;
}

void store(const std::string& path, const Population& population) {
  const auto storage = sqlite::open(path);
  require(storage.has_value(), "cannot open");
  auto sink = (*storage)->create({.name = "people"});
  require(sink.has_value(), "cannot create");
  // In the batches that a stream of generated people comes in.
  for (std::int64_t first = 0; first < bench::people; first += 65'536)
    require((*sink)->append(population.slice(first, std::min<std::int64_t>(65'536, bench::people - first))).has_value(),
            "cannot append");
  require((*sink)->finish().has_value(), "cannot finish");
}

void execute(sqlite3* database, const char* sql) {
  require(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sql);
}

void bind_cell(sqlite3_stmt* insert, int index, const Column& column, std::int64_t row) {
  const auto at = static_cast<std::size_t>(row);
  switch (column.type()) {
    case ColumnType::float64: sqlite3_bind_double(insert, index, column.float64s()[at]); break;
    case ColumnType::int32: sqlite3_bind_int(insert, index, column.int32s()[at]); break;
    default: {
      const std::string& label = (*column.field().labels)[static_cast<std::size_t>(column.codes8()[at])];
      sqlite3_bind_text(insert, index, label.data(), static_cast<int>(label.size()), SQLITE_STATIC);
    }
  }
}

// What a program without persona would write: the same table, one transaction, one statement prepared once.
void loop(const std::string& path, const Population& population) {
  sqlite3* database = nullptr;
  require(sqlite3_open(path.c_str(), &database) == SQLITE_OK, "cannot open");
  execute(database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  execute(database,
          "CREATE TABLE people (\"index\" INTEGER PRIMARY KEY, age REAL, income REAL, height REAL, score REAL, "
          "kids INTEGER, day INTEGER, sex TEXT, region TEXT, occupation TEXT, education TEXT) STRICT");
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(database, "INSERT INTO people VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", -1, &insert, nullptr);
  execute(database, "BEGIN");
  for (std::int64_t row = 0; row < bench::people; ++row) {
    sqlite3_bind_int64(insert, 1, row);
    int index = 1;
    for (const Column& column : population.columns()) bind_cell(insert, ++index, column, row);
    require(sqlite3_step(insert) == SQLITE_DONE, "cannot insert");
    sqlite3_reset(insert);
  }
  sqlite3_finalize(insert);
  execute(database, "COMMIT");
  sqlite3_close(database);
}

bool measure_writing(const Population& population) {
  const double endless = std::numeric_limits<double>::infinity();
  double cpu[] = {endless, endless}, wall[] = {endless, endless};
  for (int round = 0; round < 5; ++round)
    for (const bool ours : {true, false}) {
      const std::string path = fresh_file(ours ? "persona-bench.db" : "persona-bench-peer.db");
      double time = 0;
      const double elapsed =
          wall_ms([&] { time = bench::cpu_ms([&] { ours ? store(path, population) : loop(path, population); }); });
      cpu[ours ? 0 : 1] = std::min(cpu[ours ? 0 : 1], time);
      wall[ours ? 0 : 1] = std::min(wall[ours ? 0 : 1], elapsed);
    }
  bench::report({.name = "sqlite_1e6x10_wall",
                 .value = wall[0],
                 .unit = "ms",
                 .peer = "prepared-statement loop",
                 .peer_value = wall[1]});
  return bench::report(
      {.name = "sqlite_1e6x10", .value = cpu[0], .peer = "prepared-statement loop", .peer_value = cpu[1], .target = 2});
}

double page_ms(const Storage& storage, const std::vector<Filter>& filters, std::int64_t after) {
  return bench::cpu_ms([&] {
    const auto page = storage.read("people", {.filters = filters, .after = after, .limit = 50});
    require(page.has_value(), "cannot read");
  });
}

// Pages of 50 people of one occupation in a hundred, of an income few have, and of two conditions.
bool measure_pages(const Population& population) {
  const auto storage = sqlite::open(fresh_file("persona-bench.db"));
  require(put(**storage, {.name = "people", .indexes = {"occupation", "income"}}, population).has_value(),
          "cannot put");
  const std::vector<std::vector<Filter>> kinds = {
      {{"occupation", Compare::equal, {"occupation_42"}}},
      {{"income", Compare::greater, {250'000.0}}},
      {{"age", Compare::greater_equal, {65.0}}, {"sex", Compare::equal, {"female"}}},
      {{"occupation", Compare::any_of, {"occupation_1", "occupation_2"}}, {"income", Compare::less, {10'000.0}}}};
  std::vector<double> times;
  std::mt19937_64 bits(3);
  for (const auto& filters : kinds) {
    double sum = 0;
    for (int i = 0; i < 250; ++i) {
      times.push_back(page_ms(**storage, filters, static_cast<std::int64_t>(bits() % bench::people)));
      sum += times.back();
    }
    std::printf("page of 50 by %s%s: %.3f ms on average\n", filters.front().attribute.c_str(),
                filters.size() > 1 ? (" and " + filters.back().attribute).c_str() : "", sum / 250);
  }
  std::ranges::sort(times);
  std::printf("p50 %.3f ms, p99 %.3f ms\n", times[500], times[990]);
  return bench::report({.name = "sqlite_filtered_page_p99",
                        .value = times[990],
                        .unit = "ms CPU",
                        .peer = "wanted at most",
                        .peer_value = 10,
                        .target = 1});
}

// What a program without persona would write: a statement prepared once, each cell looked at.
class Peer {
 public:
  Peer(const std::string& path, bool by_label) {
    require(sqlite3_open_v2(path.c_str(), &database_, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK, "cannot open");
    const char* sql = by_label
                          ? "SELECT * FROM people WHERE \"index\" > ? AND occupation = ? ORDER BY \"index\" LIMIT 50"
                          : "SELECT * FROM people WHERE \"index\" > ? ORDER BY \"index\" LIMIT 1";
    require(sqlite3_prepare_v2(database_, sql, -1, &statement_, nullptr) == SQLITE_OK, "cannot prepare");
    if (by_label) sqlite3_bind_text(statement_, 2, "occupation_42", -1, SQLITE_STATIC);
  }
  ~Peer() {
    sqlite3_finalize(statement_);
    sqlite3_close(database_);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  void read(std::int64_t after) {
    sqlite3_bind_int64(statement_, 1, after);
    while (sqlite3_step(statement_) == SQLITE_ROW)
      for (int column = 0; column < sqlite3_column_count(statement_); ++column)
        seen_ += sqlite3_column_type(statement_, column) == SQLITE_TEXT ? *sqlite3_column_text(statement_, column)
                                                                        : sqlite3_column_double(statement_, column);
    sqlite3_reset(statement_);
  }

 private:
  sqlite3* database_ = nullptr;
  sqlite3_stmt* statement_ = nullptr;
  double seen_ = 0;
};

// The same reads of the same file by both, in turns.
bool measure_reads(const std::string& path, bool by_label) {
  const auto storage = sqlite::open(path);
  require(storage.has_value(), "cannot open");
  Peer peer(path, by_label);
  Query query{.limit = by_label ? 50 : 1};
  if (by_label) query.filters = {{"occupation", Compare::equal, {"occupation_42"}}};
  std::vector<double> ours, theirs;
  std::mt19937_64 bits(5);
  for (int i = 0; i < 4000; ++i) {
    const auto after = static_cast<std::int64_t>(bits() % bench::people);
    query.after = after;
    for (const bool our_turn : {i % 2 == 0, i % 2 != 0})  // who comes second finds the file's page in the processor's
      if (our_turn)
        ours.push_back(bench::cpu_ms([&] { require((*storage)->read("people", query).has_value(), "cannot read"); }));
      else
        theirs.push_back(bench::cpu_ms([&] { peer.read(after); }));
  }
  std::ranges::sort(ours);
  std::ranges::sort(theirs);
  const std::string name = by_label ? "sqlite_page_by_label" : "sqlite_point_read";
  std::printf("%s: p50 %.4f ms, p99 %.4f ms CPU; sqlite3 alone %.4f, %.4f\n", name.c_str(), ours[2000], ours[3960],
              theirs[2000], theirs[3960]);
  const bool fast = bench::report({.name = name + "_p99",
                                   .value = ours[3960],
                                   .unit = "ms CPU",
                                   .peer = "wanted at most",
                                   .peer_value = 10,
                                   .target = 1});
  return bench::report({.name = name + "_p50",
                        .value = 1000 * ours[2000],
                        .unit = "us CPU",
                        .peer = "sqlite3 alone",
                        .peer_value = 1000 * theirs[2000],
                        .target = 1 / 1.3}) &&
         fast;
}

}  // namespace

int main() {
  const Population population = bench::reference_people(true);
  const bool written = measure_writing(population);
  bool read = measure_pages(population);
  for (const bool by_label : {false, true}) read = measure_reads(bench_file("persona-bench.db"), by_label) && read;
  for (const char* name : {"persona-bench.db", "persona-bench-peer.db"}) fresh_file(name);
  return written && read ? 0 : 1;
}
