//! A request looked over before anything is sent, and the JSON texts in it read.
#pragma once

#include "core/json_document.hpp"

#include <persona/llm/request.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace persona::llm::wire {

struct Documents {
  Json schema = nullptr;              //!< of `Request::json`; null where there is none
  std::vector<Json> parameters = {};  //!< one for each tool
  Json extra = Json::object();
};

//! The schema with the format's description, for providers that have no other place for it.
Json described(const JsonFormat& format, Json schema);

//! What no provider could make sense of is told here, with the path of it in the request.
//! @errors invalid_argument; unsupported: a picture where only users may show one
Result<Documents> read_documents(const Request& request);

//! The arguments of a call as the object that some providers want back.
//! @errors invalid_argument: they are none
Result<Json> arguments_of(const ToolCall& call);

//! The name of the function that was called last under this id in the turns before.
//! @errors invalid_argument: none was
Result<std::string> name_of_call(std::span<const Message> before, std::string_view id);

}  // namespace persona::llm::wire
