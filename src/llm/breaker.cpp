//! Leaving a broken provider alone for a while.
#include <persona/llm/breaker.hpp>

#include "dice.hpp"
#include "outcome_window.hpp"
#include "policy.hpp"
#include "refusal.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>

namespace persona::llm {
namespace {

enum class Outcome { success, failure, neither };

// What answered is well, whatever it said of the request; a 429 is dealt with apart.
Outcome outcome_of(const Error& error) {
  const bool is_ours = error.service && !went_out(error);
  if (is_ours || error.code != Errc::unavailable) return Outcome::neither;
  const int status = error.service ? error.service->status : 0;
  const bool is_other_4xx = status >= 400 && status < 500 && status != 408;
  return is_other_4xx ? Outcome::neither : Outcome::failure;
}

struct Door {
  enum class State { closed, open, half_open };

  explicit Door(Span window) : outcomes(window) {}

  State state = State::closed;
  OutcomeWindow outcomes;
  Instant open_until = {};
  Instant cool_until = {};
  Span next_open = {};            // how long it stays open the next time
  int under_way = 0, passed = 0;  // probes
  std::uint64_t era = 0;          // outcomes of calls let in before the last change tell nothing of the state since
};

class BreakerPolicy final : public AroundProvider<BreakerPolicy> {
 public:
  BreakerPolicy(Provider provider, BreakerOptions options)
      : AroundProvider(std::move(provider)), options_(std::move(options)), dice_(options_.seed) {}

  template <class Send>
  auto around(const PolicyCall& call, const Send& send) -> decltype(send()) {
    const auto era = enter(call.model);
    if (!era) return tl::unexpected(era.error());
    Leave leave{*this, call.model, *era};
    auto result = send();
    if (result) {
      leave.outcome = Outcome::success;
    } else {
      leave.outcome = outcome_of(result.error());
      leave.cool = cooldown(result.error());
    }
    return result;
  }

 private:
  // Gives the probe's place back even where a foreign provider throws.
  struct Leave {
    BreakerPolicy& policy;
    const std::string& model;
    std::uint64_t era;
    Outcome outcome = Outcome::neither;
    Span cool = {};
    ~Leave() { policy.leave(*this); }
  };

  static Span cooldown(const Error& error) {
    const bool is_rate = went_out(error) && (error.service->status == 429 || error.code == Errc::rate_limited);
    return is_rate ? span_of(error.service->retry_after.value_or(std::chrono::milliseconds(0))) : Span{};
  }

  Door& door_of(const std::string& model) {
    auto found = doors_.find(model);
    if (found == doors_.end()) {
      found = doors_.emplace(model, Door(span_of(options_.window))).first;
      found->second.next_open = span_of(options_.open);
    }
    return found->second;
  }

  // The era that the call belongs to, or why it may not go.
  Result<std::uint64_t> enter(const std::string& model) {
    const std::lock_guard lock(mutex_);
    Door& door = door_of(model);
    const auto now = options_.clock->now();
    if (now < door.cool_until) {
      return tl::unexpected(
          refusal(Errc::rate_limited, name() + ": '" + model + "' asked for a pause", time_left(now, door.cool_until)));
    }
    if (door.state == Door::State::open && now >= door.open_until) {
      door.state = Door::State::half_open;
      door.under_way = door.passed = 0;
      ++door.era;
    }
    if (door.state == Door::State::open) return tl::unexpected(is_open(model, time_left(now, door.open_until)));
    if (door.state == Door::State::half_open) {
      if (door.under_way + door.passed >= std::max(options_.probes, 1)) {
        return tl::unexpected(is_open(model, options_.open));
      }
      ++door.under_way;
    }
    return door.era;
  }

  Error is_open(const std::string& model, std::chrono::milliseconds left) const {
    return refusal(Errc::unavailable, name() + ": too many calls of '" + model + "' failed; it is left alone", left);
  }

  void leave(const Leave& call) {
    const std::lock_guard lock(mutex_);
    Door& door = door_of(call.model);
    const auto now = options_.clock->now();
    door.cool_until = std::max(door.cool_until, later(now, call.cool));
    if (call.era != door.era) return;
    if (door.state == Door::State::half_open) --door.under_way;
    if (call.outcome == Outcome::neither) return;
    const bool failed = call.outcome == Outcome::failure;
    if (door.state == Door::State::half_open) {
      if (failed) return open(door, now);
      if (++door.passed >= std::max(options_.probes, 1)) close(door);
      return;
    }
    door.outcomes.add(now, failed);
    if (failed && door.outcomes.is_bad(now, options_.least_calls, options_.failure_share)) open(door, now);
  }

  void open(Door& door, Instant now) {
    const double jitter = 0.8 + 0.4 * dice_.throw_once();
    const double seconds = std::chrono::duration<double>(door.next_open).count();
    door.open_until = later(now, seconds_of(seconds * jitter));
    const Span most = std::max(span_of(options_.open_most), span_of(options_.open));
    door.next_open = door.next_open > most / 2 ? most : door.next_open * 2;
    door.state = Door::State::open;
    ++door.era;
  }

  void close(Door& door) {
    door.state = Door::State::closed;
    door.outcomes.clear();
    door.next_open = span_of(options_.open);
    ++door.era;
  }

  BreakerOptions options_;
  Dice dice_;
  std::mutex mutex_;
  std::map<std::string, Door, std::less<>> doors_;
};

}  // namespace

Provider breaker(Provider provider, BreakerOptions options) {
  return std::make_shared<BreakerPolicy>(std::move(provider), std::move(options));
}

}  // namespace persona::llm
