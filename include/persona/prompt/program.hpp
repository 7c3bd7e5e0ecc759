//! Predictors put together into something that answers.
#pragma once

#include <persona/core/context.hpp>
#include <persona/llm/provider.hpp>
#include <persona/prompt/dataset.hpp>
#include <persona/prompt/flow.hpp>
#include <persona/prompt/predictor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace persona::prompt {

//! One step of a run.
struct Step {
  std::string predictor = {};
  Fields inputs = {}, outputs = {};
  bool operator==(const Step&) const = default;
};

//! What a program answered, and what it took.
struct Prediction {
  Fields outputs = {};
  std::vector<Step> trace = {};
  std::int64_t calls = 0;
  llm::Usage usage = {};
  std::optional<Money> cost = Money{};  //!< none: a price is not known
  std::chrono::microseconds latency{0};
};

//! Predictors and their flow. A value: optimizers make changed copies.
class Program {
 public:
  //! @errors invalid_argument: no predictor, a name twice, a field without a name
  [[nodiscard]] PERSONA_EXPORT static Result<Program> make(std::vector<Predictor> predictors, Flow flow = {},
                                                           FlowNeeds needs = {});

  const std::vector<Predictor>& predictors() const { return predictors_; }
  const FlowNeeds& needs() const { return needs_; }
  int most_calls() const { return needs_.most_calls; }
  //! The same flow with other instructions and demos. @errors invalid_argument: other names
  [[nodiscard]] PERSONA_EXPORT Result<Program> with(std::vector<Predictor> predictors) const;

  //! @param sample  0 is the plain run; others sample again, at temperature 1 where it is 0
  //! @param lend    who answers for the other models of the flow; none: they do
  [[nodiscard]] PERSONA_EXPORT Result<Prediction> run(llm::LLMProvider& model, std::string_view model_name,
                                                      const Fields& inputs, int sample = 0, const Context& context = {},
                                                      const Lend& lend = {}) const;

  //! Predictors alone; the flow is code. @errors of parse: as `with`, and invalid_argument with a path
  PERSONA_EXPORT std::string to_json() const;
  [[nodiscard]] PERSONA_EXPORT Result<Program> load(std::string_view json) const;
  //! Of the predictors. SHA-256.
  PERSONA_EXPORT std::string hash() const;

 private:
  friend PERSONA_EXPORT Flow flow_of(const Program& program);
  Program(std::vector<Predictor> predictors, std::shared_ptr<const Flow> flow, FlowNeeds needs);

  std::vector<Predictor> predictors_;
  std::shared_ptr<const Flow> flow_;  // null: the first predictor, asked once
  FlowNeeds needs_;
};

//! A program of one predictor, as `Program::to_json` wrote it.
//! @errors as `Program::load`; unsupported: several predictors, whose flow is code
[[nodiscard]] PERSONA_EXPORT Result<Program> parse_program(std::string_view json);

//! The predictors of such a document, however many, without their flow.
[[nodiscard]] PERSONA_EXPORT Result<std::vector<Predictor>> parse_predictors(std::string_view json);

//! The flow of a program, to be built into another's.
PERSONA_EXPORT Flow flow_of(const Program& program);

//! One question, one answer.
[[nodiscard]] PERSONA_EXPORT Result<Program> predict(Signature signature);
//! The same, thinking aloud first.
[[nodiscard]] PERSONA_EXPORT Result<Program> chain_of_thought(Signature signature);
//! From "question -> answer". @errors invalid_argument: as `parse_signature`
[[nodiscard]] PERSONA_EXPORT Result<Program> predict(std::string_view signature, std::string instructions = {});
[[nodiscard]] PERSONA_EXPORT Result<Program> chain_of_thought(std::string_view signature,
                                                              std::string instructions = {});

//! A function the model may call while it works.
struct ToolFunction {
  std::string name = {}, description = {};
  std::vector<Field> inputs = {};
  std::function<Result<std::string>(const Fields&)> call = {};
};
//! Thinks, calls tools and looks at what they say, then answers. @source{Yao et al. 2023, ReAct}
[[nodiscard]] PERSONA_EXPORT Result<Program> with_tools(Signature signature, std::vector<ToolFunction> tools,
                                                        int most_steps = 5);

//! What must hold of an answer; the message tells the model what to mend.
using Assertion = std::function<std::optional<std::string>(const Fields& inputs, const Fields& outputs)>;
//! Asks again, with the complaint, until it holds or the tries are used up (`invalid_output`).
PERSONA_EXPORT Program asserted(Program program, Assertion assertion, int tries = 3);

//! Runs a program `votes` times and takes the most common value of each output.
PERSONA_EXPORT Program majority(Program program, int votes = 5);
//! Runs all, and takes the most common value of each output; ties go to the first.
[[nodiscard]] PERSONA_EXPORT Result<Program> ensemble(std::vector<Program> programs);

//! For each input, the k nearest examples as demos, by words and 3-grams, or by an embedder: the examples before
//! the first run, 64 a call, then one call a run. Within a session these calls are reserved, capped and kept as all
//! are.
PERSONA_EXPORT Program with_nearest_demos(Program program, Dataset examples, int k, llm::Provider embedder = {},
                                          std::string embedding_model = {});

}  // namespace persona::prompt
