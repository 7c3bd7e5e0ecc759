//! Requests and replies as JSON documents, for files and caches.
#pragma once

#include <persona/core/result.hpp>
#include <persona/llm/reply.hpp>
#include <persona/llm/request.hpp>

#include <string>
#include <string_view>

namespace persona::llm {

//! On one line, without `call`; equal requests give equal bytes.
PERSONA_EXPORT std::string to_json(const Request& request);
PERSONA_EXPORT std::string to_json(const Reply& reply);

//! @errors invalid_argument: `path` points to what is wrong
[[nodiscard]] PERSONA_EXPORT Result<Request> parse_request(std::string_view json);
[[nodiscard]] PERSONA_EXPORT Result<Reply> parse_reply(std::string_view json);

}  // namespace persona::llm
