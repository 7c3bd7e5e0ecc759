//! Chat completions as answers.
#pragma once

#include "llm/wire/answer.hpp"

#include "core/json_document.hpp"

#include <optional>
#include <string_view>

namespace persona::llm::openai_api {

Status read_chat(const Json& document, wire::Answer& answer);

Finish finish_of(std::string_view reason);

//! None where there is none.
std::optional<Usage> usage_of(const Json& usage);

//! Adds what a message or a stream's delta holds besides tool calls.
Status add_words(const Json& message, wire::Answer& answer);

}  // namespace persona::llm::openai_api
