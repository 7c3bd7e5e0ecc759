//! What the nearest examples say.
#pragma once

#include "core/json_document.hpp"
#include "prompt_reading.hpp"

#include <persona/llm/schema.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace persona::llm {

//! The answer with the most weight. @param reading  has examples
std::string vote_text(const PromptReading& reading, std::size_t neighbours);

//! The same in each property of the schema, from examples that answered with JSON, with labelled lines, or with the
//! bare value of the only property. Properties that nobody votes on are made up where they are required, else left out.
Json vote_document(const PromptReading& reading, std::size_t neighbours, const Json& schema, std::uint64_t seed);

//! The document with members of another in place of those that have issues or are missing.
Json mended(Json document, const Json& with, const std::vector<SchemaIssue>& issues);

}  // namespace persona::llm
