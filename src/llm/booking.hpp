//! One call on the books: reserved, then settled.
#pragma once

#include "forwarding_provider.hpp"

#include <persona/llm/budget.hpp>

#include <optional>
#include <string>

namespace persona::llm {

//! Whether a failed call may have been charged for; `shown`: pieces of a stream had come.
bool may_have_cost(const Error& error, bool shown);

class Booking {
 public:
  //! Reserves the most in all accounts of the call.
  //! @param most  none: the answer has no end, and there is no ledger
  //! @errors quota_exceeded; unsupported: no price, and a ledger that wants one
  static Result<Booking> open(const MeterOptions& options, std::string provider, std::string_view model,
                              const CallOptions& call, std::optional<Price> price, std::optional<Usage> most);

  //! Settles with what was reported, or with the most where nothing was. @return the record of the attempt
  Attempt close(const Usage& usage, Status& booked);

  //! Settles a call that failed and writes what it cost into its error.
  void close(Error& error, bool shown);

 private:
  Booking(const MeterOptions& options, Attempt attempt, std::optional<Price> price, std::optional<Usage> most)
      : options_(&options), attempt_(std::move(attempt)), price_(std::move(price)), most_(most) {}

  std::optional<Money> most_money() const;
  Status settle(const Charge& charge);

  const MeterOptions* options_;
  Attempt attempt_;
  std::optional<Price> price_;
  std::optional<Usage> most_;
  std::string reservation_ = {};
  std::chrono::steady_clock::time_point start_ = {};
};

}  // namespace persona::llm
