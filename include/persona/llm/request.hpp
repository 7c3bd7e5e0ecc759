//! What is asked of a model, the same for every provider.
#pragma once

#include <persona/core/config.hpp>
#include <persona/llm/message.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace persona::llm {

//! The answer is to be JSON of this shape.
struct JsonFormat {
  std::string schema = {};      //!< JSON Schema, an object at its root
  std::string name = "answer";  //!< [A-Za-z0-9_-], at most 64
  std::string description = {};
  bool strict = true;  //!< use the provider's own enforcement where the schema allows it
};

//! A function that the model may ask for.
struct Tool {
  std::string name = {};
  std::string description = {};
  std::string parameters = {};  //!< JSON Schema of its arguments
};

enum class ToolUse { automatic, none, required, named };

//! How hard a reasoning model thinks.
enum class Effort { none, minimal, low, medium, high, maximum };

//! What to do about a cache, for one call.
struct CachePolicy {
  bool read = true;
  bool write = true;
  std::optional<std::chrono::seconds> max_age = {};  //!< older answers do not count
};

//! What concerns the call, not the answer.
struct CallOptions {
  std::string tenant = {};                 //!< answers and budgets are never shared between tenants
  std::vector<std::string> accounts = {};  //!< further budgets that this call is charged to: "run:7"
  int sample = 0;    //!< which of several answers to the same request: each is asked and kept apart
  int priority = 0;  //!< greater goes first where calls queue
  std::string trace_id = {};
  std::optional<CachePolicy> cache = {};  //!< none: cached only where temperature is 0
};

//! A field that the provider does not have is an error (`unsupported`) where it would change what is
//! meant (images, tools), a warning in the reply where it would only steer (seed, top_k).
struct Request {
  std::string model = {};
  std::vector<Message> messages = {};
  std::optional<std::int64_t> max_output_tokens = {};
  std::optional<double> temperature = {};  //!< 0 .. 2, or what the provider allows
  std::optional<double> top_p = {};
  std::optional<std::int64_t> top_k = {};
  std::optional<std::int64_t> seed = {};
  std::vector<std::string> stop = {};
  std::optional<JsonFormat> json = {};
  std::vector<Tool> tools = {};
  ToolUse tool_use = ToolUse::automatic;
  std::string tool_name = {};  //!< with `ToolUse::named`
  std::optional<Effort> effort = {};
  std::string user = {};   //!< the end user, for the provider's abuse checks
  std::string extra = {};  //!< JSON object, merged into the body as it is sent
  CallOptions call = {};
};

struct EmbedRequest {
  std::string model = {};
  std::vector<std::string> inputs = {};
  std::optional<int> dimensions = {};
  CallOptions call = {};
};

//! "none", "minimal", ...
PERSONA_EXPORT std::string_view to_string(Effort effort);

}  // namespace persona::llm
