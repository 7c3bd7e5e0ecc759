//! How a predictor speaks to a model, in each format.
#pragma once

#include <persona/prompt/predictor.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace persona::prompt {

//! The outputs, after `reasoning` where the predictor reasons.
std::vector<Field> written_fields(const Predictor& predictor);

//! "Question" of "question", or the field's own label.
std::string label_of(const Field& field);

//! The system message: fields, form, objective.
std::string system_text(const Predictor& predictor);

//! Inputs as a user's turn. Fields without a value are left out.
std::string inputs_text(const Predictor& predictor, const Fields& inputs, std::string_view note = {});

//! Outputs as the assistant's turn.
std::string outputs_text(const Predictor& predictor, const Fields& outputs);

//! JSON Schema of the outputs.
std::string outputs_schema(const Predictor& predictor);

//! The instructions, or what stands for them.
std::string objective_text(const Signature& signature);

}  // namespace persona::prompt
