//! Statements in transactions on one file.
#include "sqlite/sql_database.hpp"

#include "sqlite/failure.hpp"
#include "sqlite/schema.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace persona::sqlite {
namespace {

constexpr std::size_t most_ready_statements = 100;
constexpr std::chrono::milliseconds longest_sleep{250};  // another process cannot wake us

Value cell_of(Statement& row, int column) {
  switch (sqlite3_column_type(row.get(), column)) {
    case SQLITE_NULL: return {};
    case SQLITE_INTEGER: return row.integer(column);
    case SQLITE_FLOAT: return sqlite3_column_double(row.get(), column);
    default: return std::string(row.text(column));
  }
}

class FileSession final : public SqlSession {
 public:
  FileSession(std::string path, Connection connection) : path_(std::move(path)), connection_(std::move(connection)) {}

  Result<SqlRows> run(const std::string& sql, std::span<const Value> values) override {
    return guarded(path_, [&]() -> Result<SqlRows> { return rows_of(ready(sql), values); });
  }

  SqlDialect dialect() const override { return SqlDialect::sqlite; }
  SQLite::Database& database() { return *connection_; }

 private:
  SqlRows rows_of(Statement& statement, std::span<const Value> values) {
    const ResetAfter reset(statement);
    for (std::size_t i = 0; i < values.size(); ++i) {
      // "$3" is a name to SQLite, numbered by where it comes first; one that is not there is not needed.
      const std::string name = std::string("$").append(std::to_string(i + 1));
      const int index = sqlite3_bind_parameter_index(statement.get(), name.c_str());
      if (index > 0) statement.bind(index, values[i]);
    }
    SqlRows rows;
    while (statement.step()) {
      std::vector<Value>& cells = rows.cells.emplace_back();
      for (int column = 0; column < sqlite3_column_count(statement.get()); ++column)
        cells.push_back(cell_of(statement, column));
    }
    rows.affected = sqlite3_changes(connection_->getHandle());
    return rows;
  }

  Statement& ready(const std::string& sql) {
    if (const auto at = statements_.find(sql); at != statements_.end()) return at->second;
    if (statements_.size() >= most_ready_statements) statements_.clear();
    return statements_.emplace(sql, Statement(*connection_, sql)).first->second;
  }

  const std::string path_;
  Connection connection_;
  std::map<std::string, Statement> statements_;
};

class FileSqlDatabase final : public SqlDatabase {
 public:
  FileSqlDatabase(std::string path, Connection connection, bool reads)
      : path_(std::move(path)), session_(path_, std::move(connection)), reads_(reads) {}

  Status transact(const std::function<Status(SqlSession&)>& work) override {
    const std::lock_guard lock(mutex_);
    return guarded(path_, [&]() -> Status {
      WriteTransaction transaction(session_.database(), reads_ ? Access::reads : Access::writes);
      if (Status same = check_unchanged(session_.database(), path_); !same) return same;
      if (Status done = work(session_); !done) return done;
      transaction.commit();
      return {};
    });
  }

  Result<SqlRows> run(const std::string& sql, std::span<const Value> values) override {
    Result<SqlRows> rows;
    const Status done = read(Age::current, [&](SqlSession& session) -> Status {
      rows = session.run(sql, values);
      return rows ? Status() : tl::unexpected(rows.error());
    });
    return done ? std::move(rows) : tl::unexpected(done.error());
  }

  Status read(Age, const std::function<Status(SqlSession&)>& work) override {
    if (!reads_) return transact(work);
    const std::lock_guard lock(mutex_);  // one statement sees one state anyway
    return work(session_);
  }

  SqlDialect dialect() const override { return SqlDialect::sqlite; }

  void wake() override {
    {
      const std::lock_guard lock(waiting_);
      ++wakes_;
    }
    woken_.notify_all();
  }

  std::uint64_t told() override {
    const std::lock_guard lock(waiting_);
    return wakes_;
  }

  void wait(std::uint64_t told, std::chrono::milliseconds most, const std::stop_token& stop) override {
    std::unique_lock lock(waiting_);
    woken_.wait_for(lock, stop, std::min(most, longest_sleep), [&] { return wakes_ != told; });
  }

 private:
  const std::string path_;
  std::mutex mutex_;
  FileSession session_;
  const bool reads_;
  std::mutex waiting_;
  std::condition_variable_any woken_;
  std::uint64_t wakes_ = 0;
};

}  // namespace

Result<std::unique_ptr<SqlDatabase>> open_sql(const std::string& path, const Options& options) {
  if (Status ready = prepare_file(path, options, room_page_bytes); !ready) return tl::unexpected(ready.error());
  Result<Connection> connection = connect(path, options);
  if (!connection) return tl::unexpected(connection.error());
  return std::make_unique<FileSqlDatabase>(path, *std::move(connection), options.read_only);
}

}  // namespace persona::sqlite
