//! What must not leave the house.
#pragma once

#include <persona/llm/provider.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace persona::llm {

//! A text without what others may not see. Called from any thread; equal texts must give equal ones.
using RedactText = std::function<std::string(std::string_view text)>;

//! Puts the text of every message, tool result and input of embeddings through `redact`, and the end user's name,
//! before it is kept or sent. Pictures, schemas and what the model itself wrote in tool calls and thoughts stay as
//! they are; so do replies.
PERSONA_EXPORT Provider redacted(Provider provider, RedactText redact);

}  // namespace persona::llm
