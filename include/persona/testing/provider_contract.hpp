//! What every LLMProvider keeps, as a test an application can run on its own.
#pragma once

#include <persona/llm/provider.hpp>

#include <functional>
#include <string>
#include <vector>

namespace persona::testing {

struct ProviderUnderTest {
  std::function<llm::Provider()> make = {};  //!< a fresh one for each check
  std::string model = {};
  llm::Request request = {};  //!< one that it answers with text; empty asks for the word "yes"
};

//! Runs all checks: a stream adds up to its reply, a stop before and during a call is `cancelled`, a past
//! deadline is `deadline_exceeded` and nothing is sent, an error of `OnDelta` comes back, usage is
//! consistent, what capabilities deny is `unsupported`, calls from many threads do not mix.
//! @return one line for each broken promise; empty is right
PERSONA_EXPORT std::vector<std::string> provider_contract(const ProviderUnderTest& under_test);

}  // namespace persona::testing
