//! Programs and data of other tools.
#pragma once

#include <persona/core/result.hpp>
#include <persona/prompt/dataset.hpp>
#include <persona/prompt/program.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace persona::prompt {

//! A program saved by DSPy, and what it does not say: a sidecar with the roles of the fields. Without
//! one, the last field is the output.
//! @errors invalid_argument: `path` points to what is wrong
[[nodiscard]] PERSONA_EXPORT Result<std::vector<Predictor>> from_dspy(std::string_view json,
                                                                      std::string_view sidecar = {});
struct DspyProgram {
  std::string json = {}, sidecar = {};
};
PERSONA_EXPORT DspyProgram to_dspy(const std::vector<Predictor>& predictors);

//! Prompts, and test cases as examples whose "expected" is the value of `equals`.
struct PromptfooSuite {
  std::vector<std::string> prompts = {}, providers = {};
  Dataset tests = {};
};
//! @errors invalid_argument; unsupported: a template that is code (filters, blocks)
[[nodiscard]] PERSONA_EXPORT Result<PromptfooSuite> from_promptfoo(std::string_view yaml);
PERSONA_EXPORT std::string to_promptfoo(const PromptfooSuite& suite);

//! f-string templates; jinja2 is refused, it is code. @errors invalid_argument, unsupported
[[nodiscard]] PERSONA_EXPORT Result<Predictor> from_langchain(std::string_view json);
PERSONA_EXPORT std::string to_langchain(const Predictor& predictor);

//! OpenAI evals samples: chat inputs and "ideal". @errors invalid_argument: the message names the line
[[nodiscard]] PERSONA_EXPORT Result<Dataset> from_openai_evals(std::string_view jsonl);
PERSONA_EXPORT std::string to_openai_evals(const Predictor& predictor, const Dataset& data);

}  // namespace persona::prompt
