//! The tables of accounts and reservations.
#pragma once

#include "storage/sql.hpp"

#include <persona/llm/budget.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace persona {

struct ReservationRow {
  std::string reservation;
  std::vector<std::string> accounts;
  llm::Charge most;
  bool booked = false;
};

//! What one transaction does to them. Changes wait for the next question or `finish`, and go with it.
class AccountTable {
 public:
  explicit AccountTable(SqlSession& session) : session_(session) {}

  //! Nobody else changes an account before the transaction ends.
  void lock();

  void set_cap(std::string_view account, const llm::Cap& cap);
  [[nodiscard]] Result<llm::Balance> balance(std::string_view account);
  [[nodiscard]] Status add(std::string_view account, const llm::Charge& spent, const llm::Charge& reserved);

  void keep(const ReservationRow& row, std::int64_t made_ms);
  [[nodiscard]] Result<std::optional<ReservationRow>> find(std::string_view reservation);
  void remove(std::string_view reservation);

  //! The oldest that was made before a time and is not settled.
  [[nodiscard]] Result<std::optional<ReservationRow>> find_left_behind(std::int64_t before_ms);
  void mark_booked(std::string_view reservation);

  [[nodiscard]] Status finish();

 private:
  void change(std::string sql, std::vector<Value> values = {}) {
    waiting_.push_back({std::move(sql), std::move(values)});
  }
  Result<SqlRows> ask(std::string sql, std::vector<Value> values);
  Result<std::optional<ReservationRow>> first_row(const std::string& where, const Value& value);

  SqlSession& session_;
  std::vector<SqlStatement> waiting_;
  std::map<std::string, llm::Balance, std::less<>> known_;  // as they are after what waits
};

}  // namespace persona
