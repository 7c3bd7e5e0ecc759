//! Anthropic's messages as answers.
#pragma once

#include "llm/wire/answer.hpp"

#include "core/json_document.hpp"

#include <string_view>

namespace persona::llm::anthropic_api {

//! @param answer_tool  the tool whose arguments are the answer itself; empty where there is none
Status read_message(const Json& document, std::string_view answer_tool, wire::Answer& answer);

//! Takes what a usage document says over what was said before; parts of the input that Anthropic counts
//! apart are counted in.
void take_usage(const Json& document, wire::Answer& answer);

void take_stop(const Json& document, bool answered_by_tool, wire::Answer& answer);

}  // namespace persona::llm::anthropic_api
