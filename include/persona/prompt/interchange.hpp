//! Prompts, programs and data of other tools: DSPy, LangChain, promptfoo, OpenAI evals.
#pragma once

#include <persona/core/result.hpp>
#include <persona/prompt/dataset.hpp>
#include <persona/prompt/predictor.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace persona::prompt {

//! Predictors out of another tool's file. What the file does not tell, and what it holds that a predictor has no
//! place for, is noted: "/classify/signature: read as ...". Nothing is guessed or left out without a word.
struct ImportedPredictors {
  std::vector<Predictor> predictors = {};
  std::vector<std::string> notes = {};
};

//! What DSPy 2.6 to 3 saves: `program.save("x.json")` writes `state`. It tells instructions, demos, and of each field
//! a heading and a description, but neither names nor types nor which are inputs. That stands in the sidecar, a
//! file of ours beside it, which stays right when DSPy saves the program again.
struct DspyFiles {
  std::string state = {};    //!< JSON
  std::string sidecar = {};  //!< JSON: {"persona_dspy": 1, "predictors": {"classify": "sentence -> kind, score: int"}}
};

//! Without a sidecar fields are named by their descriptions ("${question}"), demos or headings, have the types of the
//! values in demos, and are inputs as the instructions say, or up to `reasoning`, or all but the last: a note says
//! which. A bare `dspy.Predict` is called "predict".
//! @errors invalid_argument: `path` points to what is wrong; unsupported: DSPy 2.5 or before, a later sidecar
[[nodiscard]] PERSONA_EXPORT Result<ImportedPredictors> from_dspy(std::string_view state,
                                                                  std::string_view sidecar = {});

//! Into a program that knows its fields: `program.with(from_dspy(state, program.predictors())->predictors)`.
//! @errors as above; invalid_argument: other predictors, or another number of fields
[[nodiscard]] PERSONA_EXPORT Result<ImportedPredictors> from_dspy(std::string_view state, std::vector<Predictor> known);

//! For `load("x.json")` of a DSPy program with these predictors by their dotted names. One called "predict" that
//! does not reason is written as a bare `dspy.Predict`. What both files say is all there is: nothing is lost.
//! @errors invalid_argument: no predictors, a name twice, or one that DSPy keeps for itself
[[nodiscard]] PERSONA_EXPORT Result<DspyFiles> to_dspy(const std::vector<Predictor>& predictors);

//! A prompt of LangChain: what `langchain_core.load.dumps` writes, or `save` wrote: a PromptTemplate, a
//! ChatPromptTemplate or a FewShotPromptTemplate of f-strings or plain mustache. Lines "Question: {question}" at the
//! end become labelled inputs, examples demos, the rest instructions that name their slots; the words are kept, the
//! request is a predictor's. What `to_langchain` wrote comes back as it was.
//! @errors invalid_argument: `path` points to what is wrong; unsupported: jinja2, placeholders, code in slots
[[nodiscard]] PERSONA_EXPORT Result<ImportedPredictors> from_langchain(std::string_view json);

//! A ChatPromptTemplate for `langchain_core.load.loads`, which formats the very messages that `render` does.
//! @errors unsupported: a predictor of format `json`; invalid_argument: an input that no slot can be called by
[[nodiscard]] PERSONA_EXPORT Result<std::string> to_langchain(const Predictor& predictor);

//! What a promptfooconfig.yaml holds: prompts to compare, tests as examples, assertions as metrics.
struct PromptfooSuite {
  std::string description = {};
  std::vector<std::string> providers = {};  //!< "openai:gpt-4o-mini"
  std::vector<Predictor> predictors = {};   //!< one a prompt
  Dataset tests = {};                       //!< their variables are fields
  std::vector<std::string> metrics = {};    //!< as `Metric::name` says: "exact_match(kind)"
  std::vector<std::string> notes = {};      //!< of reading, as in `ImportedPredictors`
};

//! From JSON; a file of YAML is turned into JSON first, as `persona convert-prompt` does. Prompts are read as those of
//! LangChain; `equals`, `contains`, `icontains`, `regex` and `bleu` are metrics, what they expect is the variable they
//! name, else the field "answer".
//! @errors invalid_argument: `path` points to what is wrong; unsupported: prompts or tests in other files, filters
[[nodiscard]] PERSONA_EXPORT Result<PromptfooSuite> from_promptfoo(std::string_view json);

//! JSON, which is YAML. Each prompt is a chat with slots, expected values are variables too, and assertions take
//! their field out of the answer. promptfoo's `equals` minds case and full stops, which `exact_match` does not.
//! @errors unsupported: a metric that promptfoo has no assertion for, a predictor of format `json`, a value that
//!   promptfoo would evaluate; not_found: a metric's field is no output
[[nodiscard]] PERSONA_EXPORT Result<std::string> to_promptfoo(const PromptfooSuite& suite);

//! Under which names a sample's last user message and its ideal answer are fields.
struct EvalsNames {
  std::string question = "question", answer = "answer";
};

//! Samples of OpenAI evals: {"input": [messages] or text, "ideal": text or list}, one a line. What the system says is
//! the field `instructions`, turns between it and the question are `conversation`, and a list of ideals is `ideals`,
//! its first the answer. Other keys are fields.
//! @errors invalid_argument: the message names the line; unsupported: content that is not text
[[nodiscard]] PERSONA_EXPORT Result<Dataset> from_openai_evals(std::string_view jsonl, const EvalsNames& names = {});

//! The same samples again. @errors invalid_argument: an example without a question
[[nodiscard]] PERSONA_EXPORT Result<std::string> to_openai_evals(const Dataset& data, const EvalsNames& names = {});

//! Samples whose input is what the predictor would send; `ideal` is its last output, within an answer: for `Includes`.
//! @errors invalid_argument: an example lacks an input
[[nodiscard]] PERSONA_EXPORT Result<std::string> to_openai_evals(const Predictor& predictor, const Dataset& data);

}  // namespace persona::prompt
