//! Predictors as JSON trees.
#pragma once

#include "core/json_document.hpp"

#include <persona/prompt/predictor.hpp>

namespace persona::prompt {

Json json_of(const Signature& signature);
Json json_of(const Predictor& predictor);

//! @errors invalid_argument: `path` points to what is wrong
Result<Predictor> predictor_from(const Json& json, const JsonPath& path);

}  // namespace persona::prompt
