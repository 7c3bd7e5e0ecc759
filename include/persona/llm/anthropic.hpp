//! Anthropic's messages.
#pragma once

#include <persona/core/secret.hpp>
#include <persona/http/transport.hpp>
#include <persona/llm/provider.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace persona::llm {

struct AnthropicOptions {
  std::string base_url = "https://api.anthropic.com";
  Secret key = {};
  std::int64_t max_output_tokens = 4096;  //!< where the request has none: the provider wants one
  bool tool_for_json = false;             //!< older models: a forced tool instead of `output_config`
  std::string name = "anthropic";
  std::chrono::milliseconds timeout{600'000};
};

//! `/v1/messages` and `/v1/messages/count_tokens`. Embeddings are `unsupported`.
PERSONA_EXPORT Provider anthropic(std::shared_ptr<http::Transport> transport, AnthropicOptions options = {});

}  // namespace persona::llm
