//! How much more a server lets through, by its headers.
#pragma once

#include <persona/http/transport.hpp>
#include <persona/llm/reply.hpp>

#include <chrono>
#include <optional>
#include <vector>

namespace persona::llm::wire {

//! `x-ratelimit-*` of OpenAI and its like, where tokens are input and output together, and
//! `anthropic-ratelimit-*`; none where there are no such headers.
std::optional<Allowance> allowance_of(const std::vector<http::Header>& headers,
                                      std::chrono::system_clock::time_point today);

}  // namespace persona::llm::wire
