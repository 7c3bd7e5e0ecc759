//! The models that the command can ask.
#pragma once

#include <persona/llm/provider.hpp>

#include <string>

namespace persona::cli {

//! For "openai/gpt-4o-mini" what the environment offers; "offline" needs neither network nor key.
//! @errors as `llm::from_environment`; unsupported: this build has no HTTP
Result<llm::Provider> provider_for(const std::string& model);

}  // namespace persona::cli
