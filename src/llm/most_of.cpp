//! What requests can take at most.
#include "most_of.hpp"

#include "charges.hpp"
#include "core/json_document.hpp"
#include "json_write.hpp"

#include <algorithm>
#include <array>

namespace persona::llm {
namespace {

constexpr std::int64_t most_tokens_of_image = 65'536;       // the dearest models count 48,000 for a large one
constexpr std::int64_t most_tokens_of_tool_prompt = 1'024;  // what providers write around tools and schemas
constexpr std::int64_t most_tokens_of_unknown_answer = 131'072;

struct BytesOfPart {
  std::int64_t operator()(const Image&) const { return most_tokens_of_image; }
  template <class Other>
  std::int64_t operator()(const Other&) const {
    return 0;
  }
};

// Numbers that `extra` overrules, wherever in it they stand.
struct ExtraOutput {
  std::int64_t tokens = 0;
  std::int64_t answers = 1;

  void look(const Json& json) {
    for (const auto& member : json.items()) {
      const Json& value = member.value();
      if (value.is_structured()) look(value);
      if (!json.is_object() || !value.is_number_integer()) continue;
      if (is_any(member.key(), {"n", "best_of", "candidateCount", "candidate_count"}))
        answers = std::max(answers, value.get<std::int64_t>());
      if (is_any(member.key(), {"max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens",
                                "num_predict", "max_tokens_to_sample"}))
        tokens = std::max(tokens, value.get<std::int64_t>());
    }
  }

  static bool is_any(std::string_view key, std::initializer_list<std::string_view> names) {
    return std::ranges::find(names, key) != names.end();
  }
};

std::int64_t times(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? INT64_MAX / 2 : product;
}

}  // namespace

std::int64_t most_input_tokens(const Request& request) {
  CanonicalJson out;
  std::int64_t images = 0;
  bool has_images = false;
  for (const Message& message : request.messages)
    for (const Part& part : message.parts) {
      images += std::visit(BytesOfPart{}, part);
      has_images = has_images || std::holds_alternative<Image>(part);
    }
  if (has_images) {  // their bytes are no tokens
    Request bare = request;
    for (Message& message : bare.messages)
      for (Part& part : message.parts)
        if (auto* image = std::get_if<Image>(&part)) *image = {};
    write_json(bare, out);
  } else {
    write_json(request, out);
  }
  const bool is_prompted = !request.tools.empty() || request.json;
  return static_cast<std::int64_t>(out.take().size()) + images + (is_prompted ? most_tokens_of_tool_prompt : 0);
}

std::int64_t most_input_tokens(const EmbedRequest& request) {
  std::int64_t bytes = 0;
  for (const std::string& input : request.inputs) bytes += static_cast<std::int64_t>(input.size()) + 8;
  return bytes;
}

std::int64_t most_output_tokens(const Request& request, const Price& price) {
  ExtraOutput extra;
  if (!request.extra.empty())
    if (const Result<Json> json = parse_json_document(request.extra)) extra.look(*json);
  const std::int64_t own =
      request.max_output_tokens.value_or(price.max_output_tokens.value_or(most_tokens_of_unknown_answer));
  return times(std::max({own, extra.tokens, std::int64_t{0}}), extra.answers);
}

Charge most_of(std::int64_t input, std::int64_t output, const Price& price) {
  const auto dearest = [&](const TokenPrices& each) {
    return std::max({each.input, each.cache_write, each.cache_write_1h}) * input + each.output * output;
  };
  Money most = dearest(price.standard);
  if (price.long_context && input > price.long_context_from) most = std::max(most, dearest(*price.long_context));
  return {most, saturated_sum(input, output), 1};
}

Charge most_of(const Request& request, const Price& price) {
  return most_of(most_input_tokens(request), most_output_tokens(request, price), price);
}

}  // namespace persona::llm
