//! The language models that this machine is set up for.
#pragma once

#include <persona/core/result.hpp>
#include <persona/llm/provider.hpp>
#include <persona/llm/stack.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace persona::cli {

//! A provider the command knows, and what the environment must name for it.
struct KnownProvider {
  std::string_view name, variables;
};

std::span<const KnownProvider> known_providers();
std::vector<std::string> providers_here();

//! A provider for models such as "openai/gpt-4o-mini". Nothing is sent.
//! @errors invalid_argument: no provider in the name; not_found: it is not set up, and the message says how;
//!         unsupported: this build has no HTTP
Result<llm::Provider> open_model(const std::string& model, const llm::StackOptions& options);

}  // namespace persona::cli
