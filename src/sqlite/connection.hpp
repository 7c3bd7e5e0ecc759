//! Connections to one database file, and statements on them.
#pragma once

#include "storage/filter_sql.hpp"

#include <persona/core/context.hpp>
#include <persona/storage/sqlite.hpp>

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace persona::sqlite {

using Connection = std::unique_ptr<SQLite::Database>;

//! Opens a connection with the settings every connection has. The schema is not looked at.
//! @errors as `open`
[[nodiscard]] Result<Connection> connect(const std::string& path, const Options& options);

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

//! A statement of the C interface, for where each cell counts. May throw SQLite::Exception.
class Statement {
 public:
  Statement(SQLite::Database& database, std::string_view sql);

  void bind(int index, const Value& value);  //!< yes or no as 1 or 0, days as ISO text
  bool step();                               //!< is there a row?
  void reset() { sqlite3_reset(statement_.get()); }

  sqlite3_stmt* get() { return statement_.get(); }
  std::int64_t integer(int column) { return sqlite3_column_int64(statement_.get(), column); }
  bool is_null(int column) { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }
  std::string_view text(int column);

 private:
  std::unique_ptr<sqlite3_stmt, FinalizeStatement> statement_;
};

//! @param first  index of the first of the parameters in the statement
void bind_all(Statement& statement, std::span<const SqlParameter> parameters, int first);

//! Makes a statement that is kept ready again, and ends its lock on the file.
class ResetAfter {
 public:
  explicit ResetAfter(Statement& statement) : statement_(statement) {}
  ~ResetAfter() { statement_.reset(); }
  ResetAfter(const ResetAfter&) = delete;
  ResetAfter& operator=(const ResetAfter&) = delete;

 private:
  Statement& statement_;
};

//! While it lives, long statements of a connection end when the context says so.
class InterruptScope {
 public:
  InterruptScope(SQLite::Database& database, const Context& context);
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;

 private:
  sqlite3* handle_;
};

enum class Access { reads, writes, excludes };

//! A transaction: rolled back unless committed. May throw SQLite::Exception.
class WriteTransaction {
 public:
  explicit WriteTransaction(SQLite::Database& database, Access access = Access::writes);
  ~WriteTransaction();
  WriteTransaction(const WriteTransaction&) = delete;
  WriteTransaction& operator=(const WriteTransaction&) = delete;

  void commit();

 private:
  SQLite::Database& database_;
  bool open_ = true;
};

//! Asks for one number: "PRAGMA user_version". May throw SQLite::Exception.
std::int64_t ask_number(SQLite::Database& database, std::string_view sql);

}  // namespace persona::sqlite
