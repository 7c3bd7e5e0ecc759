//! Conversations as Gemini takes them.
#pragma once

#include "core/json_document.hpp"

#include <persona/llm/request.hpp>

#include <string>
#include <vector>

namespace persona::llm::gemini_api {

//! Turns of user and model, each a list of parts. System messages are left out.
Result<Json> turns_of(const Request& request);

//! All system messages; null where there are none.
Json system_of(const Request& request, std::vector<std::string>& warnings);

}  // namespace persona::llm::gemini_api
