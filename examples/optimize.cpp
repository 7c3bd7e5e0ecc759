//! Makes a prompt program better, and proves it: offline, on plain facts.
#include <persona/llm/offline.hpp>
#include <persona/prompt_optimizer.hpp>

#include <iostream>

using namespace persona;

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: " << argv[0] << " DATA.jsonl\n";
    return 2;
  }
  // [optimize]
  auto data = prompt::read_dataset(argv[1]);
  auto program = prompt::predict("sentence -> kind: 'animal'|'plant'|'tool'");
  if (!data || !program) return 1;
  auto parts = prompt::split(*data, 0.4, 0.6);

  PromptOptimizer optimizer({.program = *program,
                             .train = parts->train,
                             .validation = parts->validation,
                             .metric = prompt::exact_match("kind")},
                            {.model = llm::offline(), .model_name = "offline", .budget = {.calls = 2000}});
  auto better = optimizer.optimize();
  if (!better) {
    std::cerr << to_string(better.error()) << "\n";
    return 1;
  }
  const auto& report = better->report;
  std::cout << report.certificate.verdict << "\n"
            << "score " << report.corrected_score.value << " [" << report.corrected_score.lower << ", "
            << report.corrected_score.upper << "], " << report.spent.calls << " calls\n";
  // [optimize]
  return report.spent.calls <= 2000 ? 0 : 1;
}
