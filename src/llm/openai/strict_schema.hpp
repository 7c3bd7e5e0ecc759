//! JSON Schemas as OpenAI's strict mode wants them.
#pragma once

#include "core/json_document.hpp"

#include <string>
#include <vector>

namespace persona::llm::openai_api {

//! Every document of the strict schema is one of the schema it was made from, not the other way round.
struct StrictSchema {
  Json schema = {};
  std::vector<std::string> warnings = {};  //!< what it asks for beyond the original
};

//! Closes objects, requires all their keys, inlines references that have siblings, unwraps an `allOf` of
//! one, leaves out defaults.
//! @errors unsupported: strict mode has no word for it; `path` points into the schema
//! @source{OpenAI, Structured Outputs: supported schemas}
Result<StrictSchema> strict_schema(const Json& schema);

}  // namespace persona::llm::openai_api
