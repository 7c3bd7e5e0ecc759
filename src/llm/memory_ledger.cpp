//! Accounts that live as long as the program.
#include "charges.hpp"

#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace persona::llm {
namespace {

class MemoryLedger final : public Ledger {
 public:
  Status set_cap(std::string_view account, const Cap& cap) override {
    const std::lock_guard lock(mutex_);
    accounts_[std::string(account)].cap = cap;
    return {};
  }

  Result<Balance> balance(std::string_view account) const override {
    const std::lock_guard lock(mutex_);
    const auto found = accounts_.find(account);
    return found == accounts_.end() ? Balance{} : found->second;
  }

  Result<std::string> reserve(std::span<const std::string> accounts, const Charge& most) override {
    if (Status sound = check_charge(most); !sound) return tl::unexpected(sound.error());
    const std::lock_guard lock(mutex_);
    std::vector<Balance*> balances;
    for (const std::string& account : accounts) {
      balances.push_back(&accounts_[account]);
      if (Status fits = check_fits(account, *balances.back(), most); !fits) return tl::unexpected(fits.error());
    }
    for (Balance* balance : balances) balance->reserved += most;
    std::string name = std::to_string(++last_);
    reservations_.emplace(name, Reservation{std::move(balances), most});
    return name;
  }

  Status settle(std::string_view reservation, const Charge& charge) override {
    if (Status sound = check_charge(charge); !sound) return sound;
    const std::lock_guard lock(mutex_);
    const auto found = reservations_.find(std::string(reservation));
    if (found == reservations_.end())
      return fail(Errc::not_found, fmt::format("there is no reservation '{}': is it settled already?", reservation));
    for (Balance* balance : found->second.balances) {
      balance->reserved += -found->second.most;
      balance->spent += charge;
    }
    reservations_.erase(found);
    return {};
  }

 private:
  struct Reservation {
    std::vector<Balance*> balances;  // a map's values stay where they are
    Charge most;
  };

  mutable std::mutex mutex_;
  std::map<std::string, Balance, std::less<>> accounts_;
  std::unordered_map<std::string, Reservation> reservations_;
  std::uint64_t last_ = 0;
};

}  // namespace

std::shared_ptr<Ledger> memory_ledger() {
  return std::make_shared<MemoryLedger>();
}

}  // namespace persona::llm
