//! Embeddings of any number of inputs.
#include "llm/wire/fields.hpp"
#include "llm/wire/provider.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace persona::llm::wire {
namespace {

// As many inputs from the front as one request takes, at least one.
std::size_t batch_size(std::span<const std::string> inputs, const EmbeddingLimits& limits) {
  std::size_t count = 0;
  std::size_t tokens = 0;
  while (count < inputs.size() && count < limits.inputs) {
    tokens += static_cast<std::size_t>(estimated_tokens(inputs[count].size())) + 1;
    if (count > 0 && tokens > limits.tokens) break;
    ++count;
  }
  return count;
}

Status check_inputs(const EmbedRequest& request) {
  if (request.model.empty()) return fail(Errc::invalid_argument, "no model is named", "/model");
  for (std::size_t i = 0; i < request.inputs.size(); ++i) {
    if (!is_utf8(request.inputs[i])) {
      return fail(Errc::invalid_argument, "the text is not UTF-8", (JsonPath() / "inputs" / i).text());
    }
  }
  return {};
}

Status embed_batch(const Endpoint& endpoint, const Dialect& dialect, const EmbedRequest& request,
                   std::span<const std::string> inputs, const Context& context, Embeddings& embeddings) {
  const auto prepared = dialect.embedding(request, inputs);
  if (!prepared) return tl::unexpected(prepared.error());
  const auto response = exchange(
      endpoint,
      {.path = prepared->path, .body = print_json_compact(prepared->body), .max_bytes = std::size_t{256} << 20},
      dialect.read_complaint(), {}, context);
  if (!response) return tl::unexpected(response.error());
  const auto document = parse(response->body, endpoint.name, std::size_t{256} << 20);
  if (!document) return tl::unexpected(document.error());
  if (is_complaint(*document)) {
    return tl::unexpected(without_keys(endpoint, error_of(dialect.read_complaint()(*document), 0, endpoint.name)));
  }
  const std::size_t before = embeddings.vectors.size();
  if (auto read = dialect.read_embeddings(*document, inputs, embeddings); !read) {
    return fail(read.error().code, endpoint.name + ": " + read.error().message, read.error().path);
  }
  if (embeddings.vectors.size() == before + inputs.size()) return {};
  return fail(Errc::invalid_output, fmt::format("{} sent {} embeddings for {} inputs", endpoint.name,
                                                embeddings.vectors.size() - before, inputs.size()));
}

}  // namespace

Result<Embeddings> embed(const Endpoint& endpoint, const Dialect& dialect, const EmbedRequest& request,
                         const Context& context) {
  if (!dialect.capabilities(request.model).embeddings) {
    return fail(Errc::unsupported, endpoint.name + " has no embeddings");
  }
  if (const auto fits = check_inputs(request); !fits) return tl::unexpected(fits.error());
  Embeddings embeddings;
  std::span<const std::string> left(request.inputs);
  while (!left.empty()) {
    const std::size_t count = batch_size(left, dialect.embedding_limits());
    auto done = embed_batch(endpoint, dialect, request, left.first(count), context, embeddings);
    if (!done) {
      Error error = std::move(done.error());
      if (!embeddings.vectors.empty()) {
        if (!error.service) error.service.emplace();
        error.service->sent = true;  // the batches before it were answered
      }
      return tl::unexpected(std::move(error));
    }
    left = left.subspan(count);
  }
  if (embeddings.model.empty()) embeddings.model = request.model;
  return embeddings;
}

}  // namespace persona::llm::wire
