//! What Gemini says when it fails.
#pragma once

#include "llm/wire/complaint.hpp"

namespace persona::llm::gemini_api {

//! The document, or the one in a list of one; when to try again stands in its details.
wire::Complaint read_complaint(const Json& document);

}  // namespace persona::llm::gemini_api
