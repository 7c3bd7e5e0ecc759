//! Requests as Anthropic's messages.
#pragma once

#include "llm/wire/dialect.hpp"

#include <cstdint>
#include <string_view>

namespace persona::llm::anthropic_api {

//! How answers in JSON are asked for, and how long answers may be.
struct Habits {
  std::int64_t max_output_tokens = 4096;
  bool tool_for_json = false;
};

Result<wire::Prepared> message_request(const Request& request, const wire::Documents& documents, const Habits& habits,
                                       bool streamed);

//! The same without what only concerns the answer.
Result<wire::Prepared> count_request(const Request& request, const wire::Documents& documents, const Habits& habits);

//! The prefix of a signature that is the whole of a thought that Anthropic hides.
inline constexpr std::string_view redacted_mark = "redacted:";

}  // namespace persona::llm::anthropic_api
