//! A provider that says what a test tells it to.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/llm/provider.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace persona::testing {

//! One answer, or failure, of a script. Streams show the text in `pieces`.
struct Step {
  Result<llm::Reply> reply;
  std::vector<std::string> pieces = {};
  std::chrono::milliseconds delay{0};                     //!< before it, by the clock of the script
  std::size_t fail_after = static_cast<std::size_t>(-1);  //!< pieces shown before a failing stream breaks
};

//! Plays its steps in order, whoever calls, then fails with `unavailable`; or asks a function.
class ScriptedProvider : public llm::LLMProvider {
 public:
  PERSONA_EXPORT explicit ScriptedProvider(std::vector<Step> steps, std::shared_ptr<Clock> clock = system_clock());
  PERSONA_EXPORT explicit ScriptedProvider(std::function<Result<llm::Reply>(const llm::Request&)> answer);
  PERSONA_EXPORT ~ScriptedProvider() override;

  PERSONA_EXPORT std::string name() const override;
  PERSONA_EXPORT llm::Capabilities capabilities(std::string_view model) const override;
  [[nodiscard]] PERSONA_EXPORT Result<llm::Reply> complete(const llm::Request& request,
                                                           const Context& context = {}) override;
  [[nodiscard]] PERSONA_EXPORT Result<llm::Reply> stream(const llm::Request& request, const llm::OnDelta& on_delta,
                                                         const Context& context = {}) override;

  PERSONA_EXPORT std::vector<llm::Request> requests() const;  //!< all that were asked, in order

 private:
  struct State;
  std::unique_ptr<State> state_;
};

//! "yes", as a reply with usage.
PERSONA_EXPORT Step says(std::string text);
//! 429 with Retry-After, 500, ...: what a dialect makes of that status.
PERSONA_EXPORT Step fails(int status, std::optional<std::chrono::milliseconds> retry_after = {});

}  // namespace persona::testing
