//! The tables of accounts and reservations.
#pragma once

#include "storage/sql.hpp"

#include <persona/llm/budget.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace persona {

struct ReservationRow {
  std::string reservation;
  std::vector<std::string> accounts;
  llm::Charge most;
  bool booked = false;
};

//! What one transaction does to them, one after the other.
class AccountTable {
 public:
  explicit AccountTable(SqlSession& session) : session_(session) {}

  //! Nobody else changes an account before the transaction ends.
  [[nodiscard]] Status lock();

  [[nodiscard]] Status set_cap(std::string_view account, const llm::Cap& cap);
  [[nodiscard]] Result<llm::Balance> balance(std::string_view account);
  [[nodiscard]] Status add(std::string_view account, const llm::Charge& spent, const llm::Charge& reserved);

  [[nodiscard]] Status keep(const ReservationRow& row, std::int64_t made_ms);
  [[nodiscard]] Result<std::optional<ReservationRow>> find(std::string_view reservation);
  [[nodiscard]] Status remove(std::string_view reservation);

  //! The oldest that was made before a time and is not settled.
  [[nodiscard]] Result<std::optional<ReservationRow>> find_left_behind(std::int64_t before_ms);
  [[nodiscard]] Status mark_booked(std::string_view reservation);

 private:
  Status run(const std::string& sql, std::span<const Value> values);
  Result<std::optional<ReservationRow>> first_row(const std::string& where, const Value& value);

  SqlSession& session_;
};

}  // namespace persona
