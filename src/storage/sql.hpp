//! The little of a database that rooms are written on once for both: a statement with values, in a transaction.
#pragma once

#include "storage/sql_dialect.hpp"

#include <persona/core/result.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace persona {

//! Cells by row and column: whole numbers, numbers, texts, missing. Yes or no is a whole number in SQLite.
struct SqlRows {
  std::vector<std::vector<Value>> cells;
  std::int64_t affected = 0;

  std::int64_t integer(std::size_t row, std::size_t column) const {
    const auto* number = std::get_if<std::int64_t>(&cells[row][column]);
    return number == nullptr ? 0 : *number;
  }
  const std::string& text(std::size_t row, std::size_t column) const {
    static const std::string none;
    const auto* text = std::get_if<std::string>(&cells[row][column]);
    return text == nullptr ? none : *text;
  }
};

struct SqlStatement {
  std::string sql;  //!< a constant of the program, with $1, $2 ... for the values
  std::vector<Value> values = {};
};

//! One transaction.
class SqlSession {
 public:
  virtual ~SqlSession() = default;

  //! @param sql  a constant of the program, with $1, $2 ... for the values
  [[nodiscard]] virtual Result<SqlRows> run(const std::string& sql, std::span<const Value> values = {}) = 0;

  //! Statements that do not need each other's answers, in their order, up to the first that fails. A server is asked
  //! for all of them at once.
  [[nodiscard]] virtual Result<std::vector<SqlRows>> run_all(std::span<const SqlStatement> statements) {
    std::vector<SqlRows> answers;
    for (const SqlStatement& statement : statements) {
      Result<SqlRows> rows = run(statement.sql, statement.values);
      if (!rows) return tl::unexpected(rows.error());
      answers.push_back(*std::move(rows));
    }
    return answers;
  }

  //! Says that reads of this database which may be late have to show what this transaction writes.
  virtual void will_be_read() {}

  virtual SqlDialect dialect() const = 0;
};

//! Of what a read sees. A standby may answer late: what others wrote a while ago, and all that `will_be_read` of what
//! was written here. What decides something has to be current.
enum class Age { current, may_be_late };

class SqlDatabase {
 public:
  virtual ~SqlDatabase() = default;

  //! Runs `work` in a transaction, and again where another one was faster; its error rolls it back.
  [[nodiscard]] virtual Status transact(const std::function<Status(SqlSession&)>& work) = 0;

  //! One statement that is a transaction by itself.
  [[nodiscard]] virtual Result<SqlRows> run(const std::string& sql, std::span<const Value> values) = 0;

  //! Runs `work`, one statement that only reads. Where a standby answers not_found, `work` is run again on the database
  //! itself.
  [[nodiscard]] virtual Status read(Age, const std::function<Status(SqlSession&)>& work) { return transact(work); }

  virtual SqlDialect dialect() const = 0;

  //! Wakes those who wait; other processes too where the database can.
  virtual void wake() = 0;

  //! Where `wait` begins: take it before looking at what there is, and nothing told meanwhile is missed.
  virtual std::uint64_t told() = 0;

  //! Until something is told after that, a time, or `stop`; may return early.
  virtual void wait(std::uint64_t told, std::chrono::milliseconds most, const std::stop_token& stop) = 0;
};

}  // namespace persona
