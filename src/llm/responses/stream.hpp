//! OpenAI's responses as they are written.
#pragma once

#include "llm/wire/dialect.hpp"

#include <memory>

namespace persona::llm::responses_api {

std::unique_ptr<wire::StreamReader> response_reader(wire::Answer& answer);

}  // namespace persona::llm::responses_api
