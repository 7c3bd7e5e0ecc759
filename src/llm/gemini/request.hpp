//! Requests as Gemini's content.
#pragma once

#include "llm/wire/dialect.hpp"

#include <string>
#include <string_view>

namespace persona::llm::gemini_api {

Result<wire::Prepared> content_request(const Request& request, const wire::Documents& documents, bool streamed);
Result<wire::Prepared> count_request(const Request& request, const wire::Documents& documents);

//! "models/gemini-2.5-flash", also for the model's name alone.
std::string model_path(std::string_view model);

}  // namespace persona::llm::gemini_api
