//! What a model answered, and what it took.
#pragma once

#include <persona/core/money.hpp>
#include <persona/core/result.hpp>
#include <persona/llm/message.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace persona::llm {

//! Tokens. Parts are included in their whole.
struct Usage {
  std::int64_t input = 0;
  std::int64_t input_cached = 0;          //!< of `input`, read from the provider's cache
  std::int64_t input_cache_write = 0;     //!< of `input`, written to it
  std::int64_t input_cache_write_1h = 0;  //!< of `input_cache_write`, kept for an hour
  std::int64_t output = 0;
  std::int64_t output_reasoning = 0;  //!< of `output`
  bool estimated = false;             //!< the provider did not say

  PERSONA_EXPORT Usage& operator+=(const Usage& other);
  bool operator==(const Usage&) const = default;
};

//! Why the model stopped.
enum class Finish { stop, length, tool_calls, refusal, content_filter, other };

//! Where an answer came from.
enum class Source { provider, memory_cache, stored_cache, semantic_cache, shared_call };

//! One request that went out on behalf of a call.
struct Attempt {
  std::string provider = {};
  std::string model = {};
  std::chrono::microseconds duration{0};
  std::optional<Error> error = {};
  Usage usage = {};
  std::optional<Money> cost = {};  //!< none: the price is not known
  bool hedge = false;
  bool operator==(const Attempt&) const = default;
};

//! How much more the provider lets through, by its own words.
struct Allowance {
  std::optional<std::int64_t> requests = {}, input_tokens = {}, output_tokens = {};  //!< left until the reset
  std::chrono::milliseconds requests_reset{0}, tokens_reset{0};                      //!< from now
  bool operator==(const Allowance&) const = default;
};

struct Reply {
  std::string text = {};
  std::string json = {};  //!< the validated document, where one was asked for
  std::vector<ToolCall> tool_calls = {};
  std::vector<Thinking> thinking = {};
  Finish finish = Finish::stop;
  std::string refusal = {};  //!< the model's words, where it refused
  std::string id = {}, request_id = {};
  std::string provider = {}, model = {};   //!< who answered
  Usage usage = {};                        //!< of this answer; every attempt has its own
  std::optional<Money> cost = {};          //!< of all attempts; none: a price is not known
  std::vector<Attempt> attempts = {};      //!< in order; empty where nothing was sent
  std::vector<std::string> warnings = {};  //!< what the provider could not honour
  Source source = Source::provider;
  std::optional<Allowance> allowance = {};
  std::chrono::microseconds first_token{0}, total{0};

  //! As the assistant's turn of the conversation that goes on.
  PERSONA_EXPORT Message message() const;
};

struct TextDelta {
  std::string_view text;
};
struct ThinkingDelta {
  std::string_view text;
};
//! `id` and `name` come with the first piece of a call.
struct ToolCallDelta {
  std::size_t index = 0;
  std::string_view id, name, arguments;
};

//! A piece of an answer as it is written. Its views live as long as the call to `OnDelta`.
using Delta = std::variant<TextDelta, ThinkingDelta, ToolCallDelta>;

//! Takes the pieces; an error stops the stream with it.
using OnDelta = std::function<Status(const Delta& delta)>;

struct Embeddings {
  std::vector<std::vector<float>> vectors = {};  //!< in the order of the inputs
  std::string model = {};
  Usage usage = {};
  std::optional<Money> cost = {};
};

//! "stop", "length", ...
PERSONA_EXPORT std::string_view to_string(Finish finish);
PERSONA_EXPORT std::string_view to_string(Source source);

}  // namespace persona::llm
