//! Models on one's own machine, by Ollama.
#pragma once

#include <persona/http/transport.hpp>
#include <persona/llm/provider.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace persona::llm {

struct OllamaOptions {
  std::string base_url = "http://127.0.0.1:11434";
  std::string keep_alive = {};      //!< "10m"; empty is the server's default
  std::int64_t context_tokens = 0;  //!< `num_ctx`; 0 is the model's default
  std::string name = "ollama";
  std::chrono::milliseconds timeout{600'000};
};

//! `/api/chat` and `/api/embed`.
PERSONA_EXPORT Provider ollama(std::shared_ptr<http::Transport> transport, OllamaOptions options = {});

}  // namespace persona::llm
