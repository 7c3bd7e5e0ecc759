//! From a program and data to a better program, offline.
#include <persona/llm/offline.hpp>
#include <persona/prompt/optimizers/bootstrap_few_shot.hpp>
#include <persona/prompt/optimizers/labeled_few_shot.hpp>
#include <persona/prompt/optimizers/random_search.hpp>
#include <persona/prompt_optimizer.hpp>
#include <persona/testing/scripted_provider.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <cmath>
#include <mutex>

using namespace persona;
using namespace persona::prompt;

namespace {

// A model that knows the answer only when a demo shows how: "even" or "odd" by the last digit.
Result<llm::Reply> parity(const llm::Request& request) {
  const bool was_shown = request.messages.size() > 2;
  const std::string question = request.messages.back().text();
  const auto digit = question.find_last_of("0123456789");
  const bool even = (question[digit] - '0') % 2 == 0;
  auto reply =
      *testing::says("[[ ## answer ## ]]\n" + std::string(was_shown ? (even ? "even" : "odd") : "maybe")).reply;
  reply.cost = dollars(0.001);
  return reply;
}

Dataset numbers(std::size_t count) {
  std::vector<Example> examples;
  for (std::size_t i = 0; i < count; ++i) {
    examples.push_back(
        {.id = std::to_string(i),
         .fields = {{"question", std::to_string(i * 7)}, {"answer", std::string((i * 7) % 2 == 0 ? "even" : "odd")}},
         .segment = i % 3 == 0 ? "third" : "rest"});
  }
  return *Dataset::make(std::move(examples));
}

Task parity_task() {
  return {.program = *predict("question -> answer"),
          .train = numbers(40),
          .validation = numbers(100),
          .metric = exact_match()};
}

SessionOptions session_with(llm::Provider model, unsigned threads = 2) {
  SessionOptions options;
  options.model = std::move(model);
  options.model_name = "scripted";
  options.parallelism = {threads};
  options.budget.calls = 2000;
  return options;
}

// Keeps so many entries, then fails as if the process had died.
class DyingLedger final : public RunLedger {
 public:
  explicit DyingLedger(std::size_t entries) : left(entries) {}
  Status begin(std::string_view run, std::string_view facts) override { return inner_->begin(run, facts); }
  Result<std::vector<LedgerEntry>> find(std::string_view run, std::string_view hash, int sample) const override {
    return inner_->find(run, hash, sample);
  }
  Status put(std::string_view run, const LedgerEntry& entry) override {
    const std::lock_guard lock(mutex_);
    if (left == 0) return fail(Errc::io, "dead");
    --left;
    return inner_->put(run, entry);
  }
  Result<std::vector<LedgerEntry>> entries(std::string_view run) const override { return inner_->entries(run); }
  Status finish(std::string_view run, std::string_view report) override { return inner_->finish(run, report); }
  Result<std::string> report(std::string_view run) const override { return inner_->report(run); }
  Result<std::vector<std::string>> runs() const override { return inner_->runs(); }
  std::size_t left;

 private:
  std::mutex mutex_;
  std::shared_ptr<RunLedger> inner_ = memory_run_ledger();
};

llm::Provider parity_model() {
  return std::make_shared<testing::ScriptedProvider>(parity);
}

}  // namespace

TEST_CASE("demos that help are found, proven and returned") {
  const PromptOptimizer optimizer(parity_task(), session_with(parity_model()),
                                  {.optimizer = labeled_few_shot({.k = 2})});
  const auto found = optimizer.optimize();
  REQUIRE(found.has_value());
  CHECK(found->report.certificate.is_better);
  CHECK(found->report.returned == "c1");
  CHECK(found->program.predictors().front().demos.size() == 2);
  CHECK(found->report.spent.calls <= 2000);
  CHECK(parse_report(to_json(found->report)).has_value());
}

TEST_CASE("what is no better is not returned") {
  const auto stubborn = std::make_shared<testing::ScriptedProvider>(
      [](const llm::Request&) { return *testing::says("[[ ## answer ## ]]\neven").reply; });
  const PromptOptimizer optimizer(parity_task(), session_with(stubborn),
                                  {.optimizer = random_search({.candidates = 2})});
  const auto found = optimizer.optimize();
  REQUIRE(found.has_value());
  CHECK_FALSE(found->report.certificate.is_better);
  CHECK(found->report.returned == "c0");
  CHECK(found->program.hash() == parity_task().program.hash());
}

