//! The provider that looks things up in the prompt.
#include <persona/llm/offline.hpp>

#include "core/json_document.hpp"
#include "offline_vote.hpp"
#include "prompt_reading.hpp"
#include "schema_sample.hpp"
#include "text_features.hpp"

#include <persona/llm/schema.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace persona::llm {
namespace {

constexpr std::string_view offline_model = "offline-nearest-neighbour";
constexpr int most_offline_trials = 32;
constexpr int offline_dimensions = 256, offline_most_dimensions = 65536;

//! Of the four bytes that a token has on average.
std::int64_t estimated_tokens(std::size_t bytes) {
  return static_cast<std::int64_t>((bytes + 3) / 4);
}

std::int64_t request_tokens(const Request& request) {
  std::size_t bytes = request.json ? request.json->schema.size() : 0;
  for (const Message& message : request.messages) bytes += message.text().size();
  return estimated_tokens(bytes);
}

std::uint64_t mixed_seed(std::uint64_t seed, std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325 ^ seed;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

Status can_answer(const Request& request) {
  if (!request.tools.empty()) return fail(Errc::unsupported, "offline calls no tools");
  for (const Message& message : request.messages) {
    for (const Part& part : message.parts) {
      if (std::holds_alternative<Image>(part)) return fail(Errc::unsupported, "offline sees no images");
    }
  }
  const auto asks = [](const Message& message) { return message.role == Role::user; };
  if (std::none_of(request.messages.begin(), request.messages.end(), asks))
    return fail(Errc::invalid_argument, "the request has no message of a user");
  return {};
}

class Offline final : public LLMProvider {
 public:
  explicit Offline(OfflineOptions options) : options_(options) {}

  std::string name() const override { return "offline"; }
  Capabilities capabilities(std::string_view) const override {
    return {.json_schema = true, .streaming = true, .seed = true, .embeddings = true, .count_tokens = true};
  }

  Result<Reply> complete(const Request& request, const Context& context) override {
    const auto may_go = context.check().and_then([&] { return can_answer(request); });
    if (!may_go) return tl::unexpected(may_go.error());
    auto text = answer(request);
    if (!text) return tl::unexpected(text.error());
    return finished(request, std::move(*text));
  }

  //! Word by word.
  Result<Reply> stream(const Request& request, const OnDelta& on_delta, const Context& context) override {
    auto reply = complete(request, context);
    if (!reply) return reply;
    const std::string_view text = reply->text;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find_first_of(" \n", at), text.size() - 1) + 1;
      const auto shown = context.check().and_then([&] { return on_delta(TextDelta{text.substr(at, end - at)}); });
      if (!shown) return tl::unexpected(shown.error());
      at = end;
    }
    return reply;
  }

  Result<Embeddings> embed(const EmbedRequest& request, const Context& context) override {
    if (const auto may_go = context.check(); !may_go) return tl::unexpected(may_go.error());
    const int dimensions = request.dimensions.value_or(offline_dimensions);
    if (dimensions < 1 || dimensions > offline_most_dimensions)
      return fail(Errc::invalid_argument, "dimensions must be 1 to 65536, is " + std::to_string(dimensions));
    Embeddings embeddings{.model = std::string(offline_model), .cost = Money{}};
    embeddings.usage.estimated = true;
    for (const std::string& input : request.inputs) {
      embeddings.vectors.push_back(embed_text(input, static_cast<std::size_t>(dimensions)));
      embeddings.usage.input += estimated_tokens(input.size());
    }
    return embeddings;
  }

  Result<std::int64_t> count_tokens(const Request& request, const Context& context) override {
    if (const auto may_go = context.check(); !may_go) return tl::unexpected(may_go.error());
    return request_tokens(request);
  }

 private:
  Result<std::string> answer(const Request& request) const {
    const PromptReading reading = read_prompt(request.messages);
    if (request.json) return document(request, reading);
    if (reading.examples.empty()) {
      return "I am " + std::string(offline_model) +
             ": I answer by the examples in the prompt or by a JSON schema, and this prompt has neither.";
    }
    return vote_text(reading, options_.neighbours);
  }

  Result<std::string> document(const Request& request, const PromptReading& reading) const {
    const auto schema = JsonSchema::compile(request.json->schema);
    if (!schema) return tl::unexpected(schema.error());
    const auto tree = parse_json_document(request.json->schema);
    const auto chosen = static_cast<std::uint64_t>(request.seed.value_or(0));
    std::uint64_t seed = mixed_seed(options_.seed + chosen, reading.query);
    const bool votes = !reading.examples.empty();
    const Json voted = votes ? vote_document(reading, options_.neighbours, *tree, seed) : Json();
    std::string text = print_json_compact(voted);
    std::vector<SchemaIssue> issues = schema->validate(text);
    if (votes && issues.empty()) return text;
    for (int trial = 0; trial < most_offline_trials; ++trial, ++seed) {
      const Json made_up = sample_schema(*tree, seed);
      if (votes) {
        text = print_json_compact(mended(voted, made_up, issues));
        if (schema->validate(text).empty()) return text;
      }
      text = print_json_compact(made_up);
      if (schema->validate(text).empty()) return text;
    }
    issues = schema->validate(text);
    return fail(Errc::unsupported, "offline found no document for this schema: " + issues[0].message, issues[0].path);
  }

  //! Cut where the request says.
  static Reply finished(const Request& request, std::string text) {
    Reply reply;
    for (const std::string& stop : request.stop) {
      if (!stop.empty()) text.resize(std::min(text.find(stop), text.size()));
    }
    if (request.max_output_tokens && static_cast<std::int64_t>(text.size()) > *request.max_output_tokens * 4) {
      std::size_t end = static_cast<std::size_t>(std::max<std::int64_t>(*request.max_output_tokens, 0)) * 4;
      while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
      text.resize(end);
      reply.finish = Finish::length;
    }
    reply.usage = {.input = request_tokens(request), .output = estimated_tokens(text.size()), .estimated = true};
    reply.text = std::move(text);
    reply.provider = "offline";
    reply.model = offline_model;
    reply.cost = Money{};
    return reply;
  }

  OfflineOptions options_;
};

}  // namespace

Provider offline(OfflineOptions options) {
  return std::make_shared<Offline>(options);
}

}  // namespace persona::llm
