//! One provider out of many: "openai/gpt-4o-mini" goes to the one named openai.
#pragma once

#include <persona/llm/provider.hpp>

#include <string>
#include <vector>

namespace persona::llm {

struct Route {
  std::string prefix = {};  //!< "openai"
  Provider provider = {};
};

//! Sends a request to the route before the first "/" of its model, without that prefix. A model
//! without a known prefix goes to the first route whose prefix is empty.
//! @errors of calls: not_found: no such route; the message names those there are
PERSONA_EXPORT Provider router(std::vector<Route> routes);

}  // namespace persona::llm
