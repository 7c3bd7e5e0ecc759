//! The tables of accounts and reservations.
#pragma once

#include "sqlite/connection.hpp"

#include <persona/llm/budget.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace persona::sqlite {

struct ReservationRow {
  std::string reservation;
  std::vector<std::string> accounts;
  llm::Charge most;
  bool booked = false;
};

//! One thread at a time; call it within a write transaction. All members may throw SQLite::Exception.
class AccountTable {
 public:
  explicit AccountTable(SQLite::Database& database);

  void set_cap(std::string_view account, const llm::Cap& cap);
  llm::Balance balance(std::string_view account);
  void add(std::string_view account, const llm::Charge& spent, const llm::Charge& reserved);

  void keep(const ReservationRow& row, std::int64_t made_ms);
  std::optional<ReservationRow> find(std::string_view reservation);
  void remove(std::string_view reservation);

  //! The oldest that was made before a time and is not settled.
  std::optional<ReservationRow> find_left_behind(std::int64_t before_ms);
  void mark_booked(std::string_view reservation);

 private:
  std::optional<ReservationRow> row_of(Statement& statement);

  Statement set_cap_, balance_, add_, keep_, find_, remove_, left_behind_, mark_;
};

}  // namespace persona::sqlite
