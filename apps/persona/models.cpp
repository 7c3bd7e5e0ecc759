//! The models that the command can ask.
#include "models.hpp"

#include <persona/llm/offline.hpp>
#ifdef PERSONA_CLI_HTTP
#include <persona/llm/environment.hpp>
#endif

namespace persona::cli {

Result<llm::Provider> provider_for(const std::string& model) {
  if (model == "offline" || model.starts_with("offline/")) return llm::offline();
#ifdef PERSONA_CLI_HTTP
  return llm::from_environment();
#else
  return fail(Errc::unsupported, "this persona was built without HTTP: it can ask the model 'offline' alone");
#endif
}

}  // namespace persona::cli
