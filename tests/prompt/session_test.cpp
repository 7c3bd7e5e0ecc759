//! What a session counts, keeps and goes on from.
#include <persona/llm/price.hpp>
#include <persona/prompt/evaluation.hpp>
#include <persona/prompt/session.hpp>
#include <persona/testing/scripted_provider.hpp>

#include <doctest/doctest.h>

#include <atomic>

using namespace persona;
using namespace persona::prompt;

namespace {

Dataset questions(std::size_t count) {
  std::vector<Example> examples;
  for (std::size_t i = 0; i < count; ++i)
    examples.push_back(
        {.id = "e" + std::to_string(i), .fields = {{"question", std::to_string(i)}, {"answer", std::string("yes")}}});
  return *Dataset::make(std::move(examples));
}

Result<llm::Reply> says_yes(const llm::Request&) {
  return testing::says("[[ ## answer ## ]]\nyes").reply;
}

std::unique_ptr<Session> session_of(std::function<Result<llm::Reply>(const llm::Request&)> model,
                                    std::shared_ptr<RunLedger> ledger, Budget budget = {.calls = 1000}) {
  SessionOptions options;
  options.model = std::make_shared<testing::ScriptedProvider>(std::move(model));
  options.model_name = "scripted";
  options.ledger = std::move(ledger);
  options.budget = budget;
  auto session = Session::open(options);
  REQUIRE(session);
  return *std::move(session);
}

Judge judge_that(std::atomic<int>& asked) {
  return {.model = std::make_shared<testing::ScriptedProvider>([&asked](const llm::Request&) {
            ++asked;
            return testing::says(R"({"reason": "short", "points": 7})").reply;
          }),
          .model_name = "judge",
          .rubric = "is it right?"};
}

}  // namespace

TEST_CASE("what a judge takes is counted, kept and never asked again") {
  std::atomic<int> judged_times = 0;
  const auto metric = judged(judge_that(judged_times));
  const auto ledger = memory_run_ledger();
  const auto program = *predict("question -> answer");
  const auto data = questions(5);
  for (const bool is_resumed : {false, true}) {
    CAPTURE(is_resumed);
    const auto session = session_of(says_yes, ledger);
    const auto evaluated = evaluate(program, data, *metric, *session);
    REQUIRE(evaluated);
    CHECK(evaluated->score.value == doctest::Approx(0.7));
    CHECK(session->spent().calls == 10);  // five answers, five verdicts
    CHECK(session->spent().replayed_calls == (is_resumed ? 10 : 0));
  }
  CHECK(judged_times == 5);
}

TEST_CASE("a judge never passes the cap of the run") {
  for (const std::int64_t calls : {1, 2, 3, 7, 10, 11, 14}) {
    CAPTURE(calls);
    std::atomic<int> asked = 0;
    std::atomic<int> judged_times = 0;
    const auto session = session_of(
        [&](const llm::Request& request) {
          ++asked;
          return says_yes(request);
        },
        nullptr, {.calls = calls});
    const auto evaluated =
        evaluate(*predict("question -> answer"), questions(5), *judged(judge_that(judged_times)), *session);
    CHECK(evaluated.has_value() == (calls >= 11));
    CHECK(asked + judged_times <= calls);
  }
}

TEST_CASE("the ledger says what was asked for which program and example") {
  const auto ledger = memory_run_ledger();
  const auto session = session_of(says_yes, ledger);
  const auto program = *predict("question -> answer");
  REQUIRE(evaluate(program, questions(3), *exact_match(), *session));
  const auto entries = *ledger->entries("run");
  REQUIRE(entries.size() == 3);
  for (const LedgerEntry& entry : entries) {
    CHECK(entry.program == program.hash());
    CHECK(entry.example.front() == 'e');
    CHECK(entry.role == "task");
    CHECK(entry.request.find("scripted") != std::string::npos);
    CHECK_FALSE(entry.cost);  // nobody knows the price: it is not nothing
  }
}

TEST_CASE("a failure that passes is an attempt of its own, in this run and when it is resumed") {
  const auto ledger = memory_run_ledger();
  std::vector<std::int64_t> calls;
  for (const bool is_resumed : {false, true}) {
    CAPTURE(is_resumed);
    std::atomic<int> asked = 0;
    const auto session = session_of(
        [&](const llm::Request& request) -> Result<llm::Reply> {
          if (asked++ % 2 == 0) return testing::fails(503).reply;
          return says_yes(request);
        },
        ledger);
    const auto evaluated = evaluate(*predict("question -> answer"), questions(1), *exact_match(), *session);
    REQUIRE(evaluated);
    CHECK(evaluated->score.value == 1);
    CHECK(asked == (is_resumed ? 0 : 2));
    CHECK(session->spent().calls == 2);
  }
  const auto entries = *ledger->entries("run");
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].reply.empty());
  CHECK(entries[0].error.find("unavailable") != std::string::npos);
  CHECK(entries[1].attempt == 1);
}

TEST_CASE("a run that an outage ended goes on when the outage is over") {
  const auto ledger = memory_run_ledger();
  const auto program = *predict("question -> answer");
  const auto broken = session_of([](const llm::Request&) { return testing::fails(503).reply; }, ledger);
  const auto failed = evaluate(program, questions(2), *exact_match(), *broken);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == Errc::unavailable);
  const auto mended = session_of(says_yes, ledger);
  const auto evaluated = evaluate(program, questions(2), *exact_match(), *mended);
  REQUIRE(evaluated);
  CHECK(evaluated->score.value == 1);
  CHECK(mended->spent().calls == broken->spent().calls + 2);
}

TEST_CASE("an answer that is none stays none, and is asked for once") {
  std::atomic<int> asked = 0;
  const auto session = session_of(
      [&](const llm::Request&) -> Result<llm::Reply> {
        ++asked;
        return testing::fails(400).reply;
      },
      memory_run_ledger());
  for (int i = 0; i < 2; ++i) {
    const auto evaluated = evaluate(*predict("question -> answer"), questions(1), *exact_match(), *session);
    REQUIRE(evaluated);
    CHECK(evaluated->failures == 1);
  }
  CHECK(asked == 1);
  CHECK(session->spent().calls == 1);
}
