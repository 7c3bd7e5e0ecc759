//! One predictor's state in a DSPy file: what it says, and what has to be guessed.
#pragma once

#include "core/json_document.hpp"

#include <persona/prompt/predictor.hpp>

#include <string>
#include <vector>

namespace persona::prompt {

//! Inputs, `reasoning` where the predictor reasons, outputs: the order of DSPy.
std::vector<Field> dspy_fields(const Predictor& predictor);

//! "Question:", of the field's label or name.
std::string dspy_prefix(const Field& field);

//! The description, or DSPy's stand-in for none: "${question}".
std::string dspy_description(const Field& field);

//! A predictor whose fields are read out of prefixes, descriptions, demos and instructions; what is no more than
//! likely is noted. @errors invalid_argument: fields that cannot be told apart
Result<Predictor> guess_dspy_predictor(const Json& state, const JsonPath& path, std::vector<std::string>& notes);

//! Instructions, labels, descriptions, demos and sampling, over a predictor that knows its fields.
//! @errors invalid_argument: `path` points to what is wrong; unsupported: saved by DSPy 2.5 or before
Status read_dspy_state(const Json& state, const JsonPath& path, Predictor& predictor, std::vector<std::string>& notes);

//! That a state has a signature of fields with prefixes and descriptions. @errors as above
Status check_dspy_signature(const Json& state, const JsonPath& path);

Json dspy_state_of(const Predictor& predictor);

}  // namespace persona::prompt
