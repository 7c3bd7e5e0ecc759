//! What a response says when it fails: OpenAI's errors, also within an event or a response.
#pragma once

#include "llm/wire/complaint.hpp"

namespace persona::llm::responses_api {

wire::Complaint read_complaint(const Json& document);

}  // namespace persona::llm::responses_api
