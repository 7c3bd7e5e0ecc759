//! What an evaluation takes besides the model: rendering, keeping, reading, judging.
#include "report.hpp"

#include <persona/prompt/evaluation.hpp>
#include <persona/prompt/session.hpp>

#include <cstdlib>

using namespace persona;
using namespace persona::bench;

namespace {

prompt::Dataset questions(std::size_t count) {
  std::vector<prompt::Example> examples;
  for (std::size_t i = 0; i < count; ++i)
    examples.push_back({.id = std::to_string(i),
                        .fields = {{"question", "What is the capital of country number " + std::to_string(i) + "?"},
                                   {"answer", std::string("town")}}});
  return *prompt::Dataset::make(std::move(examples));
}

// As little as a model can do.
class Instant final : public llm::LLMProvider {
 public:
  std::string name() const override { return "instant"; }
  llm::Capabilities capabilities(std::string_view) const override { return {}; }
  Result<llm::Reply> complete(const llm::Request&, const Context&) override {
    llm::Reply reply;
    reply.text = "[[ ## answer ## ]]\ntown";
    reply.usage = {.input = 60, .output = 8};
    return reply;
  }
};

}  // namespace

int main() {
  constexpr std::size_t count = 20'000;
  const auto data = questions(count);
  const auto program = *prompt::predict("question -> answer");
  const auto metric = prompt::exact_match();
  double best = 1e300;
  for (int round = 0; round < 5; ++round) {
    prompt::SessionOptions options;
    options.model = std::make_shared<Instant>();
    options.model_name = "instant";
    options.parallelism = {1};
    const auto session = *prompt::Session::open(std::move(options));
    const double spent = cpu_ms([&] {
      const auto evaluated = prompt::evaluate(program, data, *metric, *session);
      if (!evaluated || evaluated->score.value != 1) std::abort();
    });
    best = std::min(best, spent);
  }
  const bool passed = report({"prompt_evaluation_overhead", 1e3 * best / count, "us CPU an example", "allowed", 20, 1});
  return passed ? 0 : 1;
}
