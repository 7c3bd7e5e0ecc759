//! How many calls at once a provider bears.
#include <persona/llm/limits.hpp>

#include "aimd.hpp"
#include "policy.hpp"
#include "refusal.hpp"
#include "waiting_line.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>

namespace persona::llm {
namespace {

// A wrong request tells nothing of the load; a broken connection may have been a time-out.
Load load_of(const Error& error) {
  if (!went_out(error)) return Load::unknown;
  const ServiceFailure& service = *error.service;
  const bool is_late =
      service.sent && service.status == 0 && (error.code == Errc::unavailable || error.code == Errc::deadline_exceeded);
  const bool is_busy = service.status == 429 || service.status == 529 || service.status == 408;
  return is_late || is_busy || error.code == Errc::rate_limited ? Load::too_much : Load::unknown;
}

struct Room {
  AimdLimit limit;
  int inside = 0;
  WaitingLine line = {};
  bool has_place() const { return inside < limit.limit(); }
};

class ConcurrencyPolicy final : public AroundProvider<ConcurrencyPolicy> {
 public:
  ConcurrencyPolicy(Provider provider, ConcurrencyLimits limits)
      : AroundProvider(std::move(provider)), limits_(std::move(limits)) {}

  template <class Send>
  auto around(const PolicyCall& call, const Send& send) -> decltype(send()) {
    if (const auto may_go = enter(call); !may_go) return tl::unexpected(may_go.error());
    Leave leave{*this, call.model};
    auto result = send();
    leave.load = result ? Load::bearable : load_of(result.error());
    return result;
  }

 private:
  // Gives the place back even where a foreign provider throws.
  struct Leave {
    ConcurrencyPolicy& policy;
    const std::string& model;
    Load load = Load::unknown;
    ~Leave() { policy.leave(model, load); }
  };

  Room& room_of(const std::string& model) {
    const auto found = rooms_.find(model);
    if (found != rooms_.end()) return found->second;
    const AimdLimit limit(limits_.start, limits_.least, limits_.most, limits_.decrease);
    return rooms_.emplace(model, Room{limit}).first->second;
  }

  Status enter(const PolicyCall& call) {
    std::unique_lock lock(mutex_);
    Room& room = room_of(call.model);
    if (room.line.empty() && room.has_place()) {
      ++room.inside;
      return {};
    }
    WaitingLine::Place place(room.line, call.options.priority);
    while (!(place.is_first() && room.has_place())) {
      if (call.context.stop.stop_requested()) return fail(Errc::cancelled, "stopped while waiting for a place");
      if (limits_.clock->now() >= call.context.deadline) {
        return tl::unexpected(refusal(Errc::rate_limited,
                                      name() + ": no place for a call of '" + call.model + "' before the deadline",
                                      std::chrono::milliseconds(0)));
      }
      place.wait(*limits_.clock, lock, call.context.deadline, call.context.stop);
    }
    ++room.inside;
    return {};
  }

  void leave(const std::string& model, Load load) {
    const std::lock_guard lock(mutex_);
    Room& room = room_of(model);
    room.limit.ended(load, room.inside);
    --room.inside;
    if (room.has_place()) room.line.wake_first();
  }

  ConcurrencyLimits limits_;
  std::mutex mutex_;
  std::map<std::string, Room, std::less<>> rooms_;
};

}  // namespace

Provider concurrency_limited(Provider provider, ConcurrencyLimits limits) {
  return std::make_shared<ConcurrencyPolicy>(std::move(provider), std::move(limits));
}

}  // namespace persona::llm
