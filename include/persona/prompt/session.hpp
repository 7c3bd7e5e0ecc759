//! What every model call of a run goes through: one budget, one ledger, one order.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/core/context.hpp>
#include <persona/llm/budget.hpp>
#include <persona/llm/provider.hpp>
#include <persona/prompt/run_ledger.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace persona::prompt {

//! A hard cap on everything a run asks of models, for the task and for proposals alike.
struct Budget {
  std::optional<Money> money = {};
  std::optional<std::int64_t> tokens = {}, calls = {};
  std::optional<std::chrono::milliseconds> time = {};
  bool operator==(const Budget&) const = default;
};

struct Spent {
  Money money = {};
  std::int64_t tokens = 0, calls = 0;
  std::int64_t replayed_calls = 0;  //!< answered from the ledger: paid before
  std::chrono::milliseconds time{0};
};

struct SessionOptions {
  llm::Provider model = {};  //!< answers the task
  std::string model_name = {};
  llm::Provider proposer = {};  //!< writes instructions; none: the task's
  std::string proposer_name = {};
  Budget budget = {};
  std::shared_ptr<RunLedger> ledger = {};  //!< none: in memory, no resume
  std::string run = "run";                 //!< its name in the ledger
  std::shared_ptr<const llm::PriceTable> prices = llm::PriceTable::built_in();
  std::int64_t max_output_tokens = 1024;  //!< where a predictor says nothing
  Parallelism parallelism{.threads = 4};
  std::shared_ptr<Clock> clock = system_clock();
};

//! The models of one item of work: what they take is reserved, capped, and kept in the ledger.
class Models {
 public:
  virtual ~Models() = default;
  virtual llm::LLMProvider& task() = 0;
  virtual llm::LLMProvider& proposer() = 0;
  //! Another model on the same account. It lives as long as the item.
  //! @param role  as in `LedgerEntry`
  virtual llm::Provider counted(const llm::Provider& model, std::string_view model_name, std::string_view role) = 0;

 protected:
  Models() = default;
};

//! A piece of work that calls models; a pure function of what they answer. Items may run at once.
using Work = std::function<void(std::size_t item, Models& models)>;

//! What an item is about, for those who read the ledger.
struct About {
  std::string program = {}, example = {};  //!< hash, id
};

//! Work is admitted in batches, in the order of its items: before an item starts, the most it can
//! take is reserved, and its calls are held to that. Who is admitted therefore depends neither on
//! threads nor on luck, and the caps hold. Answers are kept in the ledger as they come, under
//! (request, sample, attempt); what stands there is not asked again, and counts as spent as it did then,
//! failures among it.
class Session {
 public:
  [[nodiscard]] PERSONA_EXPORT static Result<std::unique_ptr<Session>> open(SessionOptions options);
  PERSONA_EXPORT ~Session();

  PERSONA_EXPORT const SessionOptions& options() const;

  //! What a request of so many bytes can take at most: a token a byte, and the answer's longest.
  //! @errors unsupported: no price for the model, and a budget of money
  [[nodiscard]] PERSONA_EXPORT Result<llm::Charge> most_of(std::size_t bytes, std::int64_t output_tokens,
                                                           bool by_proposer = false) const;
  [[nodiscard]] PERSONA_EXPORT Result<llm::Charge> most_of(const llm::Request& request, bool by_proposer = false) const;
  //! The same of a model that is neither.
  [[nodiscard]] PERSONA_EXPORT Result<llm::Charge> most_of(const llm::Provider& model, const std::string& model_name,
                                                           std::size_t bytes, std::int64_t output_tokens) const;

  //! Only this share of the budget may be spent from now on; 1 at first.
  PERSONA_EXPORT void set_share(double share);

  //! Runs items 0 .. count - 1, as many of the first as the budget can bear. The observer is told
  //! "calls" of the whole session, and their cap.
  //! @param most  what one item can take
  //! @return how many were run
  //! @errors cancelled, deadline_exceeded: some may have been run; io: the ledger failed
  [[nodiscard]] PERSONA_EXPORT Result<std::size_t> run(std::size_t count, const llm::Charge& most, const Work& work,
                                                       const Context& context = {},
                                                       const std::function<About(std::size_t)>& about = {});

  //! Asks alone, without programs: the answers in order, none where a call failed, or where the budget or the
  //! context ended. @errors io: the ledger failed; unsupported: as `most_of`
  [[nodiscard]] PERSONA_EXPORT Result<std::vector<std::optional<llm::Reply>>> ask(
      std::span<const llm::Request> requests, bool by_proposer = false, const Context& context = {});

  PERSONA_EXPORT Spent spent() const;
  //! Whether one more item of this size cannot be afforded.
  PERSONA_EXPORT bool is_exhausted(const llm::Charge& most) const;

 private:
  struct State;
  explicit Session(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace persona::prompt
