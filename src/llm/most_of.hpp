//! What requests can take at most.
#pragma once

#include <persona/llm/budget.hpp>

namespace persona::llm {

//! At least as many as any provider counts.
std::int64_t most_input_tokens(const Request& request);
std::int64_t most_input_tokens(const EmbedRequest& request);

//! Of all answers together; `extra` may ask for several or longer ones.
std::int64_t most_output_tokens(const Request& request, const Price& price);

Charge most_of(std::int64_t input, std::int64_t output, const Price& price);

}  // namespace persona::llm
