//! Calls that a policy did not let out.
#pragma once

#include <persona/core/result.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace persona::llm {

//! `ServiceFailure::type` of what a policy here refused: no server has seen it.
inline constexpr const char* refused_here = "persona.policy";

//! @param retry_after  when it may be let out; none: never, as it is
Error refusal(Errc code, std::string message, std::optional<std::chrono::milliseconds> retry_after);

//! Whether a request went out, or was tried to: the service said something, or the way to it failed.
bool went_out(const Error& error);

//! What a failure cost: nothing where nothing was sent; none where nobody knows.
std::optional<Money> cost_of(const Error& error);

}  // namespace persona::llm
