//! A connection for reading, with what was read and prepared on it before.
#pragma once

#include "sqlite/catalog.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace persona::sqlite {

//! Whoever changes tables changes SQLite's counter of them, and SQLite prepares statements again then: a description
//! that was read before is right while neither has happened, which costs nothing to know. All of it may throw
//! SQLite::Exception.
class ReadyConnection {
 public:
  explicit ReadyConnection(Connection connection) : connection_(std::move(connection)) {}

  SQLite::Database& database() { return *connection_; }

  //! One use of a statement, which stays ready for the next.
  class Use {
   public:
    Use(ReadyConnection& owner, Statement& statement) : owner_(owner), statement_(statement) {}
    Use(ReadyConnection& owner, std::unique_ptr<Statement> once)
        : owner_(owner), once_(std::move(once)), statement_(*once_) {}
    ~Use();
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    Statement& operator*() { return statement_; }
    Statement* operator->() { return &statement_; }

   private:
    ReadyConnection& owner_;
    std::unique_ptr<Statement> once_;
    Statement& statement_;
  };
  Use statement(const std::string& sql);

  //! A population that was read before, null if none; what follows from it holds if `is_current` is true after it.
  std::shared_ptr<const CatalogEntry> known(std::string_view name) const;

  //! Are the tables as they were at the last `keep`, for all that was done since?
  bool is_current();
  void doubt() { in_doubt_ = true; }

  //! @pre the entry was read in the transaction that the connection is in
  void keep(std::shared_ptr<const CatalogEntry> entry);

 private:
  Connection connection_;
  std::map<std::string, Statement, std::less<>> statements_;  // end before the connection does
  std::map<std::string, std::shared_ptr<const CatalogEntry>, std::less<>> known_;
  std::int64_t tables_counter_ = -1;
  bool in_doubt_ = false;
};

}  // namespace persona::sqlite
