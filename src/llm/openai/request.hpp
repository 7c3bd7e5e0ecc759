//! Requests as OpenAI's chat completions.
#pragma once

#include "llm/wire/dialect.hpp"

#include <string_view>

namespace persona::llm::openai_api {

//! What the server at the other end knows.
struct Server {
  bool max_completion_tokens = true;  //!< false: only the older `max_tokens`
  bool safety_identifier = true;      //!< false: only the older `user`
  bool obfuscation = true;            //!< pads streams with random text unless told not to
  bool top_k = false;
};

Result<wire::Prepared> chat_request(const Request& request, const wire::Documents& documents, const Server& server,
                                    bool streamed);

//! The schema of a JSON answer: name, schema and whether it is strict, with a warning where it cannot be.
Json schema_format(const JsonFormat& format, const Json& schema, std::vector<std::string>& warnings);

//! "data:image/png;base64,...", or the URL.
std::string picture_url(const Image& image);

std::string_view effort_word(Effort effort);

}  // namespace persona::llm::openai_api
