//! Answers to questions that mean the same.
#include <persona/llm/semantic_cache.hpp>
#include <persona/testing/fake_clock.hpp>
#include <persona/testing/scripted_provider.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <map>

using namespace persona;
using namespace persona::llm;
using persona::testing::says;
using persona::testing::ScriptedProvider;

namespace {

//! Texts with one first word lie near each other; "far" lies far off.
class WordEmbedder final : public LLMProvider {
 public:
  std::string name() const override { return "words"; }
  Capabilities capabilities(std::string_view) const override { return {.embeddings = true}; }
  Result<Reply> complete(const Request&, const Context&) override { return fail(Errc::unsupported, "only words"); }
  Result<Embeddings> embed(const EmbedRequest& request, const Context&) override {
    Embeddings embeddings;
    for (const std::string& text : request.inputs) {
      if (text.starts_with("broken")) return fail(Errc::unavailable, "no embeddings today");
      const float small = static_cast<float>(text.size()) / 1000;
      embeddings.vectors.push_back(text.starts_with("far") ? std::vector<float>{small, 3}
                                                           : std::vector<float>{2, small});
    }
    return embeddings;
  }
};

Request question(std::string text) {
  Request request{.model = "m", .messages = {Message::system("Be brief."), Message::user(std::move(text))}};
  request.call.cache = CachePolicy{};
  return request;
}

struct Setup {
  std::shared_ptr<testing::FakeClock> clock = std::make_shared<testing::FakeClock>();
  std::shared_ptr<ScriptedProvider> script = std::make_shared<ScriptedProvider>(
      [n = 0](const Request&) mutable { return *says("answer " + std::to_string(++n)).reply; });
  std::shared_ptr<SemanticCache> provider;

  explicit Setup(SemanticCacheOptions options = {.shadow = false}) {
    options.embedder = std::make_shared<WordEmbedder>();
    options.clock = clock;
    provider = semantically_cached(script, std::move(options));
  }
  std::string ask(const Request& request) { return provider->complete(request)->text; }
};

}  // namespace

TEST_CASE("a question in other words gets the answer that was bought, and says so") {
  Setup setup;
  CHECK(setup.ask(question("how do I reset it")) == "answer 1");
  const auto hit = setup.provider->complete(question("what is the way to reset it"));
  REQUIRE(hit);
  CHECK(hit->text == "answer 1");
  CHECK(hit->source == Source::semantic_cache);
  CHECK(hit->cost == Money{});
  CHECK(setup.ask(question("far away is what")) == "answer 2");
  std::string shown;
  const auto streamed = setup.provider->stream(question("how to reset it"), [&](const Delta& delta) -> Status {
    shown += std::get<TextDelta>(delta).text;
    return {};
  });
  CHECK(shown == "answer 1");
  CHECK(setup.provider->counts().lookups == 4);
  CHECK(setup.provider->counts().hits == 2);
}

TEST_CASE("in shadow it counts and never answers") {
  Setup setup(SemanticCacheOptions{});
  CHECK(setup.ask(question("how do I reset it")) == "answer 1");
  CHECK(setup.ask(question("what is the way to reset it")) == "answer 2");
  CHECK(setup.provider->counts().hits == 1);
}

TEST_CASE("near in meaning is not enough where the words differ") {
  Setup setup;
  CHECK(setup.ask(question("a poem about 48211")) == "answer 1");
  CHECK(setup.ask(question("a poem about 9034")) == "answer 2");
  CHECK(setup.provider->counts().guarded == 1);
  CHECK(setup.ask(question("poem about 48211 please")) == "answer 1");
}

TEST_CASE("all else of the request must be equal") {
  Setup setup;
  CHECK(setup.ask(question("how do I reset it")) == "answer 1");
  int bought = 1;
  for (const auto& change : std::vector<std::function<void(Request&)>>{
           [](Request& r) { r.model = "n"; }, [](Request& r) { r.call.tenant = "t"; },
           [](Request& r) { r.messages[0] = Message::system("Be long."); },
           [](Request& r) { r.json = JsonFormat{.schema = "{}"}; }, [](Request& r) { r.temperature = 1; },
           [](Request& r) {
             r.tools = {{"f", "", ""}};
           }}) {
    Request request = question("how to reset it");
    change(request);
    CHECK(setup.ask(request) == "answer " + std::to_string(++bought));
  }
}

TEST_CASE("only calls that say so are looked up, and only questions of text") {
  Setup setup;
  Request request = question("how do I reset it");
  request.call.cache.reset();
  request.temperature = 0;
  CHECK(setup.ask(request) == "answer 1");
  CHECK(setup.ask(request) == "answer 2");
  request = question("how do I reset it");
  request.messages.back().parts.push_back(Image{"image/png", "x", {}});
  CHECK(setup.ask(request) == "answer 3");
  CHECK(setup.ask(request) == "answer 4");
  CHECK(setup.provider->counts().lookups == 0);
}

TEST_CASE("answers age, are crowded out, and an embedder that fails is passed by") {
  Setup setup({.most_entries = 2, .time_to_live = std::chrono::seconds(100), .shadow = false});
  CHECK(setup.ask(question("how do I reset it")) == "answer 1");
  Request fresh = question("how do I reset it");
  fresh.call.cache->max_age = std::chrono::seconds(10);
  setup.clock->advance(std::chrono::seconds(50));
  CHECK(setup.ask(fresh) == "answer 2");
  setup.clock->advance(std::chrono::seconds(60));
  CHECK(setup.ask(question("how do I reset it")) == "answer 2");
  CHECK(setup.ask(question("far away")) == "answer 3");
  CHECK(setup.ask(question("far and 3")) == "answer 4");
  CHECK(setup.ask(question("how do I reset it")) == "answer 5");
  const auto unassisted = setup.provider->complete(question("broken"));
  CHECK(unassisted->text == "answer 6");
  CHECK(unassisted->warnings.size() == 1);
}

TEST_CASE("the bound of the false-hit rate is Clopper and Pearson's") {
  SemanticCacheOptions options{.embedder = std::make_shared<WordEmbedder>()};
  std::vector<LabelledPair> pairs(300, {"near this", "near that", true});
  // None of n: 1 - 0.05^(1/n).
  auto rate = false_hit_rate(pairs, options);
  REQUIRE(rate);
  CHECK(rate->hits == 300);
  CHECK(rate->false_hits == 0);
  CHECK(rate->upper == doctest::Approx(1 - std::pow(0.05, 1.0 / 300)).epsilon(1e-9));
  CHECK(rate->upper < 0.01);
  pairs.resize(10, {});
  pairs[3].same = false;
  rate = false_hit_rate(pairs, options);
  // One of ten: P(at most 1 of 10) = 0.05 at the bound.
  const double p = rate->upper;
  CHECK(std::pow(1 - p, 10) + 10 * p * std::pow(1 - p, 9) == doctest::Approx(0.05).epsilon(1e-9));
  pairs = {{"near 1", "near 2", false}, {"near", "far", false}};
  rate = false_hit_rate(pairs, options);
  CHECK(rate->hits == 0);
  CHECK(rate->upper == 1);
  CHECK(false_hit_rate(pairs, {}).error().code == Errc::invalid_argument);
  pairs.push_back({"broken", "x", true});
  CHECK(false_hit_rate(pairs, options).error().code == Errc::unavailable);
}
