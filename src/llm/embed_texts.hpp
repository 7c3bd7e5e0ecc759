//! Texts as directions, for a semantic cache.
#pragma once

#include <persona/llm/semantic_cache.hpp>

#include <string>
#include <vector>

namespace persona::llm {

//! One vector of length 1 for each text. @errors invalid_output: the embedder gave something else
Result<std::vector<std::vector<float>>> embed_texts(const SemanticCacheOptions& options, std::vector<std::string> texts,
                                                    const CallOptions& call, const Context& context);

}  // namespace persona::llm
