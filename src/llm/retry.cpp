//! Trying again, as long as that helps.
#include <persona/llm/retry.hpp>

#include "dice.hpp"
#include "policy.hpp"
#include "refusal.hpp"
#include "tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>

namespace persona::llm {
namespace {

// Credits: each call brings a share of one, each second some, each retry takes one.
class RetryPurse {
 public:
  RetryPurse(const RetryBudget& budget, Instant now) : budget_(budget), credits_(budget.burst), seen_(now) {}

  void call(Instant now) {
    const std::lock_guard lock(mutex_);
    earn(now);
    credits_ = std::min(budget_.burst, credits_ + budget_.share);
  }

  bool take(Instant now) {
    const std::lock_guard lock(mutex_);
    earn(now);
    if (credits_ < 1) return false;
    credits_ -= 1;
    return true;
  }

 private:
  void earn(Instant now) {
    if (now <= seen_) return;  // threads may come out of order
    credits_ =
        std::min(budget_.burst, credits_ + budget_.per_second * std::chrono::duration<double>(now - seen_).count());
    seen_ = now;
  }

  RetryBudget budget_;
  std::mutex mutex_;
  double credits_;
  Instant seen_;
};

// What a policy here refused is no load: it takes no credit, and does not use up the requests.
struct Tries {
  int sent = 0, refused = 0;
};

class RetryPolicy final : public AroundProvider<RetryPolicy> {
 public:
  RetryPolicy(Provider provider, RetryOptions options)
      : AroundProvider(std::move(provider)),
        options_(std::move(options)),
        dice_(options_.seed),
        purse_(options_.budget, options_.clock->now()) {}

  template <class Send>
  auto around(const PolicyCall& call, const Send& send) -> decltype(send()) {
    purse_.call(options_.clock->now());
    Tally tally;
    for (Tries tries;;) {
      const auto start = options_.clock->now();
      auto result = send();
      const auto took = time_since(start, *options_.clock);
      if (result) return tally.into(std::move(*result), took);
      tally.failed(name(), call.model, took, result.error());
      (went_out(result.error()) ? tries.sent : tries.refused) += 1;
      const auto next = next_try(call, tries, result.error());
      if (!next) return tl::unexpected(tally.into(next.error()));
      if (!sleep_until(*options_.clock, *next, call.context.stop)) {
        return tl::unexpected(tally.into({Errc::cancelled, "stopped while waiting to try again", {}}));
      }
    }
  }

 private:
  // When to try again, or the error to give up with.
  Result<Instant> next_try(const PolicyCall& call, const Tries& tries, Error error) {
    if (!error.service || !error.service->retryable) return tl::unexpected(std::move(error));
    if (call.has_begun()) {
      error.service->retryable = false;  // a part was shown: no layer may begin again
      return tl::unexpected(std::move(error));
    }
    const int tried = tries.sent + tries.refused;
    if (options_.attempts <= 1) return tl::unexpected(std::move(error));
    if (std::max(tries.sent, tries.refused) >= options_.attempts) {
      return give_up(std::move(error), fmt::format("tried {} times", tried));
    }
    const auto hint = error.service->retry_after.value_or(std::chrono::milliseconds(0));
    if (hint > options_.longest_hint) {
      return give_up(std::move(error), fmt::format("asks to wait {} s, at most {} s are allowed", hint.count() / 1000,
                                                   options_.longest_hint.count() / 1000));
    }
    const auto now = options_.clock->now();
    const auto next = later(now, hint.count() > 0 ? after_hint(hint) : backoff(tried));
    if (next >= call.context.deadline) return give_up(std::move(error), "the next try would pass the deadline");
    if (went_out(error) && !purse_.take(now)) return give_up(std::move(error), "the retry budget is spent");
    return next;
  }

  static tl::unexpected<Error> give_up(Error error, const std::string& why) {
    error.message += "; " + why;
    return tl::unexpected(std::move(error));
  }

  Span after_hint(std::chrono::milliseconds hint) {
    return seconds_of(static_cast<double>(hint.count()) / 1000 * (1 + 0.1 * dice_.throw_once()));
  }

  Span backoff(int tried) {
    const double doubled = std::ldexp(static_cast<double>(options_.base.count()), std::min(tried - 1, 60));
    const double most = std::min(doubled, static_cast<double>(options_.most.count()));
    return seconds_of(most / 1000 * dice_.throw_once());
  }

  RetryOptions options_;
  Dice dice_;
  RetryPurse purse_;
};

}  // namespace

Provider retry(Provider provider, RetryOptions options) {
  return std::make_shared<RetryPolicy>(std::move(provider), std::move(options));
}

}  // namespace persona::llm
