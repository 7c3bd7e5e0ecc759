//! Calls that a policy did not let out.
#include "refusal.hpp"

#include <utility>

namespace persona::llm {

Error refusal(Errc code, std::string message, std::optional<std::chrono::milliseconds> retry_after) {
  Error error{code, std::move(message), {}};
  error.service = ServiceFailure{.type = refused_here,
                                 .retry_after = retry_after,
                                 .retryable = retry_after.has_value(),
                                 .sent = false,
                                 .cost = Money{}};
  return error;
}

bool went_out(const Error& error) {
  return error.service && error.service->type != refused_here;
}

std::optional<Money> cost_of(const Error& error) {
  if (!error.service || error.service->cost) return error.service ? error.service->cost : Money{};
  return error.service->sent ? std::nullopt : std::optional(Money{});
}

}  // namespace persona::llm
