//! The tables of accounts and reservations.
#include "storage/account_table.hpp"

#include "llm/charges.hpp"

#include <nlohmann/json.hpp>

namespace persona {
namespace {

Value value_of(const std::optional<std::int64_t>& number) {
  return number ? Value(*number) : Value();
}

std::optional<std::int64_t> optional_integer(const SqlRows& rows, std::size_t column) {
  if (!std::holds_alternative<std::int64_t>(rows.cells[0][column])) return {};
  return rows.integer(0, column);
}

llm::Charge charge_at(const SqlRows& rows, std::size_t column) {
  return {Money{rows.integer(0, column)}, rows.integer(0, column + 1), rows.integer(0, column + 2)};
}

}  // namespace

Status AccountTable::run(const std::string& sql, std::span<const Value> values) {
  const Result<SqlRows> done = session_.run(sql, values);
  return done ? Status() : tl::unexpected(done.error());
}

Status AccountTable::lock() {
  // A file is locked by its transaction. Row by row, two calls could each wait for the other's account.
  if (session_.dialect() == SqlDialect::sqlite) return {};
  return run("SELECT pg_advisory_xact_lock('persona_account'::regclass::oid::int, 1)", {});
}

Status AccountTable::set_cap(std::string_view account, const llm::Cap& cap) {
  const Value values[] = {std::string(account), cap.money ? Value(cap.money->picodollars) : Value(),
                          value_of(cap.tokens), value_of(cap.calls)};
  return run(
      "INSERT INTO persona_account (account, cap_picodollars, cap_tokens, cap_calls) VALUES ($1, $2, $3, $4) ON "
      "CONFLICT (account) DO UPDATE SET cap_picodollars = $2, cap_tokens = $3, cap_calls = $4",
      values);
}

Result<llm::Balance> AccountTable::balance(std::string_view account) {
  const Value values[] = {std::string(account)};
  const Result<SqlRows> rows = session_.run(
      "SELECT cap_picodollars, cap_tokens, cap_calls, spent_picodollars, spent_tokens, spent_calls, "
      "reserved_picodollars, reserved_tokens, reserved_calls FROM persona_account WHERE account = $1",
      values);
  if (!rows) return tl::unexpected(rows.error());
  llm::Balance balance;
  if (rows->cells.empty()) return balance;
  balance.spent = charge_at(*rows, 3);
  balance.reserved = charge_at(*rows, 6);
  if (const auto money = optional_integer(*rows, 0)) balance.cap.money = Money{*money};
  balance.cap.tokens = optional_integer(*rows, 1);
  balance.cap.calls = optional_integer(*rows, 2);
  return balance;
}

Status AccountTable::add(std::string_view account, const llm::Charge& spent, const llm::Charge& reserved) {
  Result<llm::Balance> after = balance(account);
  if (!after) return tl::unexpected(after.error());
  after->spent += spent;
  after->reserved += reserved;
  const Value values[] = {std::string(account), after->spent.money.picodollars,    after->spent.tokens,
                          after->spent.calls,   after->reserved.money.picodollars, after->reserved.tokens,
                          after->reserved.calls};
  return run(
      "INSERT INTO persona_account (account, spent_picodollars, spent_tokens, spent_calls, reserved_picodollars, "
      "reserved_tokens, reserved_calls) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (account) DO UPDATE SET "
      "spent_picodollars = $2, spent_tokens = $3, spent_calls = $4, reserved_picodollars = $5, reserved_tokens = $6, "
      "reserved_calls = $7",
      values);
}

Status AccountTable::keep(const ReservationRow& row, std::int64_t made_ms) {
  const std::string accounts =
      nlohmann::json(row.accounts).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  const Value values[] = {row.reservation, accounts,       row.most.money.picodollars,
                          row.most.tokens, row.most.calls, made_ms};
  return run(
      "INSERT INTO persona_reservation (reservation, accounts, picodollars, tokens, calls, made_ms, booked) VALUES "
      "($1, $2, $3, $4, $5, $6, 0)",
      values);
}

Result<std::optional<ReservationRow>> AccountTable::first_row(const std::string& where, const Value& value) {
  const Result<SqlRows> rows = session_.run(
      "SELECT reservation, accounts, picodollars, tokens, calls, booked FROM persona_reservation WHERE " + where,
      std::span(&value, 1));
  if (!rows) return tl::unexpected(rows.error());
  if (rows->cells.empty()) return std::optional<ReservationRow>();
  ReservationRow row{
      .reservation = rows->text(0, 0), .accounts = {}, .most = charge_at(*rows, 2), .booked = rows->integer(0, 5) != 0};
  const auto accounts = nlohmann::json::parse(rows->text(0, 1), nullptr, false);
  for (const auto& account : accounts)
    if (account.is_string()) row.accounts.push_back(account.get<std::string>());
  return std::optional(std::move(row));
}

Result<std::optional<ReservationRow>> AccountTable::find(std::string_view reservation) {
  return first_row("reservation = $1", std::string(reservation));
}

Status AccountTable::remove(std::string_view reservation) {
  const Value values[] = {std::string(reservation)};
  return run("DELETE FROM persona_reservation WHERE reservation = $1", values);
}

Result<std::optional<ReservationRow>> AccountTable::find_left_behind(std::int64_t before_ms) {
  return first_row("booked = 0 AND made_ms < $1 ORDER BY made_ms LIMIT 1", before_ms);
}

Status AccountTable::mark_booked(std::string_view reservation) {
  const Value values[] = {std::string(reservation)};
  return run("UPDATE persona_reservation SET booked = 1 WHERE reservation = $1", values);
}

}  // namespace persona
