//! Anthropic's messages as they are written.
#pragma once

#include "llm/wire/dialect.hpp"

#include <memory>
#include <string>

namespace persona::llm::anthropic_api {

std::unique_ptr<wire::StreamReader> message_reader(std::string answer_tool, wire::Answer& answer);

}  // namespace persona::llm::anthropic_api
