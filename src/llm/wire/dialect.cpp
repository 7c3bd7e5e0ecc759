//! What a dialect does not have.
#include "llm/wire/dialect.hpp"

namespace persona::llm::wire {

Result<Prepared> Dialect::embedding(const EmbedRequest&, std::span<const std::string>) const {
  return fail(Errc::unsupported, "there are no embeddings");
}

Status Dialect::read_embeddings(const Json&, std::span<const std::string>, Embeddings&) const {
  return fail(Errc::unsupported, "there are no embeddings");
}

Result<Prepared> Dialect::count(const Request&, const Documents&) const {
  return fail(Errc::unsupported, "tokens are not counted");
}

Result<std::int64_t> Dialect::read_count(const Json&) const {
  return fail(Errc::unsupported, "tokens are not counted");
}

}  // namespace persona::llm::wire
