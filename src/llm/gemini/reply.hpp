//! Gemini's content as answers.
#pragma once

#include "llm/wire/answer.hpp"

#include "core/json_document.hpp"

namespace persona::llm::gemini_api {

//! A whole answer, or one piece of a stream: they have the same shape.
//! @param calls  how many calls there were before it
Status read_content(const Json& document, std::size_t& calls, wire::Answer& answer);

}  // namespace persona::llm::gemini_api
