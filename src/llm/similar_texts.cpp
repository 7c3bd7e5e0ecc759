//! How near two embedded texts are.
#include "similar_texts.hpp"

#include "embed_texts.hpp"

#include <algorithm>
#include <cmath>

namespace persona::llm {

bool normalize(std::vector<float>& vector) {
  double square = 0;
  for (const float value : vector) square += static_cast<double>(value) * value;
  if (!(square > 0) || !std::isfinite(square)) return false;
  const double factor = 1 / std::sqrt(square);
  for (float& value : vector) value = static_cast<float>(value * factor);
  return true;
}

double cosine_of_normalized(std::span<const float> a, std::span<const float> b) {
  if (a.size() != b.size()) return -1;
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

Result<std::vector<std::vector<float>>> embed_texts(const SemanticCacheOptions& options, std::vector<std::string> texts,
                                                    const CallOptions& call, const Context& context) {
  const std::size_t count = texts.size();
  EmbedRequest request{.model = options.embedding_model, .inputs = std::move(texts), .call = call};
  Result<Embeddings> embeddings = options.embedder->embed(request, context);
  if (!embeddings) return tl::unexpected(embeddings.error());
  if (embeddings->vectors.size() != count)
    return fail(Errc::invalid_output, options.embedder->name() + " gave another number of embeddings than asked for");
  for (std::vector<float>& vector : embeddings->vectors)
    if (!normalize(vector))
      return fail(Errc::invalid_output, options.embedder->name() + " gave an embedding of nothing");
  return std::move(embeddings->vectors);
}

}  // namespace persona::llm
