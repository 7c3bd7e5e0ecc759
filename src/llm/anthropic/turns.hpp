//! Conversations as Anthropic takes them.
#pragma once

#include "core/json_document.hpp"

#include <persona/llm/request.hpp>

#include <string>
#include <vector>

namespace persona::llm::anthropic_api {

//! Turns of user and assistant in alternation, each a list of blocks; results of tools are the user's and
//! come first in their turn. System messages are left out.
Result<Json> turns_of(const Request& request);

//! All system messages, as they stand on their own.
std::string system_of(const Request& request, std::vector<std::string>& warnings);

}  // namespace persona::llm::anthropic_api
