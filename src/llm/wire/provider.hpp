//! A provider made of a dialect and an endpoint.
#pragma once

#include "llm/wire/dialect.hpp"
#include "llm/wire/endpoint.hpp"

#include <persona/llm/provider.hpp>

#include <memory>

namespace persona::llm::wire {

Provider make_provider(Endpoint endpoint, std::unique_ptr<const Dialect> dialect);

//! Embeddings by a dialect that has them, in as many requests as it takes.
[[nodiscard]] Result<Embeddings> embed(const Endpoint& endpoint, const Dialect& dialect, const EmbedRequest& request,
                                       const Context& context);

}  // namespace persona::llm::wire
