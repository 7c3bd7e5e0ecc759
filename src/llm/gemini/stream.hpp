//! Gemini's content as it is written.
#pragma once

#include "llm/wire/dialect.hpp"

#include <memory>

namespace persona::llm::gemini_api {

std::unique_ptr<wire::StreamReader> content_reader(wire::Answer& answer);

}  // namespace persona::llm::gemini_api
