//! OpenAI's embeddings.
#pragma once

#include "llm/wire/dialect.hpp"

namespace persona::llm::openai_api {

wire::Prepared embedding_request(const EmbedRequest& request, std::span<const std::string> inputs);

//! In the order of `index`, as base64 or as numbers.
Status read_embedding_list(const Json& document, std::size_t count, Embeddings& embeddings);

}  // namespace persona::llm::openai_api
