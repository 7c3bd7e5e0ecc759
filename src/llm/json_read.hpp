//! What requests and replies have in common when they are read.
#pragma once

#include "json_fields.hpp"

#include <persona/llm/message.hpp>

namespace persona::llm {

void read_json(const Json& json, const JsonPlace& place, Status& status, ToolCall& call);
void read_json(const Json& json, const JsonPlace& place, Status& status, Thinking& thought);

//! Any of the values that have a `read_json` where this is used.
inline constexpr auto reads_json = [](const Json& json, const JsonPlace& place, Status& status, auto& out) {
  read_json(json, place, status, out);
};

}  // namespace persona::llm
