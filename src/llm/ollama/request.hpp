//! Requests as Ollama's chats.
#pragma once

#include "llm/wire/dialect.hpp"

#include <cstdint>
#include <string>

namespace persona::llm::ollama_api {

struct Habits {
  std::string keep_alive = {};
  std::int64_t context_tokens = 0;
};

Result<wire::Prepared> chat_request(const Request& request, const wire::Documents& documents, const Habits& habits,
                                    bool streamed);

}  // namespace persona::llm::ollama_api
