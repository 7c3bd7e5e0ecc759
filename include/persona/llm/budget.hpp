//! Money that cannot be overspent.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/core/money.hpp>
#include <persona/llm/price.hpp>
#include <persona/llm/provider.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace persona::llm {

//! What a call takes: at most before it, in fact after it.
struct Charge {
  Money money = {};
  std::int64_t tokens = 0;
  std::int64_t calls = 0;
  bool operator==(const Charge&) const = default;
};

//! What an account may spend in all; none is no limit.
struct Cap {
  std::optional<Money> money = {};
  std::optional<std::int64_t> tokens = {}, calls = {};
  bool operator==(const Cap&) const = default;
};

struct Balance {
  Cap cap = {};
  Charge spent = {};
  Charge reserved = {};  //!< by calls under way
};

//! Keeps accounts. spent + reserved never passes the cap, whoever calls from whichever thread or
//! process. An account without a cap has no limit and is counted all the same.
class Ledger {
 public:
  virtual ~Ledger() = default;
  [[nodiscard]] virtual Status set_cap(std::string_view account, const Cap& cap) = 0;
  [[nodiscard]] virtual Result<Balance> balance(std::string_view account) const = 0;

  //! From all accounts or from none. @return a name for `settle`
  //! @errors quota_exceeded: the message names the account, what is left and what was asked
  [[nodiscard]] virtual Result<std::string> reserve(std::span<const std::string> accounts, const Charge& most) = 0;

  //! Books what it took in fact, and gives the rest back. @errors not_found: settled already
  [[nodiscard]] virtual Status settle(std::string_view reservation, const Charge& charge) = 0;

 protected:
  Ledger() = default;
  Ledger(const Ledger&) = default;
  Ledger& operator=(const Ledger&) = default;
};

PERSONA_EXPORT std::shared_ptr<Ledger> memory_ledger();

struct MeterOptions {
  std::shared_ptr<const PriceTable> prices = PriceTable::built_in();
  std::shared_ptr<Ledger> ledger = {};    //!< none: costs are told, nothing is capped
  std::string account = "all";            //!< charged for every call, besides "tenant:NAME" and the call's own
  std::int64_t max_output_tokens = 4096;  //!< asked for where the request has none and a ledger is kept
  bool allow_unknown_prices = false;      //!< with a ledger: calls whose price is not known count tokens only
  std::shared_ptr<Clock> clock = system_clock();
};

//! Prices every attempt, and books it: reserved at its most before it is sent, settled after. What
//! broke after it was sent is booked at its most. Stands right around a provider, inside retries and
//! hedges, so that each of them is an own booking. An error without `service` counts as sent, unless
//! its code says that the call was turned away. Answers without reported usage are booked at their most.
//! @errors quota_exceeded; unsupported: no price for the model, and a ledger
PERSONA_EXPORT Provider metered(Provider provider, MeterOptions options = {});

//! What a request can cost at most: its bytes as input tokens, more for pictures and tools, at the
//! dearest price of input; `max_output_tokens` as output, or what `extra` asks for.
PERSONA_EXPORT Charge most_of(const Request& request, const Price& price);

}  // namespace persona::llm
