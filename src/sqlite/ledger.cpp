//! Accounts in an SQLite file that many processes share.
#include <persona/storage/sqlite_llm.hpp>

#include "llm/charges.hpp"
#include "sqlite/account_table.hpp"
#include "sqlite/failure.hpp"
#include "sqlite/milliseconds.hpp"
#include "sqlite/schema.hpp"

#include <mutex>
#include <random>
#include <utility>

#include <fmt/format.h>

namespace persona::sqlite {
namespace {

// Two processes must never give the same name.
std::string random_name() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

class FileLedger final : public llm::Ledger {
 public:
  FileLedger(std::string path, LedgerOptions options, Connection connection)
      : path_(std::move(path)),
        options_(std::move(options)),
        connection_(std::move(connection)),
        table_(*connection_) {}

  Status set_cap(std::string_view account, const llm::Cap& cap) override {
    return writing([&]() -> Status {
      table_.set_cap(account, cap);
      return {};
    });
  }

  Result<llm::Balance> balance(std::string_view account) const override {
    const std::lock_guard lock(mutex_);
    return guarded(path_, [&]() -> Result<llm::Balance> { return table_.balance(account); });
  }

  Result<std::string> reserve(std::span<const std::string> accounts, const llm::Charge& most) override {
    if (Status sound = llm::check_charge(most); !sound) return tl::unexpected(sound.error());
    ReservationRow row{.accounts = {accounts.begin(), accounts.end()}, .most = most};
    const Status reserved = writing([&]() -> Status {
      const std::int64_t now = milliseconds_of(options_.clock->today());
      book_what_the_dead_left(now);
      for (const std::string& account : row.accounts)
        if (Status fits = llm::check_fits(account, table_.balance(account), most); !fits) return fits;
      for (const std::string& account : row.accounts) table_.add(account, {}, most);
      row.reservation = fmt::format("{}-{}", name_, ++last_);
      table_.keep(row, now);
      return {};
    });
    if (!reserved) return tl::unexpected(reserved.error());
    return row.reservation;
  }

  Status settle(std::string_view reservation, const llm::Charge& charge) override {
    if (Status sound = llm::check_charge(charge); !sound) return sound;
    return writing([&]() -> Status {
      const std::optional<ReservationRow> row = table_.find(reservation);
      if (!row)
        return fail(Errc::not_found, fmt::format("there is no reservation '{}': is it settled already?", reservation));
      llm::Charge spent = charge;
      if (row->booked) spent += -row->most;
      for (const std::string& account : row->accounts)
        table_.add(account, spent, row->booked ? llm::Charge{} : -row->most);
      table_.remove(reservation);
      return {};
    });
  }

  Status recover() {
    return writing([&]() -> Status {
      book_what_the_dead_left(milliseconds_of(options_.clock->today()));
      return {};
    });
  }

 private:
  // All or nothing, and nobody else writes meanwhile.
  template <class Work>
  Status writing(const Work& work) {
    const std::lock_guard lock(mutex_);
    return guarded(path_, [&]() -> Status {
      WriteTransaction transaction(*connection_);
      if (Status same = check_unchanged(*connection_, path_); !same) return same;
      if (Status done = work(); !done) return done;
      transaction.commit();
      return {};
    });
  }

  void book_what_the_dead_left(std::int64_t now) {
    const std::int64_t lease = std::chrono::milliseconds(options_.lease).count();
    while (const std::optional<ReservationRow> row = table_.find_left_behind(now - lease)) {
      for (const std::string& account : row->accounts) table_.add(account, row->most, -row->most);
      table_.mark_booked(row->reservation);
    }
  }

  const std::string path_;
  const LedgerOptions options_;
  const std::string name_ = random_name();
  mutable std::mutex mutex_;
  Connection connection_;
  mutable AccountTable table_;
  std::uint64_t last_ = 0;
};

}  // namespace

Result<std::shared_ptr<llm::Ledger>> open_ledger(const std::string& path, LedgerOptions options) {
  if (Status ready = prepare_file(path, options.file); !ready) return tl::unexpected(ready.error());
  Result<Connection> connection = connect(path, options.file);
  if (!connection) return tl::unexpected(connection.error());
  return guarded(path, [&]() -> Result<std::shared_ptr<llm::Ledger>> {
    const bool reads_only = options.file.read_only;
    auto ledger = std::make_shared<FileLedger>(path, std::move(options), *std::move(connection));
    if (reads_only) return ledger;
    if (Status recovered = ledger->recover(); !recovered) return tl::unexpected(recovered.error());
    return ledger;
  });
}

}  // namespace persona::sqlite
