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

class ItemModels final : public Models {
 public:
  ItemModels(const SessionOptions& options, ItemAccount& account, CallBook& book)
      : options_(options),
        account_(account),
        book_(book),
        task_(options, task_of(options), account, book),
        proposer_(options, proposer_of(options), account, book) {}

  llm::LLMProvider& task() override { return task_; }
  llm::LLMProvider& proposer() override { return proposer_; }
  llm::Provider counted(const llm::Provider& model, std::string_view model_name, std::string_view role) override {
    return std::make_shared<SessionCall>(options_, Asked{std::string(role), *model, std::string(model_name)}, account_,
                                         book_);
  }

 private:
  const SessionOptions& options_;
  ItemAccount& account_;
  CallBook& book_;
  SessionCall task_, proposer_;
};

// Tells the observer, one thread at a time, how many calls the run has come to.
class CallProgress {
 public:
  CallProgress(const Context& context, std::int64_t done, std::int64_t most)
      : context_(context), done_(done), most_(most) {}

  void add(std::int64_t calls) {
    if (context_.observer == nullptr) return;
    const std::lock_guard lock(mutex_);
    done_ += calls;
    context_.progress({"calls", static_cast<std::uint64_t>(done_), static_cast<std::uint64_t>(most_)});
  }

 private:
  std::mutex mutex_;
  const Context& context_;
  std::int64_t done_, most_;
};

// Items first, first + 1, ..., each with its own account.
Status run_items(const SessionOptions& options, std::size_t first, const Work& work, const Context& context,
                 std::vector<ItemAccount>& accounts, CallBook& book, CallProgress& progress) {
  const std::size_t count = accounts.size();
  std::atomic<std::size_t> next = 0;
  const auto take = [&] {
    for (auto i = next.fetch_add(1); i < count; i = next.fetch_add(1)) {
      if (!context.check()) return;
      ItemModels models(options, accounts[i], book);
      work(first + i, models);
      progress.add(accounts[i].taken.calls);
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
  const Asked asked = by_proposer ? proposer_of(state_->options) : task_of(state_->options);
  return most_of_call(state_->options, asked.model, asked.model_name, bytes, output_tokens);
}

Result<llm::Charge> Session::most_of(const llm::Request& request, bool by_proposer) const {
  return most_of(bytes_of(request), request.max_output_tokens.value_or(state_->options.max_output_tokens), by_proposer);
}

Result<llm::Charge> Session::most_of(const llm::Provider& model, const std::string& model_name, std::size_t bytes,
                                     std::int64_t output_tokens) const {
  return most_of_call(state_->options, *model, model_name, bytes, output_tokens);
}

void Session::set_share(double share) {
  const std::lock_guard lock(state_->mutex);
  state_->share = share;
}

Result<std::size_t> Session::run(std::size_t count, const llm::Charge& most, const Work& work, const Context& context,
                                 const std::function<About(std::size_t)>& about) {
  std::size_t done = 0;
  while (done < count) {
    if (const auto may_go = context.check(); !may_go) return tl::unexpected(may_go.error());
    const std::int64_t affordable = state_->affordable(most);
    if (affordable <= 0 || state_->is_late()) break;
    const auto batch = std::min(count - done, static_cast<std::size_t>(affordable));
    std::vector<ItemAccount> accounts(batch);
    for (std::size_t i = 0; i < batch; ++i) {
      accounts[i].most = most;
      if (about) accounts[i].about = about(done + i);
    }
    CallProgress progress(context, spent().calls, state_->options.budget.calls.value_or(0));
    const Status ran = run_items(state_->options, done, work, context, accounts, state_->book, progress);
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

Result<std::vector<std::optional<llm::Reply>>> Session::ask(std::span<const llm::Request> requests, bool by_proposer,
                                                            const Context& context) {
  llm::Charge most;
  for (const llm::Request& request : requests) {
    const auto each = most_of(request, by_proposer);
    if (!each) return tl::unexpected(each.error());
    most = {std::max(most.money, each->money), std::max(most.tokens, each->tokens), 1};
  }
  std::vector<std::optional<llm::Reply>> answers(requests.size());
  const Work work = [&](std::size_t i, Models& models) {
    llm::LLMProvider& model = by_proposer ? models.proposer() : models.task();
    if (auto reply = model.complete(requests[i], context)) answers[i] = *std::move(reply);
  };
  const auto done = run(requests.size(), most, work, context);
  if (!done && done.error().code != Errc::cancelled && done.error().code != Errc::deadline_exceeded)
    return tl::unexpected(done.error());
  return answers;
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
