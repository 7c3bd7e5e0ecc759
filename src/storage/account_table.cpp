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

Result<SqlRows> AccountTable::ask(std::string sql, std::vector<Value> values) {
  change(std::move(sql), std::move(values));
  Result<std::vector<SqlRows>> answers = session_.run_all(std::exchange(waiting_, {}));
  return answers ? Result<SqlRows>(std::move(answers->back())) : tl::unexpected(answers.error());
}

Status AccountTable::finish() {
  const Result<std::vector<SqlRows>> done = session_.run_all(std::exchange(waiting_, {}));
  return done ? Status() : tl::unexpected(done.error());
}

void AccountTable::lock() {
  // A file is locked by its transaction. Row by row, two calls could each wait for the other's account.
  if (session_.dialect() == SqlDialect::sqlite) return;
  change("SELECT pg_advisory_xact_lock('persona_account'::regclass::oid::int, 1)");
}

void AccountTable::set_cap(std::string_view account, const llm::Cap& cap) {
  change(
      "INSERT INTO persona_account (account, cap_picodollars, cap_tokens, cap_calls) VALUES ($1, $2, $3, $4) ON "
      "CONFLICT (account) DO UPDATE SET cap_picodollars = $2, cap_tokens = $3, cap_calls = $4",
      {std::string(account), cap.money ? Value(cap.money->picodollars) : Value(), value_of(cap.tokens),
       value_of(cap.calls)});
}

Result<llm::Balance> AccountTable::balance(std::string_view account) {
  if (const auto at = known_.find(account); at != known_.end()) return at->second;
  const Result<SqlRows> rows =
      ask("SELECT cap_picodollars, cap_tokens, cap_calls, spent_picodollars, spent_tokens, spent_calls, "
          "reserved_picodollars, reserved_tokens, reserved_calls FROM persona_account WHERE account = $1",
          {std::string(account)});
  if (!rows) return tl::unexpected(rows.error());
  llm::Balance& balance = known_[std::string(account)];
  if (rows->cells.empty()) return balance;
  balance.spent = charge_at(*rows, 3);
  balance.reserved = charge_at(*rows, 6);
  if (const auto money = optional_integer(*rows, 0)) balance.cap.money = Money{*money};
  balance.cap.tokens = optional_integer(*rows, 1);
  balance.cap.calls = optional_integer(*rows, 2);
  return balance;
}

Status AccountTable::add(std::string_view account, const llm::Charge& spent, const llm::Charge& reserved) {
  if (const Result<llm::Balance> before = balance(account); !before) return tl::unexpected(before.error());
  llm::Balance& after = known_.find(account)->second;
  after.spent += spent;
  after.reserved += reserved;
  change(
      "INSERT INTO persona_account (account, spent_picodollars, spent_tokens, spent_calls, reserved_picodollars, "
      "reserved_tokens, reserved_calls) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (account) DO UPDATE SET "
      "spent_picodollars = $2, spent_tokens = $3, spent_calls = $4, reserved_picodollars = $5, reserved_tokens = $6, "
      "reserved_calls = $7",
      {std::string(account), after.spent.money.picodollars, after.spent.tokens, after.spent.calls,
       after.reserved.money.picodollars, after.reserved.tokens, after.reserved.calls});
  return {};
}

void AccountTable::keep(const ReservationRow& row, std::int64_t made_ms) {
  std::string accounts = nlohmann::json(row.accounts).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  change(
      "INSERT INTO persona_reservation (reservation, accounts, picodollars, tokens, calls, made_ms, booked) VALUES "
      "($1, $2, $3, $4, $5, $6, 0)",
      {row.reservation, std::move(accounts), row.most.money.picodollars, row.most.tokens, row.most.calls, made_ms});
}

Result<std::optional<ReservationRow>> AccountTable::first_row(const std::string& where, const Value& value) {
  const Result<SqlRows> rows =
      ask("SELECT reservation, accounts, picodollars, tokens, calls, booked FROM persona_reservation WHERE " + where,
          {value});
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

void AccountTable::remove(std::string_view reservation) {
  change("DELETE FROM persona_reservation WHERE reservation = $1", {std::string(reservation)});
}

Result<std::optional<ReservationRow>> AccountTable::find_left_behind(std::int64_t before_ms) {
  return first_row("booked = 0 AND made_ms < $1 ORDER BY made_ms LIMIT 1", before_ms);
}

void AccountTable::mark_booked(std::string_view reservation) {
  change("UPDATE persona_reservation SET booked = 1 WHERE reservation = $1", {std::string(reservation)});
}

}  // namespace persona
