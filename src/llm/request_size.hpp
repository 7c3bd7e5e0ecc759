//! How long a request is, before a provider counts it.
#pragma once

#include <persona/llm/request.hpp>

#include <cstdint>

namespace persona::llm {

//! A third of the bytes of all its texts, tools and schema; a picture as most providers count a large one.
std::int64_t likely_input_tokens(const Request& request);
std::int64_t likely_input_tokens(const EmbedRequest& request);

}  // namespace persona::llm