TEST_CASE("the result does not depend on the number of threads") {
  std::string first;
  for (const unsigned threads : {1U, 4U, 16U}) {
    const PromptOptimizer optimizer(parity_task(), session_with(parity_model(), threads), {.seed = 5});
    const auto found = optimizer.optimize();
    REQUIRE(found.has_value());
    if (first.empty()) first = to_json(found->report);
    CHECK(to_json(found->report) == first);
  }
}

TEST_CASE("a run goes on where its ledger ends, and pays nothing twice") {
  const auto ledger = memory_run_ledger();
  auto session = session_with(parity_model());
  session.ledger = ledger;
  const OptimizeOptions options{.optimizer = bootstrap_few_shot({.bootstrapped_demos = 1, .labeled_demos = 2}),
                                .seed = 3};
  const auto whole = PromptOptimizer(parity_task(), session, options).optimize();
  REQUIRE(whole.has_value());
  const auto entries = *ledger->entries("run");
  REQUIRE(entries.size() > 50);

  for (const std::size_t killed_at : {std::size_t{0}, std::size_t{1}, entries.size() / 2, entries.size() - 1}) {
    CAPTURE(killed_at);
    const auto dying = std::make_shared<DyingLedger>(killed_at);
    auto first = session_with(parity_model());
    first.ledger = dying;
    CHECK_FALSE(PromptOptimizer(parity_task(), first, options).optimize().has_value());
    dying->left = entries.size();

    auto resumed = session_with(nullptr);
    const auto asked = std::make_shared<testing::ScriptedProvider>(parity);
    resumed.model = asked;
    resumed.ledger = dying;
    const auto again = PromptOptimizer(parity_task(), resumed, options).optimize();
    REQUIRE(again.has_value());
    CHECK(asked->requests().size() == entries.size() - killed_at);
    CHECK(to_json(again->report) == to_json(whole->report));
  }
}

TEST_CASE("a run does not go on with other options, and says which") {
  auto session = session_with(parity_model());
  session.ledger = memory_run_ledger();
  const auto run = [&](BootstrapFewShotOptions options, std::uint64_t seed) {
    return PromptOptimizer(parity_task(), session, {.optimizer = bootstrap_few_shot(options), .seed = seed}).optimize();
  };
  REQUIRE(run({.labeled_demos = 2}, 3).has_value());
  CHECK(run({.labeled_demos = 2}, 3).has_value());
  const auto other = run({.labeled_demos = 3}, 4);
  REQUIRE_FALSE(other.has_value());
  CHECK(other.error().code == Errc::conflict);
  CHECK(other.error().message ==
        "run 'run' was begun with another program, data or options: optimizer_options.labeled_demos was 2, is 3; "
        "seed was 3, is 4");
}

TEST_CASE("no cap is passed, whatever its size") {
  for (const std::int64_t calls : {1, 7, 50, 137, 400}) {
    std::atomic<std::int64_t> sent = 0;
    auto session = session_with(std::make_shared<testing::ScriptedProvider>([&](const llm::Request& request) {
      ++sent;
      return parity(request);
    }));
    session.budget.calls = calls;
    const auto found = PromptOptimizer(parity_task(), session).optimize();
    CAPTURE(calls);
    CHECK(sent <= calls);
    if (found) CHECK(found->report.spent.calls == sent);
  }
}

TEST_CASE("bad input has a clear error") {
  auto session = session_with(parity_model());
  session.budget.calls = 0;
  CHECK(PromptOptimizer(parity_task(), session).optimize().error().code == Errc::invalid_argument);
  auto task = parity_task();
  task.metric = metric("broken", [](const Example&, const Prediction&) -> Result<Score> {
    return Score{std::nan(""), {}};
  });
  const auto error = PromptOptimizer(task, session_with(parity_model())).optimize().error();
  CHECK(error.message.find("metric 'broken' gave no number") == 0);
  task = parity_task();
  task.train = task.validation = Dataset();
  CHECK(PromptOptimizer(task, session_with(parity_model())).optimize().error().code == Errc::invalid_argument);
}
