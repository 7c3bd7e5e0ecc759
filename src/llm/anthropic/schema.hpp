//! JSON Schemas as Anthropic's structured output wants them.
#pragma once

#include "core/json_document.hpp"

#include <string>
#include <vector>

namespace persona::llm::anthropic_api {

//! Keeps what the provider enforces and tells the model the rest in descriptions; closes objects.
//! @param warnings  gets what a document of the original could hold and this one's cannot
//! @source{Anthropic, Structured outputs: JSON Schema limitations}
Json enforced_schema(const Json& schema, std::vector<std::string>& warnings);

}  // namespace persona::llm::anthropic_api
