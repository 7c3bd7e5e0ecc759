//! Ollama's chats as they are written.
#pragma once

#include "llm/wire/dialect.hpp"

#include <memory>

namespace persona::llm::ollama_api {

std::unique_ptr<wire::StreamReader> chat_reader(wire::Answer& answer);

}  // namespace persona::llm::ollama_api
