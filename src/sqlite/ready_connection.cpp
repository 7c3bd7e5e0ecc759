//! A connection for reading, with what was read and prepared on it before.
#include "sqlite/ready_connection.hpp"

namespace persona::sqlite {
namespace {

constexpr std::size_t most_ready_reads = 64, most_known = 64;
constexpr std::size_t longest_ready = 4096;  // of a text; thousands of values make a statement of a megabyte
constexpr const char* tables_counter = "PRAGMA schema_version";

}  // namespace

ReadyConnection::Use::~Use() {
  statement_.reset();
  owner_.in_doubt_ |= sqlite3_stmt_status(statement_.get(), SQLITE_STMTSTATUS_REPREPARE, 1) > 0;
}

ReadyConnection::Use ReadyConnection::statement(const std::string& sql) {
  if (const auto at = statements_.find(sql); at != statements_.end()) return {*this, at->second};
  Statement prepared(*connection_, sql);
  in_doubt_ = true;  // for the tables of now, which need not be those that are known
  if (sql.size() > longest_ready) return {*this, std::make_unique<Statement>(std::move(prepared))};
  if (statements_.size() >= most_ready_reads) statements_.clear();
  return {*this, statements_.emplace(sql, std::move(prepared)).first->second};
}

std::shared_ptr<const CatalogEntry> ReadyConnection::known(std::string_view name) const {
  const auto at = known_.find(name);
  return at == known_.end() ? nullptr : at->second;
}

bool ReadyConnection::is_current() {
  return !std::exchange(in_doubt_, false) || ask_number(*connection_, tables_counter) == tables_counter_;
}

void ReadyConnection::keep(std::shared_ptr<const CatalogEntry> entry) {
  const std::int64_t now = ask_number(*connection_, tables_counter);
  if (now != std::exchange(tables_counter_, now)) {
    statements_.clear();
    known_.clear();
  }
  if (known_.size() >= most_known) known_.clear();
  in_doubt_ = false;
  known_.insert_or_assign(entry->record.name, std::move(entry));
}

}  // namespace persona::sqlite
