//! Google's Gemini.
#pragma once

#include <persona/core/secret.hpp>
#include <persona/http/transport.hpp>
#include <persona/llm/provider.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace persona::llm {

struct GeminiOptions {
  std::string base_url = "https://generativelanguage.googleapis.com/v1beta";
  Secret key = {};
  std::string name = "gemini";
  std::chrono::milliseconds timeout{600'000};
};

//! `generateContent`, `streamGenerateContent`, `batchEmbedContents` and `countTokens`.
PERSONA_EXPORT Provider gemini(std::shared_ptr<http::Transport> transport, GeminiOptions options = {});

}  // namespace persona::llm
