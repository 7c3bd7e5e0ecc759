//! Requests as OpenAI's responses.
#pragma once

#include "llm/wire/dialect.hpp"

namespace persona::llm::responses_api {

Result<wire::Prepared> response_request(const Request& request, const wire::Documents& documents, bool streamed);

}  // namespace persona::llm::responses_api
