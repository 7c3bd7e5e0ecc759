//! The language models that this machine is set up for.
#include "models_here.hpp"

#include <persona/llm/offline.hpp>
#include <persona/llm/router.hpp>
#ifdef PERSONA_CLI_HTTP
#include <persona/llm/environment.hpp>
#endif

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace persona::cli {
namespace {

constexpr std::array<KnownProvider, 7> known{{
    {"openai", "OPENAI_API_KEY"},
    {"responses", "OPENAI_API_KEY"},
    {"azure", "AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_API_KEY"},
    {"anthropic", "ANTHROPIC_API_KEY"},
    {"gemini", "GEMINI_API_KEY"},
    {"ollama", "OLLAMA_HOST, or nothing for 127.0.0.1"},
    {"offline", "nothing: it needs no model"},
}};

const KnownProvider* find_known(std::string_view name) {
  const auto found = std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.name == name; });
  return found == known.end() ? nullptr : &*found;
}

std::string names_of_known() {
  std::string names;
  for (const auto& one : known) names += (names.empty() ? "" : ", ") + std::string(one.name);
  return names;
}

}  // namespace

std::span<const KnownProvider> known_providers() {
  return known;
}

std::vector<std::string> providers_here() {
#ifdef PERSONA_CLI_HTTP
  return llm::environment_providers();
#else
  return {"offline"};
#endif
}

Result<llm::Provider> open_model(const std::string& model, const llm::StackOptions& options) {
  const std::string prefix = model.substr(0, model.find('/'));
  const auto* provider = model.find('/') == std::string::npos ? nullptr : find_known(prefix);
  if (provider == nullptr) {
    return fail(Errc::invalid_argument, fmt::format("the model '{}' names no provider, as openai/gpt-4o-mini does: {}",
                                                    model, names_of_known()));
  }
  if (prefix == "offline") return llm::router({{"offline", llm::standard_stack(llm::offline(), options)}});
#ifdef PERSONA_CLI_HTTP
  const auto here = providers_here();
  if (std::find(here.begin(), here.end(), prefix) == here.end()) {
    return fail(Errc::not_found, fmt::format("'{}' is not set up: set {}", prefix, provider->variables));
  }
  return llm::from_environment(options);
#else
  return fail(Errc::unsupported, "this persona was built without HTTP (libcurl): only offline/... answers");
#endif
}

}  // namespace persona::cli
