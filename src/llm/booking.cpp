//! One call on the books: reserved, then settled.
#include "booking.hpp"

#include "charges.hpp"
#include "most_of.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace persona::llm {
namespace {

std::vector<std::string> accounts_of(const MeterOptions& options, const CallOptions& call) {
  std::vector<std::string> accounts;
  const auto add = [&](std::string account) {
    if (!account.empty() && std::ranges::find(accounts, account) == accounts.end())
      accounts.push_back(std::move(account));
  };
  add(options.account);
  if (!call.tenant.empty()) add("tenant:" + call.tenant);
  for (const std::string& account : call.accounts) add(account);
  return accounts;
}

std::int64_t booked_tokens(const Usage& usage) {
  return saturated_sum(std::max<std::int64_t>(usage.input, 0), std::max<std::int64_t>(usage.output, 0));
}

bool is_reported(const Usage& usage) {
  return !usage.estimated && (usage.input > 0 || usage.output > 0);
}

}  // namespace

bool may_have_cost(const Error& error, bool shown) {
  if (shown) return true;
  if (error.service) return error.service->sent;
  switch (error.code) {  // nobody says: was it turned away, or did it break on the way?
    case Errc::invalid_argument:
    case Errc::not_found:
    case Errc::already_exists:
    case Errc::conflict:
    case Errc::infeasible:
    case Errc::unsupported:
    case Errc::unauthenticated:
    case Errc::permission_denied:
    case Errc::rate_limited:
    case Errc::quota_exceeded:
    case Errc::context_too_long: return false;
    default: return true;
  }
}

Result<Booking> Booking::open(const MeterOptions& options, std::string provider, std::string_view model,
                              const CallOptions& call, std::optional<Price> price, std::optional<Usage> most) {
  if (options.ledger && !price && !options.allow_unknown_prices)
    return fail(Errc::unsupported,
                fmt::format("there is no price for '{}' of {}: a budget cannot be kept without one", model, provider));
  Attempt attempt{.provider = std::move(provider), .model = std::string(model)};
  Booking booking(options, std::move(attempt), std::move(price), most);
  if (options.ledger) {
    const Usage& usage = *booking.most_;
    Result<std::string> reservation = options.ledger->reserve(
        accounts_of(options, call), most_of(usage.input, usage.output, booking.price_.value_or(Price{})));
    if (!reservation) return tl::unexpected(reservation.error());
    booking.reservation_ = *std::move(reservation);
  }
  booking.start_ = options.clock->now();
  return booking;
}

std::optional<Money> Booking::most_money() const {
  if (!price_ || !most_) return {};
  return most_of(most_->input, most_->output, *price_).money;
}

Status Booking::settle(const Charge& charge) {
  if (!options_->ledger) return {};
  return options_->ledger->settle(reservation_, charge);
}

Attempt Booking::close(const Usage& usage, Status& booked) {
  attempt_.duration = std::chrono::duration_cast<std::chrono::microseconds>(options_->clock->now() - start_);
  attempt_.usage = usage;
  if (is_reported(usage)) {
    if (price_) attempt_.cost = cost(*price_, usage);
  } else if (most_) {
    attempt_.usage = *most_;
    attempt_.cost = most_money();
  }
  booked = settle({attempt_.cost.value_or(Money{}), booked_tokens(attempt_.usage), 1});
  return std::move(attempt_);
}

void Booking::close(Error& error, bool shown) {
  const bool costs = may_have_cost(error, shown);
  const bool was_call = costs || (error.service && error.service->status != 0);
  if (costs && !error.service) error.service.emplace();
  if (error.service) {
    error.service->sent = costs;
    error.service->cost = costs ? most_money() : Money{};
  }
  Charge charge{.calls = was_call ? 1 : 0};
  if (costs && most_) charge = {most_money().value_or(Money{}), booked_tokens(*most_), 1};
  if (Status booked = settle(charge); !booked)
    error.message += fmt::format(" (and it could not be booked: {})", to_string(booked.error()));
}

}  // namespace persona::llm
