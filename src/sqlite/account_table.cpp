//! The tables of accounts and reservations.
#include "sqlite/account_table.hpp"

#include "llm/charges.hpp"

#include <utility>

#include <nlohmann/json.hpp>

namespace persona::sqlite {
namespace {

constexpr const char* columns_of_reservation = "SELECT reservation, accounts, picodollars, tokens, calls, booked ";

Value value_of(const std::optional<std::int64_t>& number) {
  return number ? Value(*number) : Value();
}

std::optional<std::int64_t> optional_integer(Statement& statement, int column) {
  if (statement.is_null(column)) return {};
  return statement.integer(column);
}

llm::Charge charge_at(Statement& statement, int column) {
  return {Money{statement.integer(column)}, statement.integer(column + 1), statement.integer(column + 2)};
}

void bind_charge(Statement& statement, int index, const llm::Charge& charge) {
  statement.bind(index, charge.money.picodollars);
  statement.bind(index + 1, charge.tokens);
  statement.bind(index + 2, charge.calls);
}

std::string list_of(const std::vector<std::string>& texts) {
  return nlohmann::json(texts).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void run_once(Statement& statement) {
  const ResetAfter reset(statement);
  statement.step();
}

}  // namespace

AccountTable::AccountTable(SQLite::Database& database)
    : set_cap_(database,
               "INSERT INTO persona_account (account, cap_picodollars, cap_tokens, cap_calls) VALUES (?1, ?2, ?3, ?4) "
               "ON CONFLICT DO UPDATE SET cap_picodollars = ?2, cap_tokens = ?3, cap_calls = ?4"),
      balance_(database,
               "SELECT cap_picodollars, cap_tokens, cap_calls, spent_picodollars, spent_tokens, spent_calls, "
               "reserved_picodollars, reserved_tokens, reserved_calls FROM persona_account WHERE account = ?"),
      add_(database,
           "INSERT INTO persona_account (account, spent_picodollars, spent_tokens, spent_calls, reserved_picodollars, "
           "reserved_tokens, reserved_calls) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET "
           "spent_picodollars = ?2, spent_tokens = ?3, spent_calls = ?4, reserved_picodollars = ?5, "
           "reserved_tokens = ?6, reserved_calls = ?7"),
      keep_(database,
            "INSERT INTO persona_reservation (reservation, accounts, picodollars, tokens, calls, made_ms, booked) "
            "VALUES (?, ?, ?, ?, ?, ?, 0)"),
      find_(database, std::string(columns_of_reservation) + "FROM persona_reservation WHERE reservation = ?"),
      remove_(database, "DELETE FROM persona_reservation WHERE reservation = ?"),
      left_behind_(database, std::string(columns_of_reservation) +
                                 "FROM persona_reservation WHERE booked = 0 AND made_ms < ? ORDER BY made_ms LIMIT 1"),
      mark_(database, "UPDATE persona_reservation SET booked = 1 WHERE reservation = ?") {}

void AccountTable::set_cap(std::string_view account, const llm::Cap& cap) {
  set_cap_.bind(1, std::string(account));
  set_cap_.bind(2, cap.money ? Value(cap.money->picodollars) : Value());
  set_cap_.bind(3, value_of(cap.tokens));
  set_cap_.bind(4, value_of(cap.calls));
  run_once(set_cap_);
}

llm::Balance AccountTable::balance(std::string_view account) {
  const ResetAfter reset(balance_);
  balance_.bind(1, std::string(account));
  if (!balance_.step()) return {};
  llm::Balance balance{.spent = charge_at(balance_, 3), .reserved = charge_at(balance_, 6)};
  if (const auto money = optional_integer(balance_, 0)) balance.cap.money = Money{*money};
  balance.cap.tokens = optional_integer(balance_, 1);
  balance.cap.calls = optional_integer(balance_, 2);
  return balance;
}

void AccountTable::add(std::string_view account, const llm::Charge& spent, const llm::Charge& reserved) {
  llm::Balance after = balance(account);
  after.spent += spent;
  after.reserved += reserved;
  add_.bind(1, std::string(account));
  bind_charge(add_, 2, after.spent);
  bind_charge(add_, 5, after.reserved);
  run_once(add_);
}

void AccountTable::keep(const ReservationRow& row, std::int64_t made_ms) {
  keep_.bind(1, row.reservation);
  keep_.bind(2, list_of(row.accounts));
  bind_charge(keep_, 3, row.most);
  keep_.bind(6, made_ms);
  run_once(keep_);
}

std::optional<ReservationRow> AccountTable::find(std::string_view reservation) {
  find_.bind(1, std::string(reservation));
  return row_of(find_);
}

void AccountTable::remove(std::string_view reservation) {
  remove_.bind(1, std::string(reservation));
  run_once(remove_);
}

std::optional<ReservationRow> AccountTable::find_left_behind(std::int64_t before_ms) {
  left_behind_.bind(1, before_ms);
  return row_of(left_behind_);
}

void AccountTable::mark_booked(std::string_view reservation) {
  mark_.bind(1, std::string(reservation));
  run_once(mark_);
}

std::optional<ReservationRow> AccountTable::row_of(Statement& statement) {
  const ResetAfter reset(statement);
  if (!statement.step()) return {};
  ReservationRow row{.reservation = std::string(statement.text(0)), .most = charge_at(statement, 2)};
  const auto accounts = nlohmann::json::parse(statement.text(1), nullptr, false);
  for (const auto& account : accounts)
    if (account.is_string()) row.accounts.push_back(account.get<std::string>());
  row.booked = statement.integer(5) != 0;
  return row;
}

}  // namespace persona::sqlite
