//! Reads the environment and builds what it names.
#include <persona/llm/environment.hpp>

#include "target.hpp"

#include <persona/http/curl.hpp>
#include <persona/llm/anthropic.hpp>
#include <persona/llm/gemini.hpp>
#include <persona/llm/offline.hpp>
#include <persona/llm/ollama.hpp>
#include <persona/llm/openai.hpp>
#include <persona/llm/router.hpp>

#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

namespace persona::llm {
namespace {

using Transport = std::shared_ptr<http::Transport>;

// Without blanks around it; what is empty is as good as not set.
std::string variable(const char* name) {
  const char* value = std::getenv(name);
  std::string_view text = value != nullptr ? value : "";
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return std::string(text);
}

bool is_set(const char* name) {
  return !variable(name).empty();
}

Secret key_in(const char* name) {
  return is_set(name) ? Secret::from_environment(name) : Secret();
}

const char* gemini_key() {
  return is_set("GEMINI_API_KEY") ? "GEMINI_API_KEY" : "GOOGLE_API_KEY";
}

tl::unexpected<Error> wrong(const char* name, std::string_view why) {
  return fail(Errc::invalid_argument, std::string(name) + ' ' + std::string(why), name);
}

//! The URL that a variable holds, if it holds one.
Result<std::string> url_in(const char* name, std::string usual, bool takes_key) {
  const std::string url = is_set(name) ? variable(name) : std::move(usual);
  const auto target = http::parse_target(url);
  if (!target) return wrong(name, "is not a URL of http or https");
  if (target->has_user) return wrong(name, "has a name or password in it");
  if (takes_key && !target->encrypted && !http::is_loopback(target->host)) {
    return wrong(name, "leads a key to another machine without TLS");
  }
  return url;
}

//! Ollama's own variable may be a host alone, or a port alone; "any address" means this machine.
std::string ollama_url(std::string host) {
  if (host.empty()) return OllamaOptions().base_url;
  const bool has_scheme = host.find("://") != std::string::npos;
  if (host.front() == ':') host.insert(0, "127.0.0.1");
  const std::string_view any = "0.0.0.0";
  if (const auto at = host.find(any); at != std::string::npos) host.replace(at, any.size(), "127.0.0.1");
  if (has_scheme) return host;
  const bool has_port = host.find(':', host.find(']') == std::string::npos ? 0 : host.find(']')) != std::string::npos;
  return "http://" + host + (has_port ? "" : ":11434");
}

Result<Provider> openai_here(const Transport& transport, bool responses) {
  OpenAIOptions options;
  options.key = key_in("OPENAI_API_KEY");
  auto url = url_in("OPENAI_BASE_URL", options.base_url, options.key.is_set());
  if (!url) return tl::unexpected(url.error());
  options.base_url = std::move(*url);
  options.organization = variable("OPENAI_ORG_ID");
  options.project = variable("OPENAI_PROJECT_ID");
  return responses ? openai_responses(transport, std::move(options)) : openai(transport, std::move(options));
}

Result<Provider> azure_here(const Transport& transport) {
  auto url = url_in("AZURE_OPENAI_ENDPOINT", {}, true);
  if (!url) return tl::unexpected(url.error());
  AzureOptions options{.endpoint = std::move(*url), .key = key_in("AZURE_OPENAI_API_KEY")};
  if (is_set("OPENAI_API_VERSION")) options.api_version = variable("OPENAI_API_VERSION");
  return azure(transport, std::move(options));
}

Result<Provider> anthropic_here(const Transport& transport) {
  AnthropicOptions options;
  options.key = key_in("ANTHROPIC_API_KEY");
  auto url = url_in("ANTHROPIC_BASE_URL", options.base_url, options.key.is_set());
  if (!url) return tl::unexpected(url.error());
  options.base_url = std::move(*url);
  return anthropic(transport, std::move(options));
}

Result<Provider> gemini_here(const Transport& transport) {
  GeminiOptions options;
  options.key = key_in(gemini_key());
  auto url = url_in("GEMINI_BASE_URL", options.base_url, options.key.is_set());
  if (!url) return tl::unexpected(url.error());
  options.base_url = std::move(*url);
  return gemini(transport, std::move(options));
}

Result<Provider> ollama_here(const Transport& transport) {
  const std::string url = ollama_url(variable("OLLAMA_HOST"));
  if (!http::parse_target(url)) return wrong("OLLAMA_HOST", "is neither a host, a port nor a URL of http or https");
  return ollama(transport, {.base_url = url});
}

Result<Provider> provider_here(std::string_view name, const Transport& transport) {
  if (name == "openai") return openai_here(transport, false);
  if (name == "responses") return openai_here(transport, true);
  if (name == "azure") return azure_here(transport);
  if (name == "anthropic") return anthropic_here(transport);
  if (name == "gemini") return gemini_here(transport);
  if (name == "ollama") return ollama_here(transport);
  return offline();
}

}  // namespace

std::vector<std::string> environment_providers() {
  std::vector<std::string> found;
  if (is_set("OPENAI_API_KEY") || is_set("OPENAI_BASE_URL")) found = {"openai", "responses"};
  if (is_set("AZURE_OPENAI_ENDPOINT") && is_set("AZURE_OPENAI_API_KEY")) found.emplace_back("azure");
  if (is_set("ANTHROPIC_API_KEY") || is_set("ANTHROPIC_BASE_URL")) found.emplace_back("anthropic");
  if (is_set(gemini_key()) || is_set("GEMINI_BASE_URL")) found.emplace_back("gemini");
  found.emplace_back("ollama");
  found.emplace_back("offline");
  return found;
}

Result<Provider> from_environment(StackOptions options) {
  const auto transport = http::curl_transport();
  if (!transport) return tl::unexpected(transport.error());
  std::vector<Route> routes;
  for (std::string& name : environment_providers()) {
    auto provider = provider_here(name, *transport);
    if (!provider) return provider;
    routes.push_back({std::move(name), standard_stack(std::move(*provider), options)});
  }
  return router(std::move(routes));
}

}  // namespace persona::llm
