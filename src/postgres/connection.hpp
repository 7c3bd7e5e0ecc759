//! One connection to Postgres, and what statements on it answer.
#pragma once

#include "postgres/parameters.hpp"
#include "postgres/target.hpp"

#include <persona/core/context.hpp>

#include <libpq-fe.h>

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace persona::postgres {

//! What a statement answered; all cells are binary.
class Rows {
 public:
  explicit Rows(PGresult* result) : result_(result) {}

  int size() const { return PQntuples(result_.get()); }
  bool is_null(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }
  std::string_view bytes(int row, int column) const {
    return {PQgetvalue(result_.get(), row, column), static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
  }
  std::int64_t integer(int row, int column) const;  //!< of 1, 2, 4 or 8 bytes
  std::string text(int row, int column) const { return std::string(bytes(row, column)); }
  unsigned type(int column) const { return PQftype(result_.get(), column); }
  int columns() const { return PQnfields(result_.get()); }
  std::int64_t affected() const;

 private:
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  std::unique_ptr<PGresult, Clear> result_;
};

struct Statement {
  std::string sql;
  Parameters parameters = {};
};

//! Used by one thread at a time.
class Connection {
 public:
  //! @errors as `postgres::open`
  [[nodiscard]] static Result<std::unique_ptr<Connection>> connect(const Target& target);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  //! Runs one statement, prepared the first time and kept ready. Ends early when the context says so.
  [[nodiscard]] Result<Rows> run(const std::string& sql, Parameters parameters = {}, const Context& context = {});

  //! Runs statements that answer little, one after the other until one fails. They go in groups, one round trip each.
  [[nodiscard]] Result<std::vector<Rows>> run_all(std::span<Statement> statements);

  //! The same without keeping it: for statements that are seldom, or name a cursor.
  [[nodiscard]] Result<Rows> run_once(const std::string& sql, Parameters parameters = {}, const Context& context = {});

  //! Runs statements that return nothing, one after the other.
  [[nodiscard]] Status execute(const std::string& sql);

  //! `COPY ... FROM STDIN`, then its bytes, then the end of it.
  [[nodiscard]] Status begin_copy(const std::string& sql);
  [[nodiscard]] Status copy(std::string_view bytes);
  [[nodiscard]] Status end_copy();

  //! `COPY ... TO STDOUT` in text: each row, with the end of its line.
  [[nodiscard]] Status copy_out(const std::string& sql, const std::function<Status(std::string_view)>& take);

  //! Is it fit for the next one: in no transaction, and not known to be lost?
  bool is_idle() const;
  bool is_ready();  //!< and alive, as far as the socket tells
  bool in_transaction() const;

  //! Has the standby at its end replayed the log this far? What it had it has: only for more is it asked.
  bool has_replayed(std::int64_t position);

  const std::string& where() const { return where_; }
  PGconn* handle() { return handle_; }

 private:
  Connection(PGconn* handle, std::string where) : handle_(handle), where_(std::move(where)) {}

  [[nodiscard]] Result<const std::string*> prepared(const std::string& sql, const Parameters& parameters);
  [[nodiscard]] Status run_group(std::span<Statement> statements, std::vector<Rows>& answers);
  void end_pipeline();
  [[nodiscard]] Result<Rows> answer(bool may_commit, const Context& context);
  [[nodiscard]] Status wait(const Context& context);
  tl::unexpected<Error> failed(const PGresult* result, bool may_commit) const;

  static constexpr std::size_t most_ready_statements = 100;

  PGconn* handle_;
  std::string where_;
  std::list<std::string> recent_;  // statements, last used first
  struct Ready {
    std::string name;
    std::list<std::string>::iterator recent;
  };
  std::unordered_map<std::string, Ready> ready_;
  std::uint64_t last_name_ = 0;
  std::int64_t replayed_ = 0;  // at least
};

//! A transaction: rolled back unless committed.
class Transaction {
 public:
  //! @param begin  "BEGIN", "BEGIN ISOLATION LEVEL SERIALIZABLE" ...
  [[nodiscard]] static Result<Transaction> begin(Connection& connection, const std::string& begin = "BEGIN");
  Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  [[nodiscard]] Status commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

}  // namespace persona::postgres
