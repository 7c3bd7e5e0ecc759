//! One budget, one ledger, one order.
#include <persona/prompt/session.hpp>

#include "allowance.hpp"
#include "session_call.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

namespace persona::prompt {

struct Session::State {
  SessionOptions options;
  mutable std::mutex mutex;
  llm::Charge taken;
  std::int64_t replayed = 0;
  double share = 1;
  CallBook book;
  std::chrono::steady_clock::time_point start;

  bool is_late() const { return options.budget.time && options.clock->now() - start >= *options.budget.time; }

  std::int64_t affordable(const llm::Charge& most) const {
    const std::lock_guard lock(mutex);
    return times_in(most, cap_of(options.budget, share) - taken);
  }
};

namespace {

unsigned threads_of(Parallelism parallelism) {
  return parallelism.threads != 0 ? parallelism.threads : std::max(1U, std::thread::hardware_concurrency());
}

// Items first .. first + count - 1, each with its own account.
Status run_items(const SessionOptions& options, std::size_t first, std::size_t count, const llm::Charge& most,
                 const Work& work, const Context& context, std::vector<ItemAccount>& accounts, CallBook& book) {
  std::atomic<std::size_t> next = 0;
  const auto take = [&] {
    for (auto i = next.fetch_add(1); i < count; i = next.fetch_add(1)) {
      if (!context.check()) return;
      accounts[i].most = most;
      SessionCall model(options, false, accounts[i], book);
      SessionCall proposer(options, true, accounts[i], book);
      work(first + i, model, proposer);
    }
  };
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 1; i < std::min<std::size_t>(threads_of(options.parallelism), count); ++i)
      threads.emplace_back(take);
    take();
  }
  return context.check();
}

}  // namespace

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}

Session::~Session() = default;

Result<std::unique_ptr<Session>> Session::open(SessionOptions options) {
  if (options.model == nullptr) return fail(Errc::invalid_argument, "a session needs a model");
  if (options.proposer == nullptr) {
    options.proposer = options.model;
    if (options.proposer_name.empty()) options.proposer_name = options.model_name;
  }
  if (options.ledger == nullptr) options.ledger = memory_run_ledger();
  if (options.prices == nullptr) options.prices = llm::PriceTable::built_in();
  const Budget& budget = options.budget;
  if ((budget.money && budget.money->picodollars < 0) || budget.tokens.value_or(0) < 0 ||
      budget.calls.value_or(0) < 0 || (budget.time && budget.time->count() < 0)) {
    return fail(Errc::invalid_argument, "a budget must not be negative");
  }
  auto state = std::make_unique<State>();
  state->start = options.clock->now();
  state->options = std::move(options);
  return std::unique_ptr<Session>(new Session(std::move(state)));
}

const SessionOptions& Session::options() const {
  return state_->options;
}

Result<llm::Charge> Session::most_of(std::size_t bytes, std::int64_t output_tokens, bool by_proposer) const {
  return most_of_call(state_->options, bytes, output_tokens, by_proposer);
}

void Session::set_share(double share) {
  const std::lock_guard lock(state_->mutex);
  state_->share = share;
}

Result<std::size_t> Session::run(std::size_t count, const llm::Charge& most, const Work& work, const Context& context) {
  std::size_t done = 0;
  while (done < count) {
    if (const auto may_go = context.check(); !may_go) return tl::unexpected(may_go.error());
    const std::int64_t affordable = state_->affordable(most);
    if (affordable <= 0 || state_->is_late()) break;
    const auto batch = std::min(count - done, static_cast<std::size_t>(affordable));
    std::vector<ItemAccount> accounts(batch);
    const Status ran = run_items(state_->options, done, batch, most, work, context, accounts, state_->book);
    for (ItemAccount& account : accounts) {
      if (!account.trouble) return tl::unexpected(account.trouble.error());
      const std::lock_guard lock(state_->mutex);
      state_->taken += account.taken;
      state_->replayed += account.replayed;
    }
    if (!ran) return tl::unexpected(ran.error());
    done += batch;
  }
  return done;
}

Spent Session::spent() const {
  const std::lock_guard lock(state_->mutex);
  const auto time = state_->options.clock->now() - state_->start;
  return {state_->taken.money, state_->taken.tokens, state_->taken.calls, state_->replayed,
          std::chrono::duration_cast<std::chrono::milliseconds>(time)};
}

bool Session::is_exhausted(const llm::Charge& most) const {
  return state_->affordable(most) <= 0 || state_->is_late();
}

}  // namespace persona::prompt
