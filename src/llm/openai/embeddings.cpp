//! Asks for embeddings and reads them.
#include "llm/openai/embeddings.hpp"

#include "llm/wire/base64.hpp"
#include "llm/wire/fields.hpp"

#include <fmt/format.h>

namespace persona::llm::openai_api {
namespace {

using wire::at;

std::optional<std::vector<float>> vector_of(const Json& embedding) {
  if (embedding.is_string()) return wire::floats_from_base64(embedding.get_ref<const std::string&>());
  if (!embedding.is_array()) return {};
  std::vector<float> numbers;
  numbers.reserve(embedding.size());
  for (const Json& number : embedding) {
    if (!number.is_number()) return {};
    numbers.push_back(number.get<float>());
  }
  return numbers;
}

}  // namespace

wire::Prepared embedding_request(const EmbedRequest& request, std::span<const std::string> inputs) {
  wire::Prepared prepared{.path = "/embeddings"};
  prepared.body = {{"model", request.model}, {"input", Json(std::vector<std::string>(inputs.begin(), inputs.end()))}};
  if (request.dimensions) prepared.body["dimensions"] = *request.dimensions;
  prepared.body["encoding_format"] = "base64";
  return prepared;
}

Status read_embedding_list(const Json& document, std::size_t count, Embeddings& embeddings) {
  const Json& data = at(document, "data");
  if (!data.is_array()) return fail(Errc::invalid_output, "the answer has no embeddings");
  std::vector<std::vector<float>> vectors(count);
  std::size_t filled = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto index =
        static_cast<std::size_t>(wire::count_if(data[i], "index").value_or(static_cast<std::int64_t>(i)));
    auto vector = vector_of(at(data[i], "embedding"));
    if (!vector || vector->empty()) return fail(Errc::invalid_output, fmt::format("embedding {} is none", i));
    if (index >= count || !vectors[index].empty()) {
      return fail(Errc::invalid_output, fmt::format("embedding {} says that it is the one of input {}", i, index));
    }
    vectors[index] = std::move(*vector);
    ++filled;
  }
  if (filled != count) return fail(Errc::invalid_output, fmt::format("{} embeddings for {} inputs", filled, count));
  for (auto& vector : vectors) embeddings.vectors.push_back(std::move(vector));
  embeddings.model = wire::text_at(document, "model");
  const Json& usage = at(document, "usage");
  embeddings.usage.input += wire::count_at(usage, "prompt_tokens");
  if (!wire::count_if(usage, "prompt_tokens")) embeddings.usage.estimated = true;
  return {};
}

}  // namespace persona::llm::openai_api
