//! Statements in transactions on a schema.
#include "postgres/sql_database.hpp"

#include "postgres/binary.hpp"
#include "postgres/failure.hpp"
#include "postgres/schema.hpp"
#include "postgres/wake_pipe.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <utility>

#include <poll.h>

namespace persona::postgres {
namespace {

constexpr int most_tries = 12;
constexpr std::chrono::microseconds first_rest{2'000}, longest_rest{1'000'000};

// Two that collided would meet again and again at the same pace: each rests for a random part of a time that doubles.
void rest_after(int tries) {
  thread_local std::minstd_rand dice{std::random_device{}()};
  const std::int64_t most = std::min(first_rest * (1 << tries), longest_rest).count();
  std::this_thread::sleep_for(std::chrono::microseconds(std::uniform_int_distribution<std::int64_t>(0, most)(dice)));
}

Value cell_of(const Rows& rows, int row, int column) {
  if (rows.is_null(row, column)) return {};
  switch (rows.type(column)) {
    case int4_id:
    case int8_id: return rows.integer(row, column);
    case float8_id: return take_double(rows.bytes(row, column).data());
    default: return rows.text(row, column);
  }
}

SqlRows rows_of(const Rows& rows) {
  SqlRows answer{.cells = {}, .affected = rows.affected()};
  for (int row = 0; row < rows.size(); ++row) {
    std::vector<Value>& cells = answer.cells.emplace_back();
    for (int column = 0; column < rows.columns(); ++column) cells.push_back(cell_of(rows, row, column));
  }
  return answer;
}

class ConnectionSession final : public SqlSession {
 public:
  explicit ConnectionSession(Connection& connection) : connection_(connection) {}

  Result<SqlRows> run(const std::string& sql, std::span<const Value> values) override {
    const Result<Rows> rows = connection_.run(sql, Parameters(values));
    return rows ? Result<SqlRows>(rows_of(*rows)) : tl::unexpected(rows.error());
  }

  Result<std::vector<SqlRows>> run_all(std::span<const SqlStatement> statements) override {
    std::vector<Statement> all;
    for (const SqlStatement& statement : statements) all.push_back({statement.sql, Parameters(statement.values)});
    const Result<std::vector<Rows>> rows = connection_.run_all(all);
    if (!rows) return tl::unexpected(rows.error());
    std::vector<SqlRows> answers;
    for (const Rows& one : *rows) answers.push_back(rows_of(one));
    return answers;
  }

  void will_be_read() override { is_read_later_ = true; }
  bool is_read_later() const { return is_read_later_; }

  SqlDialect dialect() const override { return SqlDialect::postgres; }

 private:
  Connection& connection_;
  bool is_read_later_ = false;
};

//! A connection of its own that hears what others tell. Of many who wait, one listens for all.
class Listener {
 public:
  Listener(Target target, std::string channel) : target_(std::move(target)), channel_(std::move(channel)) {}

  std::uint64_t told() {
    const std::lock_guard lock(mutex_);
    return told_;
  }

  //! Returns when something was told after `before`, after `most`, or when `stop` is triggered.
  void wait(std::uint64_t before, std::chrono::milliseconds most, const std::stop_token& stop) {
    const auto end = std::chrono::steady_clock::now() + most;
    std::unique_lock lock(mutex_);
    const auto may_go_on = [&] { return told_ != before || !listening_; };
    if (!heard_.wait_until(lock, stop, end, may_go_on) || told_ != before) return;
    listening_ = true;
    lock.unlock();
    listen_until(end, stop);
    lock.lock();
    listening_ = false;
    ++told_;
    heard_.notify_all();
  }

 private:
  void listen_until(std::chrono::steady_clock::time_point end, const std::stop_token& stop) {
    WakePipe stopped;
    const std::stop_callback wake(stop, [&] { stopped.wake(); });
    if (!connection_ && listen()) return;  // what was told before is unknown: the caller looks once more
    while (!stop.stop_requested()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
      if (left <= 0) return;
      pollfd ends[] = {{stopped.read_end(), POLLIN, 0},
                       {connection_ ? PQsocket(connection_->handle()) : -1, POLLIN, 0}};
      ::poll(ends, 2, static_cast<int>(std::min<std::int64_t>(left, 60'000)));
      if (connection_ && hears()) return;
    }
  }

  bool listen() {
    Result<std::unique_ptr<Connection>> connection = Connection::connect(target_);
    if (!connection || !(*connection)->execute("LISTEN " + channel_)) return false;
    connection_ = *std::move(connection);
    return true;
  }

  bool hears() {
    if (PQconsumeInput(connection_->handle()) == 0) {
      connection_.reset();
      return false;  // waited for by the clock, until the database is there again
    }
    bool told = false;
    while (PGnotify* notice = PQnotifies(connection_->handle())) {
      PQfreemem(notice);
      told = true;
    }
    return told;
  }

  const Target target_;
  const std::string channel_;
  std::mutex mutex_;
  std::condition_variable_any heard_;
  bool listening_ = false;
  std::uint64_t told_ = 0;
  std::unique_ptr<Connection> connection_;  // of the one who listens
};

class PoolSqlDatabase final : public SqlDatabase {
 public:
  PoolSqlDatabase(std::shared_ptr<Pool> pool, std::shared_ptr<Replicas> replicas)
      : pool_(std::move(pool)),
        replicas_(std::move(replicas)),
        channel_("persona_" + pool_->target().schema),
        listener_(pool_->target(), "\"" + channel_ + "\"") {}

  Status transact(const std::function<Status(SqlSession&)>& work) override {
    return until_alone([&] { return try_once(work); });
  }

  Result<SqlRows> run(const std::string& sql, std::span<const Value> values) override {
    return until_alone([&]() -> Result<SqlRows> {
      const Result<Pool::Lease> connection = pool_->take();
      if (!connection) return tl::unexpected(connection.error());
      return ConnectionSession(**connection).run(sql, values);
    });
  }

  Status read(Age age, const std::function<Status(SqlSession&)>& work) override {
    const auto on = [&](const Pool::Lease& connection) {
      ConnectionSession session(*connection);
      return work(session);
    };
    return until_alone([&]() -> Status {
      if (age == Age::may_be_late) return replicas_->read(*pool_, {}, on);
      const Result<Pool::Lease> connection = pool_->take();
      return connection ? on(*connection) : tl::unexpected(connection.error());
    });
  }

  SqlDialect dialect() const override { return SqlDialect::postgres; }

  void wake() override {
    const Result<Pool::Lease> connection = pool_->take();
    if (!connection) return;  // those who wait look again by themselves
    const Value values[] = {channel_};
    const Result<Rows> told = (*connection)->run("SELECT pg_notify($1, '')", Parameters(values));
    static_cast<void>(told);
  }

  std::uint64_t told() override { return listener_.told(); }
  void wait(std::uint64_t told, std::chrono::milliseconds most, const std::stop_token& stop) override {
    listener_.wait(told, most, stop);
  }

 private:
  // Again and again while another transaction was faster.
  template <class Work>
  static auto until_alone(const Work& work) -> decltype(work()) {
    for (int i = 1;; ++i) {
      auto done = work();
      const bool collided = !done && (is_state(done.error(), "40001") || is_state(done.error(), "40P01"));
      if (!collided || i == most_tries) return done;
      rest_after(i);
    }
  }

  Status try_once(const std::function<Status(SqlSession&)>& work) {
    const Result<Pool::Lease> connection = pool_->take();
    if (!connection) return tl::unexpected(connection.error());
    Result<Transaction> transaction = Transaction::begin(**connection);
    if (!transaction) return tl::unexpected(transaction.error());
    ConnectionSession session(**connection);
    if (Status done = work(session); !done) return done;
    Status committed = transaction->commit();
    if (session.is_read_later()) replicas_->note_write(**connection);
    return committed;
  }

  std::shared_ptr<Pool> pool_;
  std::shared_ptr<Replicas> replicas_;
  std::string channel_;
  Listener listener_;
};

}  // namespace

Result<std::unique_ptr<SqlDatabase>> open_sql(const std::string& connection, const Options& options,
                                              std::shared_ptr<Replicas> replicas) {
  Result<Target> target = parse_target(connection, options);
  if (!target) return tl::unexpected(target.error());
  auto pool = std::make_shared<Pool>(*std::move(target), options);
  const Result<Pool::Lease> first = pool->take();
  if (!first) return tl::unexpected(first.error());
  if (Status ready = prepare_schema(**first, options); !ready) return tl::unexpected(ready.error());
  return std::make_unique<PoolSqlDatabase>(std::move(pool), std::move(replicas));
}

}  // namespace persona::postgres
