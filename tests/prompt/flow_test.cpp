//! What a flow asks of other models is reserved, capped and kept.
#include <persona/llm/price.hpp>
#include <persona/prompt/evaluation.hpp>
#include <persona/prompt/optimizers/knn_few_shot.hpp>
#include <persona/prompt/session.hpp>
#include <persona/prompt_optimizer.hpp>
#include <persona/testing/scripted_provider.hpp>

#include <doctest/doctest.h>

#include <atomic>

using namespace persona;
using namespace persona::prompt;

namespace {

constexpr std::int64_t embedded_text_tokens = 3;

// A vector of each text's size; counts what it is asked.
class CountingEmbedder final : public llm::LLMProvider {
 public:
  std::string name() const override { return "counting"; }
  llm::Capabilities capabilities(std::string_view) const override { return {.embeddings = true}; }
  Result<llm::Reply> complete(const llm::Request&, const Context&) override {
    ++calls;
    return testing::says("[[ ## answer ## ]]\nyes").reply;
  }
  Result<llm::Embeddings> embed(const llm::EmbedRequest& request, const Context&) override {
    ++calls;
    if (outages-- > 0) return tl::unexpected(testing::fails(503).reply.error());
    texts += static_cast<int>(request.inputs.size());
    llm::Embeddings embeddings;
    for (const std::string& input : request.inputs) embeddings.vectors.push_back({1, static_cast<float>(input.size())});
    embeddings.usage.input = embedded_text_tokens * static_cast<std::int64_t>(request.inputs.size());
    embeddings.cost = Money{100 * embeddings.usage.input};
    return embeddings;
  }

  std::atomic<int> calls = 0, texts = 0, outages = 0;
};

Dataset questions(std::size_t first, std::size_t count) {
  std::vector<Example> examples;
  for (std::size_t i = first; i < first + count; ++i)
    examples.push_back({.id = "e" + std::to_string(i),
                        .fields = {{"question", "what is " + std::to_string(i)}, {"answer", std::string("yes")}}});
  return *Dataset::make(std::move(examples));
}

struct Asked {
  std::atomic<std::int64_t> calls = 0;
};

SessionOptions options_of(Asked& asked, std::shared_ptr<RunLedger> ledger, Budget budget) {
  SessionOptions options;
  options.model = std::make_shared<testing::ScriptedProvider>([&asked](const llm::Request&) {
    ++asked.calls;
    return testing::says("[[ ## answer ## ]]\nyes").reply;
  });
  options.model_name = "scripted";
  options.ledger = std::move(ledger);
  options.budget = budget;
  return options;
}

// 70 examples are two calls of the embedder.
Program nearest(const std::shared_ptr<CountingEmbedder>& embedder) {
  return with_nearest_demos(*predict("question -> answer"), questions(100, 70), 2, embedder, "vectors");
}

}  // namespace

TEST_CASE("what an embedder of demos takes is counted, kept and never asked again") {
  const auto ledger = memory_run_ledger();
  for (const bool is_resumed : {false, true}) {
    CAPTURE(is_resumed);
    Asked asked;
    const auto embedder = std::make_shared<CountingEmbedder>();
    const auto session = *Session::open(options_of(asked, ledger, {.calls = 1000}));
    const auto evaluated = evaluate(nearest(embedder), questions(0, 5), *exact_match(), *session);
    REQUIRE(evaluated);
    CHECK(evaluated->score.value == 1);
    CHECK(evaluated->calls == 10);        // five questions embedded, five answered
    CHECK(session->spent().calls == 12);  // and the examples
    CHECK(session->spent().replayed_calls == (is_resumed ? 12 : 0));
    CHECK(asked.calls + embedder->calls == (is_resumed ? 0 : 12));
    CHECK(embedder->texts == (is_resumed ? 0 : 75));
  }
  std::size_t of_flow = 0;
  const auto entries = *ledger->entries("run");
  for (const LedgerEntry& entry : entries) of_flow += entry.role == "flow" ? 1 : 0;
  CHECK(entries.size() == 12);
  CHECK(of_flow == 7);
}

TEST_CASE("an embedder of demos never passes the cap in calls") {
  for (std::int64_t calls = 0; calls <= 13; ++calls) {
    CAPTURE(calls);
    Asked asked;
    const auto embedder = std::make_shared<CountingEmbedder>();
    const auto session = *Session::open(options_of(asked, nullptr, {.calls = calls}));
    const auto evaluated = evaluate(nearest(embedder), questions(0, 5), *exact_match(), *session);
    CHECK(evaluated.has_value() == (calls >= 12));
    CHECK(asked.calls + embedder->calls <= calls);
    CHECK(session->spent().calls == asked.calls + embedder->calls);
  }
}

TEST_CASE("an embedder of demos never passes a cap in tokens or in money") {
  const auto reply = testing::says("[[ ## answer ## ]]\nyes").reply;
  const std::int64_t of_reply = reply->usage.input + reply->usage.output;
  const auto prices = std::make_shared<const llm::PriceTable>(
      std::vector<llm::Price>{{.model = "counting/vectors", .standard = {.input = Money{100}}},
                              {.model = "scripted/scripted", .standard = {.input = Money{10}, .output = Money{10}}}});
  bool ended_early = false, ended_well = false;
  for (const std::int64_t cap : {100, 1000, 2000, 5000, 20000, 200000}) {
    for (const bool of_money : {false, true}) {
      CAPTURE(cap);
      CAPTURE(of_money);
      Asked asked;
      const auto embedder = std::make_shared<CountingEmbedder>();
      auto options = options_of(asked, nullptr, {});
      options.prices = prices;
      if (of_money) {
        options.budget.money = Money{10 * cap};
      } else {
        options.budget.tokens = cap;
      }
      const auto session = *Session::open(options);
      const auto evaluated = evaluate(nearest(embedder), questions(0, 5), *exact_match(), *session);
      const std::int64_t tokens = embedded_text_tokens * embedder->texts + of_reply * asked.calls;
      CHECK(session->spent().tokens == tokens);
      if (of_money) {
        CHECK(session->spent().money <= Money{10 * cap});
      } else {
        CHECK(tokens <= cap);
      }
      (evaluated ? ended_well : ended_early) = true;
    }
  }
  CHECK(ended_early);
  CHECK(ended_well);
}

