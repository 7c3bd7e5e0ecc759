//! OpenAI's responses as answers.
#pragma once

#include "llm/wire/answer.hpp"

#include "core/json_document.hpp"

namespace persona::llm::responses_api {

Status read_response(const Json& response, wire::Answer& answer);

//! What an item adds that its pieces do not: a thought's signature, the name of a call.
Status read_item(const Json& item, std::size_t index, wire::Answer& answer);

//! Identification, usage and how it ended.
void take_end(const Json& response, wire::Answer& answer);

//! "ID ENCRYPTED", so that the thought can be given back.
std::string signature_of(const Json& reasoning);

}  // namespace persona::llm::responses_api
