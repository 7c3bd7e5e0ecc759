//! A predictor of a DSPy program as a prompt of LangChain.
#include <persona/prompt/interchange.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

using namespace persona;

int main(int, char** argv) {
  std::ifstream file(argv[1]);
  const std::string state{std::istreambuf_iterator<char>(file), {}};

  // [convert]
  const auto imported = prompt::from_dspy(state);  // what program.save("x.json") wrote
  if (!imported) {
    std::cerr << to_string(imported.error()) << "\n";
    return 1;
  }
  for (const auto& note : imported->notes) std::cerr << "note: " << note << "\n";
  const auto written = prompt::to_langchain(imported->predictors.front());  // for langchain_core.load.loads
  // [convert]
  std::cout << written.value_or("");
  return written ? 0 : 1;
}
