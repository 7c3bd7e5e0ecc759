//! Requests and tokens a minute.
#include <persona/llm/limits.hpp>

#include "policy.hpp"
#include "rate_bucket.hpp"
#include "refusal.hpp"
#include "request_size.hpp"
#include "waiting_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <mutex>

namespace persona::llm {
namespace {

// Requests, input tokens, output tokens.
using Amounts = std::array<std::int64_t, 3>;
constexpr std::array<const char*, 3> amount_names = {"requests", "input tokens", "output tokens"};

struct Meter {
  std::array<RateBucket, 3> buckets;
  WaitingLine line = {};

  // Requests come back never, tokens perhaps.
  Instant fits_at(const Amounts& need, bool at_best, Instant now) {
    auto ready = now;
    for (std::size_t i = 0; i < need.size(); ++i) {
      const auto returning = at_best && i > 0 ? buckets[i].reserved : 0;
      ready = std::max(ready, buckets[i].fits_at(need[i], returning, now));
    }
    return ready;
  }

  void take(const Amounts& need) {
    for (std::size_t i = 0; i < need.size(); ++i) {
      buckets[i].take(need[i]);
      buckets[i].reserved += need[i];
    }
  }

  void settle(const Amounts& reserved, const Amounts& taken) {
    for (std::size_t i = 0; i < reserved.size(); ++i) {
      buckets[i].give_back(reserved[i] - taken[i]);
      buckets[i].reserved -= reserved[i];
    }
  }

  // The provider has not yet seen all that is under way: count it as to come.
  void allow(const Allowance& allowance, Instant now) {
    const std::array left = {allowance.requests, allowance.input_tokens, allowance.output_tokens};
    for (std::size_t i = 0; i < left.size(); ++i) {
      const auto reset = i == 0 ? allowance.requests_reset : allowance.tokens_reset;
      if (left[i]) buckets[i].allow(*left[i] - buckets[i].reserved, later(now, reset), now);
    }
  }
};

Amounts taken_by(const Reply& reply, const Amounts& reserved) {
  Usage all = reply.attempts.empty() ? reply.usage : Usage{};
  for (const Attempt& attempt : reply.attempts) all += attempt.usage;
  const auto requests = std::max<std::int64_t>(1, static_cast<std::int64_t>(reply.attempts.size()));
  if (all.input == 0 && all.output == 0) return {requests, reserved[1], reserved[2]};  // not told
  return {requests, all.input, all.output};
}

Amounts taken_by(const Embeddings& embeddings, const Amounts& reserved) {
  return {1, embeddings.usage.input > 0 ? embeddings.usage.input : reserved[1], 0};
}

// What was sent may have been read and answered.
Amounts taken_by(const Error& error, const Amounts& reserved) {
  if (!went_out(error)) return {};
  return error.service->sent ? reserved : Amounts{1, 0, 0};
}

class RatePolicy final : public AroundProvider<RatePolicy> {
 public:
  RatePolicy(Provider provider, RateLimits limits) : AroundProvider(std::move(provider)), limits_(std::move(limits)) {}

  Result<std::int64_t> around(const PolicyCall&,
                              const auto& send) requires std::is_same_v<decltype(send()), Result<std::int64_t>> {
    return send();
  }

  template <class Send>
  auto around(const PolicyCall& call, const Send& send) -> decltype(send()) {
    Leave leave{*this, call.model, need_of(call)};
    if (const auto may_go = enter(call, leave.reserved); !may_go) {
      leave.is_inside = false;
      return tl::unexpected(may_go.error());
    }
    auto result = send();
    leave.taken = result ? taken_by(*result, leave.reserved) : taken_by(result.error(), leave.reserved);
    if constexpr (std::is_same_v<decltype(send()), Result<Reply>>) {
      if (result) leave.allowance = result->allowance;
    }
    return result;
  }

 private:
  // Gives back what was not taken, even where a foreign provider throws.
  struct Leave {
    RatePolicy& policy;
    const std::string& model;
    Amounts reserved;
    Amounts taken = {};
    std::optional<Allowance> allowance = {};
    bool is_inside = true;
    ~Leave() {
      if (is_inside) policy.leave(*this);
    }
  };

  Amounts need_of(const PolicyCall& call) const {
    if (call.embed != nullptr) return {1, likely_input_tokens(*call.embed), 0};
    constexpr std::int64_t likely_output = 1024;
    const auto at_most = limits_.output_tokens_per_minute.value_or(likely_output);
    const auto output = call.request->max_output_tokens.value_or(std::min(likely_output, at_most));
    return {1, likely_input_tokens(*call.request), std::clamp(output, std::int64_t{0}, RateBucket::most)};
  }

  Meter& meter_of(const std::string& model) {
    const auto found = meters_.find(model);
    if (found != meters_.end()) return found->second;
    const auto now = limits_.clock->now();
    const RateBucket requests(limits_.requests_per_minute, now), input(limits_.input_tokens_per_minute, now),
        output(limits_.output_tokens_per_minute, now);
    return meters_.emplace(model, Meter{{requests, input, output}}).first->second;
  }

  Status enter(const PolicyCall& call, const Amounts& need) {
    std::unique_lock lock(mutex_);
    Meter& meter = meter_of(call.model);
    for (std::size_t i = 0; i < need.size(); ++i) {
      if (meter.buckets[i].never_fits(need[i])) {
        return tl::unexpected(refusal(Errc::rate_limited,
                                      fmt::format("{}: the call takes {} {}, more than '{}' has in a minute", name(),
                                                  need[i], amount_names[i], call.model),
                                      {}));
      }
    }
    const auto now = limits_.clock->now();
    if (meter.line.empty() && meter.fits_at(need, false, now) <= now) {
      meter.take(need);
      return {};
    }
    return wait_for_turn(call, need, meter, lock);
  }

  Status wait_for_turn(const PolicyCall& call, const Amounts& need, Meter& meter, std::unique_lock<std::mutex>& lock) {
    WaitingLine::Place place(meter.line, call.options.priority);
    for (;;) {
      const auto now = limits_.clock->now();
      const auto ready = meter.fits_at(need, false, now);
      if (place.is_first() && ready <= now) break;
      if (call.context.stop.stop_requested()) return fail(Errc::cancelled, "stopped while waiting below a rate limit");
      Amounts with_those_ahead = need;
      with_those_ahead[0] += place.ahead();
      const auto at_best = meter.fits_at(with_those_ahead, true, now);
      if (now >= call.context.deadline || at_best > call.context.deadline) {
        return tl::unexpected(refusal(
            Errc::rate_limited,
            fmt::format("{}: below the rate limit of '{}', the call cannot go before its deadline", name(), call.model),
            time_left(now, at_best)));
      }
      place.wait(*limits_.clock, lock,
                 place.is_first() ? std::min(ready, call.context.deadline) : call.context.deadline, call.context.stop);
    }
    meter.take(need);
    return {};
  }

  void leave(const Leave& call) {
    const std::lock_guard lock(mutex_);
    Meter& meter = meter_of(call.model);
    meter.settle(call.reserved, call.taken);
    if (call.allowance) meter.allow(*call.allowance, limits_.clock->now());
    meter.line.wake_first();
  }

  RateLimits limits_;
  std::mutex mutex_;
  std::map<std::string, Meter, std::less<>> meters_;
};

}  // namespace

Provider rate_limited(Provider provider, RateLimits limits) {
  return std::make_shared<RatePolicy>(std::move(provider), std::move(limits));
}

}  // namespace persona::llm
