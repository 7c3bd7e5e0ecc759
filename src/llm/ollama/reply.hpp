//! Ollama's chats as answers.
#pragma once

#include "llm/wire/answer.hpp"

#include "core/json_document.hpp"

namespace persona::llm::ollama_api {

//! A whole answer, or one line of a stream: they have the same shape.
//! @param calls  how many calls there were before it
Status read_chat(const Json& document, std::size_t& calls, wire::Answer& answer);

}  // namespace persona::llm::ollama_api
