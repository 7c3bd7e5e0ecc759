//! Programs and data of other tools.
#include "bind_prompt.hpp"
#include "fields_caster.hpp"
#include "llm/bind_fields.hpp"

#include <persona/prompt/interchange.hpp>

namespace persona::python {
namespace py = pybind11;
using namespace prompt;
namespace {

void bind_imports(py::module_& module) {
  bind_fields<ImportedPredictors>(
      module, "ImportedPredictors",
      "Predictors out of another tool's file; notes say what it did not tell and what was left out.",
      field("predictors", &ImportedPredictors::predictors), field("notes", &ImportedPredictors::notes));
  bind_fields<DspyFiles>(module, "DspyFiles", "A DSPy state as JSON, and a sidecar that tells names, types and inputs.",
                         field("state", &DspyFiles::state), field("sidecar", &DspyFiles::sidecar));
  bind_fields<PromptfooSuite>(
      module, "PromptfooSuite", "Prompts to compare, tests as examples, assertions as metrics: \"exact_match(kind)\".",
      field("description", &PromptfooSuite::description), field("providers", &PromptfooSuite::providers),
      field("predictors", &PromptfooSuite::predictors), field("tests", &PromptfooSuite::tests),
      field("metrics", &PromptfooSuite::metrics), field("notes", &PromptfooSuite::notes));
}

void bind_programs(py::module_& module) {
  module.def(
      "from_dspy",
      [](const std::string& state, const std::string& sidecar, std::optional<std::vector<Predictor>> known) {
        return unwrap(known ? from_dspy(state, *std::move(known)) : from_dspy(state, sidecar));
      },
      py::arg("state"), py::arg("sidecar") = "", py::arg("known") = py::none(),
      "What DSPy 2.6 to 3 saved. known: predictors that know their fields, of the program it is read for; else the "
      "sidecar\ntells them, or they are guessed, with a note.\n\n"
      "Raises InvalidArgument: with the path of what is wrong, or other predictors; Unsupported: DSPy 2.5 or before.");
  module.def("to_dspy", &to_dspy, py::arg("predictors"),
             "For load() of a DSPy program with these predictors by their dotted names; a lone \"predict\" that does "
             "not\nreason is a bare dspy.Predict. Raises InvalidArgument: a name twice, or one DSPy keeps for itself.");
  module.def("from_langchain", &from_langchain, py::arg("json"),
             "A PromptTemplate, ChatPromptTemplate or FewShotPromptTemplate, of dumps() or save().\n\n"
             "Raises InvalidArgument: with the path; Unsupported: jinja2, placeholders, code in slots.");
  module.def(
      "to_langchain", &to_langchain, py::arg("predictor"),
      "A ChatPromptTemplate for langchain_core.load.loads.\n\nRaises Unsupported: a predictor of format 'json'.");
}

void bind_suites(py::module_& module) {
  module.def("from_promptfoo", &from_promptfoo, py::arg("json"),
             "A promptfooconfig as JSON; of YAML, json.dumps(yaml.safe_load(text)).\n\n"
             "Raises InvalidArgument: with the path; Unsupported: prompts or tests in other files, filters.");
  module.def(
      "to_promptfoo", &to_promptfoo, py::arg("suite"),
      "JSON, which is YAML. Raises Unsupported: a metric without an assertion, a value promptfoo would evaluate.");
  module.def(
      "from_openai_evals",
      [](const std::string& jsonl, std::string question, std::string answer) {
        return unwrap(from_openai_evals(jsonl, {std::move(question), std::move(answer)}));
      },
      py::arg("jsonl"), py::arg("question") = "question", py::arg("answer") = "answer",
      "Samples {\"input\": [messages] or text, \"ideal\": text or list}, one a line, as examples.\n\n"
      "Raises InvalidArgument: the message names the line; Unsupported: content that is not text.");
  module.def(
      "to_openai_evals",
      [](const Dataset& data, const Predictor* predictor, std::string question, std::string answer) {
        return unwrap(predictor != nullptr ? to_openai_evals(*predictor, data)
                                           : to_openai_evals(data, {std::move(question), std::move(answer)}));
      },
      py::arg("data"), py::arg("predictor") = py::none(), py::arg("question") = "question",
      py::arg("answer") = "answer",
      "JSON lines. predictor: the input is what it would send.\n\nRaises InvalidArgument: an example lacks an input.");
}

}  // namespace

void bind_interchange(py::module_& module) {
  bind_imports(module);
  bind_programs(module);
  bind_suites(module);
}

}  // namespace persona::python