TEST_CASE("a budget of money needs the embedder's price") {
  Asked asked;
  auto options = options_of(asked, nullptr, {.money = Money{1'000'000'000}});
  options.prices = std::make_shared<const llm::PriceTable>(
      std::vector<llm::Price>{{.model = "scripted/scripted", .standard = {.input = Money{10}, .output = Money{10}}}});
  const auto session = *Session::open(options);
  const auto embedder = std::make_shared<CountingEmbedder>();
  const auto evaluated = evaluate(nearest(embedder), questions(0, 5), *exact_match(), *session);
  REQUIRE_FALSE(evaluated);
  CHECK(evaluated.error().code == Errc::unsupported);
  CHECK(evaluated.error().message.find("vectors") != std::string::npos);
  CHECK(embedder->calls + asked.calls == 0);
}

TEST_CASE("votes and ensembles over nearest demos take what they said") {
  Asked asked;
  const auto embedder = std::make_shared<CountingEmbedder>();
  const auto both = ensemble({majority(nearest(embedder), 3), *predict("question -> answer")});
  REQUIRE(both);
  const auto session = *Session::open(options_of(asked, nullptr, {.calls = 1000}));
  const auto evaluated = evaluate(*both, questions(0, 4), *exact_match(), *session);
  REQUIRE(evaluated);
  CHECK(evaluated->failures == 0);
  CHECK(session->spent().calls == asked.calls + embedder->calls);
  CHECK(embedder->calls == 2 + 4);  // the same question is embedded once, however many vote
}

TEST_CASE("a flow that asks another model more than it said is an error") {
  const auto embedder = std::make_shared<CountingEmbedder>();
  const Flow flow = [embedder](Run& run, const Fields& inputs) -> Result<Fields> {
    auto vectors = run.through(embedder, "vectors")->embed({.inputs = {"one", "two"}}, run.context());
    if (!vectors) return tl::unexpected(vectors.error());
    return run.predict("predict", inputs);
  };
  const auto predictors = predict("question -> answer")->predictors();
  for (const bool is_said : {false, true}) {
    CAPTURE(is_said);
    Asked asked;
    FlowNeeds needs;
    if (is_said) needs.load = {{.model = embedder, .model_name = "vectors", .bytes = 6}};
    const auto session = *Session::open(options_of(asked, nullptr, {.calls = 100}));
    const auto evaluated = evaluate(*Program::make(predictors, flow, needs), questions(0, 2), *exact_match(), *session);
    CHECK(evaluated.has_value() == is_said);
    if (!is_said) CHECK(evaluated.error().message.find("load") != std::string::npos);
  }
}

TEST_CASE("an outage of the embedder is tried again, and its failures count") {
  Asked asked;
  const auto embedder = std::make_shared<CountingEmbedder>();
  embedder->outages = 2;
  const auto session = *Session::open(options_of(asked, nullptr, {.calls = 1000}));
  const auto evaluated = evaluate(nearest(embedder), questions(0, 2), *exact_match(), *session);
  REQUIRE(evaluated);
  CHECK(session->spent().calls == 2 + 2 + 2 * 2);
  CHECK(session->spent().calls == asked.calls + embedder->calls);
}

TEST_CASE("similarity of embeddings as a metric never passes the cap") {
  for (std::int64_t calls = 0; calls <= 11; ++calls) {
    CAPTURE(calls);
    Asked asked;
    const auto embedder = std::make_shared<CountingEmbedder>();
    const auto session = *Session::open(options_of(asked, nullptr, {.calls = calls}));
    const auto evaluated =
        evaluate(*predict("question -> answer"), questions(0, 5), *embedding_similarity(embedder, "vectors"), *session);
    CHECK(evaluated.has_value() == (calls >= 7));  // all answers are the same: their pair is embedded once
    CHECK(asked.calls + embedder->calls <= calls);
  }
}

TEST_CASE("a whole search with an embedder keeps its cap, and its forecast knows of it") {
  Asked asked;
  const auto embedder = std::make_shared<CountingEmbedder>();
  const Task task{.program = *predict("question -> answer"), .train = questions(0, 60), .metric = exact_match()};
  const PromptOptimizer optimizer(task, options_of(asked, nullptr, {.calls = 60}),
                                  {.optimizer = knn_few_shot({.embedder = embedder, .embedding_model = "vectors"})});
  const auto told = optimizer.forecast();
  REQUIRE(told);
  const PromptOptimizer without(task, options_of(asked, nullptr, {.calls = 60}), {.optimizer = knn_few_shot()});
  CHECK(told->calls.value > without.forecast()->calls.value);
  const auto made = optimizer.optimize();
  REQUIRE(made);
  CHECK(embedder->calls > 0);
  CHECK(asked.calls + embedder->calls <= 60);
  CHECK(made->report.spent.calls == asked.calls + embedder->calls);
}
