//! What Anthropic says when it fails.
#pragma once

#include "llm/wire/complaint.hpp"

namespace persona::llm::anthropic_api {

wire::Complaint read_complaint(const Json& document);

}  // namespace persona::llm::anthropic_api
