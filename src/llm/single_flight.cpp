//! The same question asked by many at once is sent once.
#include <persona/llm/cache.hpp>
#include <persona/llm/single_flight.hpp>

#include "flight.hpp"

#include <atomic>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace persona::llm {
namespace {

class SingleFlight final : public KeyedProvider {
 public:
  SingleFlight(Provider inner, std::shared_ptr<Clock> clock)
      : KeyedProvider(std::move(inner)), clock_(std::move(clock)) {}

  Result<CacheAnswer> ask(const std::string& key, const Request& request, const OnDelta* on_delta,
                          const Context& context) override {
    if (!cache_policy(request).read) return ask_inner(key, request, on_delta, context);
    // Streams are joined with streams, so that all of them see pieces early.
    const std::string flight = on_delta != nullptr ? key + "/stream" : key;
    while (true) {
      if (Status wanted = still_wanted(*clock_, context); !wanted) return tl::unexpected(wanted.error());
      const Seat seat = take_seat(flight, context);
      if (seat.leads) return lead({key, flight}, *seat.flight, request, on_delta, context);
      if (std::optional<Result<CacheAnswer>> result = follow(*seat.flight, on_delta, context))
        return *std::move(result);
    }
  }

 private:
  struct Seat {
    std::shared_ptr<Flight> flight;
    bool leads;
  };
  struct Keys {
    const std::string &request, &flight;
  };

  Seat take_seat(const std::string& key, const Context& context) {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<Flight>& flight = flights_[key];
    if (flight && flight->join()) return {flight, false};
    flight = std::make_shared<Flight>(context.deadline);
    return {flight, true};
  }

  // However the leader's work ends, those who wait hear of it.
  struct Landing {
    SingleFlight& provider;
    const std::string& key;
    Flight& flight;
    Result<CacheAnswer> result = fail(Errc::internal, "the call that was shared broke off");
    ~Landing() {
      provider.forget(key, flight);
      flight.land(std::move(result));
    }
  };

  // The work is done on the leader's thread. When its caller stops it, it goes on for the others.
  Result<CacheAnswer> lead(const Keys& keys, Flight& flight, const Request& request, const OnDelta* on_delta,
                           const Context& context) {
    std::atomic<bool> watches = true;
    std::optional<Error> refused;  // by the leader's own `on_delta`
    const OnDelta show = [&](const Delta& delta) -> Status {
      flight.add(delta);
      if (!watches) return {};
      Status shown = (*on_delta)(delta);
      if (shown || !watches.exchange(false)) return {};
      refused = shown.error();
      return flight.leave() ? Status() : shown;
    };
    Landing landing{*this, keys.flight, flight};
    {
      const std::stop_callback left(context.stop, [&] {
        if (watches.exchange(false)) flight.leave();
      });
      const Context own{.stop = flight.stop(), .deadline = context.deadline, .observer = context.observer};
      landing.result = ask_inner(keys.request, request, on_delta != nullptr ? &show : nullptr, own);
    }
    Result<CacheAnswer> result = landing.result;
    if (refused) return tl::unexpected(*refused);
    if (!watches && result) return fail(Errc::cancelled, "the call was stopped");
    return result;
  }

  void forget(const std::string& key, const Flight& flight) {
    const std::lock_guard lock(mutex_);
    if (const auto found = flights_.find(key); found != flights_.end() && found->second.get() == &flight)
      flights_.erase(found);
  }

  //! None: the leader's deadline ended it, but not the follower's, and nothing was shown: ask again.
  std::optional<Result<CacheAnswer>> follow(Flight& flight, const OnDelta* on_delta, const Context& context) {
    std::size_t shown = 0;
    while (true) {
      const Result<const HeldDelta*> piece = flight.next(shown, *clock_, context);
      if (!piece) return flight.leave(), tl::unexpected(piece.error());
      if (*piece == nullptr) break;
      ++shown;
      if (on_delta == nullptr) continue;
      if (Status status = (*on_delta)((*piece)->delta()); !status)
        return flight.leave(), tl::unexpected(status.error());
    }
    Result<CacheAnswer> result = flight.result();
    if (!result && result.error().code == Errc::deadline_exceeded && shown == 0 && context.deadline > flight.deadline())
      return {};
    if (!result) {
      if (result.error().service) result.error().service->cost = Money{};  // the leader has paid
      return result;
    }
    Reply& reply = result->reply;
    reply.source = Source::shared_call;
    reply.cost = Money{};
    reply.attempts.clear();
    return result;
  }

  std::shared_ptr<Clock> clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<Flight>> flights_;
};

}  // namespace

Provider single_flight(Provider provider, std::shared_ptr<Clock> clock) {
  return std::make_shared<SingleFlight>(std::move(provider), std::move(clock));
}

}  // namespace persona::llm
