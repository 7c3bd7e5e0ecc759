//! The providers this machine is set up for. Component `persona::http`.
#pragma once

#include <persona/core/result.hpp>
#include <persona/llm/provider.hpp>
#include <persona/llm/stack.hpp>

#include <string>
#include <vector>

namespace persona::llm {

//! A router over every provider that the environment names, each in the standard stack:
//!
//!   openai/...     OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_ORG_ID, OPENAI_PROJECT_ID
//!   responses/...  the same, by the responses API
//!   azure/...      AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_API_KEY, OPENAI_API_VERSION
//!   anthropic/...  ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL
//!   gemini/...     GEMINI_API_KEY or GOOGLE_API_KEY, GEMINI_BASE_URL
//!   ollama/...     OLLAMA_HOST, or 127.0.0.1:11434
//!   offline/...    always: answers from examples in the prompt, no model (`offline.hpp`)
//!
//! @errors invalid_argument: a variable that is not what it should be; the message names it
[[nodiscard]] PERSONA_EXPORT Result<Provider> from_environment(StackOptions options = {});

//! What `from_environment` finds: "openai", ...
PERSONA_EXPORT std::vector<std::string> environment_providers();

}  // namespace persona::llm
