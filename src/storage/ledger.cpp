//! Accounts in the tables of a database that many processes share.
#include "llm/charges.hpp"
#include "storage/account_table.hpp"
#include "storage/llm_rooms.hpp"
#include "storage/milliseconds.hpp"

#include <atomic>
#include <random>
#include <utility>

#include <fmt/format.h>

namespace persona {
namespace {

// Two processes must never give the same name.
std::string random_name() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

class SqlLedger final : public llm::Ledger {
 public:
  SqlLedger(std::shared_ptr<SqlDatabase> database, std::chrono::seconds lease, std::shared_ptr<Clock> clock)
      : database_(std::move(database)), lease_(lease), clock_(std::move(clock)) {}

  Status set_cap(std::string_view account, const llm::Cap& cap) override {
    return writing([&](AccountTable& table) -> Status {
      table.set_cap(account, cap);
      return {};
    });
  }

  Result<llm::Balance> balance(std::string_view account) const override {
    Result<llm::Balance> balance;
    const Status read = database_->transact([&](SqlSession& session) -> Status {
      balance = AccountTable(session).balance(account);
      return balance ? Status() : tl::unexpected(balance.error());
    });
    return read ? std::move(balance) : tl::unexpected(read.error());
  }

  Result<std::string> reserve(std::span<const std::string> accounts, const llm::Charge& most) override {
    if (Status sound = llm::check_charge(most); !sound) return tl::unexpected(sound.error());
    const ReservationRow row{.reservation = fmt::format("{}-{}", name_, ++last_),
                             .accounts = {accounts.begin(), accounts.end()},
                             .most = most};
    const Status reserved = writing([&](AccountTable& table) { return reserve_in(table, row); });
    return reserved ? Result<std::string>(row.reservation) : tl::unexpected(reserved.error());
  }

  Status settle(std::string_view reservation, const llm::Charge& charge) override {
    if (Status sound = llm::check_charge(charge); !sound) return sound;
    return writing([&](AccountTable& table) -> Status {
      const auto row = table.find(reservation);
      if (!row) return tl::unexpected(row.error());
      if (!*row)
        return fail(Errc::not_found, fmt::format("there is no reservation '{}': is it settled already?", reservation));
      llm::Charge spent = charge;
      if ((*row)->booked) spent += -(*row)->most;
      for (const std::string& account : (*row)->accounts)
        if (Status added = table.add(account, spent, (*row)->booked ? llm::Charge{} : -(*row)->most); !added)
          return added;
      table.remove(reservation);
      return {};
    });
  }

  Status recover() {
    return writing([&](AccountTable& table) { return book_what_the_dead_left(table, now_ms()); });
  }

 private:
  std::int64_t now_ms() const { return milliseconds_of(clock_->today()); }

  // All or nothing, and nobody else writes meanwhile.
  template <class Work>
  Status writing(const Work& work) {
    return database_->transact([&](SqlSession& session) -> Status {
      AccountTable table(session);
      table.lock();
      if (Status done = work(table); !done) return done;
      return table.finish();
    });
  }

  Status reserve_in(AccountTable& table, const ReservationRow& row) {
    const std::int64_t now = now_ms();
    if (Status booked = book_what_the_dead_left(table, now); !booked) return booked;
    for (const std::string& account : row.accounts) {
      const Result<llm::Balance> balance = table.balance(account);
      if (!balance) return tl::unexpected(balance.error());
      if (Status fits = llm::check_fits(account, *balance, row.most); !fits) return fits;
    }
    for (const std::string& account : row.accounts)
      if (Status added = table.add(account, {}, row.most); !added) return added;
    table.keep(row, now);
    return {};
  }

  Status book_what_the_dead_left(AccountTable& table, std::int64_t now) {
    const std::int64_t lease = std::chrono::milliseconds(lease_).count();
    for (;;) {
      const auto row = table.find_left_behind(now - lease);
      if (!row) return tl::unexpected(row.error());
      if (!*row) return {};
      for (const std::string& account : (*row)->accounts)
        if (Status added = table.add(account, (*row)->most, -(*row)->most); !added) return added;
      table.mark_booked((*row)->reservation);
    }
  }

  const std::shared_ptr<SqlDatabase> database_;
  const std::chrono::seconds lease_;
  const std::shared_ptr<Clock> clock_;
  const std::string name_ = random_name();
  std::atomic<std::uint64_t> last_ = 0;
};

}  // namespace

Result<std::shared_ptr<llm::Ledger>> make_ledger(std::shared_ptr<SqlDatabase> database, std::chrono::seconds lease,
                                                 std::shared_ptr<Clock> clock, bool read_only) {
  auto ledger = std::make_shared<SqlLedger>(std::move(database), lease, std::move(clock));
  if (read_only) return ledger;
  if (Status recovered = ledger->recover(); !recovered) return tl::unexpected(recovered.error());
  return ledger;
}

}  // namespace persona
