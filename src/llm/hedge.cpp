//! Asking twice where an answer is late.
#include <persona/llm/hedge.hpp>

#include "hedge_race.hpp"
#include "lateness.hpp"
#include "policy.hpp"
#include "refusal.hpp"
#include "tally.hpp"

#include <exception>
#include <iterator>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace persona::llm {
namespace {

// One of the two requests, and how it ended.
struct Runner {
  std::optional<Result<Reply>> result = {};  // none: it was not sent
  std::chrono::microseconds took{0};
};

// The requests of one that did not get to answer.
std::vector<Attempt> attempts_of_loser(const Runner& runner, std::string provider, std::string model) {
  if (*runner.result) return attempts_of(**runner.result, runner.took);
  const Error& error = runner.result->error();
  if (!went_out(error)) return {};
  return {{.provider = std::move(provider),
           .model = std::move(model),
           .duration = runner.took,
           .error = error,
           .cost = cost_of(error)}};
}

std::vector<Attempt> as_hedge(std::vector<Attempt> attempts) {
  for (Attempt& attempt : attempts) attempt.hedge = true;
  return attempts;
}

class HedgePolicy final : public AroundProvider<HedgePolicy> {
 public:
  HedgePolicy(Provider provider, HedgeOptions options)
      : AroundProvider(std::move(provider)), options_(std::move(options)), allowance_(options_.share) {
    if (!options_.other) options_.other = inner_;
  }

  Result<Reply> complete(const Request& request, const Context& context) override {
    return run(request, context, false, [&](LLMProvider& provider, std::size_t, HedgeRace&, const Context& own) {
      return provider.complete(request, own);
    });
  }

  Result<Reply> stream(const Request& request, const OnDelta& on_delta, const Context& context) override {
    return run(request, context, true,
               [&](LLMProvider& provider, std::size_t who, HedgeRace& race, const Context& own) {
                 const OnDelta claimed = [&](const Delta& delta) -> Status {
                   if (!race.claim(who)) return fail(Errc::cancelled, "the other answer began first");
                   return on_delta(delta);
                 };
                 return provider.stream(request, claimed, own);
               });
  }

  auto around(const PolicyCall&, const auto& send) -> decltype(send()) { return send(); }

 private:
  using Kind = std::pair<std::string, bool>;  // model, streamed

  // Counts the call. @return after how long it is late; none where no second request may be sent
  std::optional<Span> delay_of(const Kind& kind) {
    const std::lock_guard lock(mutex_);
    allowance_.call();
    if (!allowance_.may_send()) return std::nullopt;
    if (options_.delay) return span_of(*options_.delay);
    const auto found = times_.find(kind);
    return found == times_.end() ? std::nullopt : found->second.quantile(options_.quantile);
  }

  // Where the second won, the first took longer still: what is known of it counts.
  void note(const Kind& kind, Span time) {
    const std::lock_guard lock(mutex_);
    times_[kind].add(time);
  }

  bool may_send() {
    const std::lock_guard lock(mutex_);
    return allowance_.send();
  }

  template <class Ask>
  void send(std::size_t who, HedgeRace& race, Runner& runner, const Context& context, const Ask& ask) {
    Context own = context;
    own.stop = race.token(who);
    if (who == 1) own.observer = nullptr;  // it is told by one thread at a time
    const auto start = options_.clock->now();
    try {
      runner.result = ask(who == 0 ? *inner_ : *options_.other, who, race, own);
    } catch (const std::exception& error) {
      runner.result = fail(Errc::internal, std::string("a provider threw: ") + error.what());
    } catch (...) {
      runner.result = fail(Errc::internal, "a provider threw");
    }
    runner.took = time_since(start, *options_.clock);
    if (*runner.result) race.claim(who);
    if (who == 0) race.first_is_over();
  }

  template <class Ask>
  Result<Reply> run(const Request& request, const Context& context, bool streamed, const Ask& ask) {
    const Kind kind{request.model, streamed};
    const auto delay = delay_of(kind);
    HedgeRace race(*options_.clock);
    const std::stop_callback forward(context.stop, [&race] { race.stop_both(); });
    Runner first, second;
    {
      std::jthread helper;
      if (delay) {
        try {
          helper = std::jthread([&] {
            if (race.wait_until_late(*delay) && may_send()) send(1, race, second, context, ask);
          });
        } catch (const std::system_error&) {  // no thread to be had: one request must do
        }
      }
      send(0, race, first, context, ask);
    }
    const std::size_t who = race.winner().value_or(0);
    Runner& answer = who == 0 ? first : second;
    if (*answer.result) note(kind, race.won_after());
    if (!second.result) return std::move(*first.result);
    return booked(std::move(answer), who == 0 ? second : first, who, request.model);
  }

  // The answer, with both requests in its attempts and its cost.
  Result<Reply> booked(Runner answer, const Runner& loser, std::size_t winner, const std::string& model) const {
    auto others = attempts_of_loser(loser, winner == 0 ? options_.other->name() : name(), model);
    if (winner == 0) others = as_hedge(std::move(others));
    Tally tally;
    for (Attempt& other : others) tally.add(std::move(other));
    if (!*answer.result) {
      Error& error = answer.result->error();
      tally.failed(winner == 0 ? name() : options_.other->name(), model, answer.took, error);
      return tl::unexpected(tally.into(std::move(error)));
    }
    Reply& reply = **answer.result;
    if (winner == 1) {
      reply.attempts = as_hedge(attempts_of(reply, answer.took));
      return tally.into(std::move(reply), answer.took);
    }
    const auto listed = tally.into(reply, answer.took);  // the loser's come first
    reply.attempts = attempts_of(reply, answer.took);
    reply.attempts.insert(reply.attempts.end(), listed.attempts.begin(),
                          listed.attempts.begin() + static_cast<std::ptrdiff_t>(others.size()));
    reply.cost = listed.cost;
    return std::move(reply);
  }

  HedgeOptions options_;
  std::mutex mutex_;
  HedgeAllowance allowance_;
  std::map<Kind, LatenessWindow> times_;
};

}  // namespace

Provider hedged(Provider provider, HedgeOptions options) {
  return std::make_shared<HedgePolicy>(std::move(provider), std::move(options));
}

}  // namespace persona::llm
