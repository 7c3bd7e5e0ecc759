//! What every ledger of runs that outlives its process keeps.
#pragma once

#include <persona/llm/json.hpp>
#include <persona/prompt/optimizers/bootstrap_few_shot.hpp>
#include <persona/prompt_optimizer.hpp>
#include <persona/testing/scripted_provider.hpp>

#include <doctest/doctest.h>

#include <csignal>
#include <functional>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace persona::test {

using namespace persona::prompt;

//! Opens the ledger of this name, made where there is none.
using OpenLedger = std::function<Result<std::shared_ptr<RunLedger>>(const std::string& name)>;

inline LedgerEntry entry_number(int i) {
  return {.request_hash = "hash" + std::to_string(i / 2),
          .sample = 1,
          .attempt = i % 2,
          .role = "task",
          .program = "p",
          .example = "e" + std::to_string(i),
          .request = R"({"model":"m"})",
          .reply = i % 2 == 0 ? "" : R"({"text":"'; DROP TABLE persona_run; --"})",
          .error = i % 2 == 0 ? R"({"code":"unavailable"})" : "",
          .cost = i % 3 == 0 ? std::optional<Money>() : std::optional(Money{i}),
          .tokens = 10 + i,
          .latency = std::chrono::microseconds(i)};
}

inline bool same_entry(const LedgerEntry& a, const LedgerEntry& b) {
  return a.request_hash == b.request_hash && a.sample == b.sample && a.attempt == b.attempt && a.role == b.role &&
         a.program == b.program && a.example == b.example && a.request == b.request && a.reply == b.reply &&
         a.error == b.error && a.cost == b.cost && a.tokens == b.tokens && a.latency == b.latency;
}

// Calls of all processes, and at which of them the process dies.
struct Calls {
  int made = 0, dies_at = -1;
};

struct SharedCalls {
  SharedCalls()
      : calls(static_cast<Calls*>(
            ::mmap(nullptr, sizeof(Calls), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
    *calls = Calls{};
  }
  ~SharedCalls() { ::munmap(calls, sizeof(Calls)); }
  SharedCalls(const SharedCalls&) = delete;
  SharedCalls& operator=(const SharedCalls&) = delete;
  Calls* calls;
};

inline Task small_task() {
  std::vector<Example> examples;
  for (int i = 0; i < 60; ++i)
    examples.push_back({.id = std::to_string(i),
                        .fields = {{"question", std::to_string(i)}, {"answer", std::string(i % 2 == 0 ? "a" : "b")}}});
  return {.program = *predict("question -> answer"),
          .train = *Dataset::make({examples.begin(), examples.begin() + 20}),
          .validation = *Dataset::make({examples.begin() + 20, examples.end()}),
          .metric = exact_match()};
}

inline Result<Optimized> optimize_in(const Result<std::shared_ptr<RunLedger>>& ledger, Calls* calls) {
  SessionOptions session;
  session.model = std::make_shared<testing::ScriptedProvider>([calls](const llm::Request& request) {
    if (calls->made++ == calls->dies_at) ::kill(::getpid(), SIGKILL);
    const bool is_even = (request.messages.back().text().find_first_of("02468") != std::string::npos);
    return testing::says(std::string("[[ ## answer ## ]]\n") + (is_even ? "a" : "b")).reply;
  });
  session.model_name = "scripted";
  session.budget.calls = 500;
  session.parallelism = {1};
  if (!ledger) return tl::unexpected(ledger.error());
  session.ledger = *ledger;
  return PromptOptimizer(small_task(), session,
                         {.optimizer = bootstrap_few_shot({.bootstrapped_demos = 1, .labeled_demos = 2})})
      .optimize();
}

//! What was put comes back, also to those who open it later.
inline void check_ledger(const OpenLedger& open) {
  const auto memory = memory_run_ledger();
  const auto kept = open("runs");
  REQUIRE_MESSAGE(kept, to_string(kept.error()));
  for (const auto& ledger : {memory, *kept}) {
    REQUIRE(ledger->begin("one", "{}"));
    REQUIRE(ledger->begin("one", "{}"));
    CHECK(ledger->begin("one", R"({"seed":2})").error().code == Errc::conflict);
    for (int i = 0; i < 6; ++i) REQUIRE(ledger->put("one", entry_number(i)));
    REQUIRE(ledger->put("one", entry_number(0)));  // it stands there already
    REQUIRE(ledger->begin("two", "{}"));
    CHECK(ledger->finish("one", "report"));
    CHECK(ledger->entries("three").error().code == Errc::not_found);
    CHECK(ledger->report("three").error().code == Errc::not_found);
  }
  for (const auto& ledger : {memory, *kept, *open("runs")}) {
    const auto entries = *ledger->entries("one");
    REQUIRE(entries.size() == 6);
    for (int i = 0; i < 6; ++i) CHECK(same_entry(entries[static_cast<std::size_t>(i)], entry_number(i)));
    const auto attempts = *ledger->find("one", "hash1", 1);
    REQUIRE(attempts.size() == 2);
    CHECK(same_entry(attempts[0], entry_number(2)));
    CHECK(same_entry(attempts[1], entry_number(3)));
    CHECK(ledger->find("one", "hash1", 0)->empty());
    CHECK(ledger->find("two", "hash1", 1)->empty());
    CHECK(*ledger->report("one") == "report");
    CHECK(ledger->report("two")->empty());
    CHECK(*ledger->runs() == std::vector<std::string>{"one", "two"});
  }
}

//! Killed at any call, a run goes on: the same report, nothing paid twice.
inline void check_killed_runs(const OpenLedger& open) {
  SharedCalls whole;
  const auto reference = optimize_in(open("whole"), whole.calls);
  REQUIRE(reference);
  const int all = whole.calls->made;
  REQUIRE(all > 60);
  for (const int killed_at : {0, 1, 17, all / 2, all - 1}) {
    CAPTURE(killed_at);
    const std::string name = "killed_" + std::to_string(killed_at);
    SharedCalls shared;
    shared.calls->dies_at = killed_at;
    const pid_t child = ::fork();
    if (child == 0) ::_exit(optimize_in(open(name), shared.calls) ? 0 : 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    shared.calls->dies_at = -1;
    const auto resumed = optimize_in(open(name), shared.calls);
    REQUIRE(resumed);
    CHECK(to_json(resumed->report) == to_json(reference->report));
    CHECK(shared.calls->made == all + 1);  // the one it died in had no answer yet
    CHECK(*(*open(name))->report("run") == to_json(reference->report));
  }
}

}  // namespace persona::test
