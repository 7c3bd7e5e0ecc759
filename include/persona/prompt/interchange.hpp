//! Programs of other tools: what DSPy saves.
#pragma once

#include <persona/core/result.hpp>
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

}  // namespace persona::prompt
