//! Where OpenAI's APIs are and how one is let in.
#pragma once

#include "llm/openai/request.hpp"
#include "llm/wire/endpoint.hpp"

#include <persona/llm/openai.hpp>

#include <memory>
#include <string_view>

namespace persona::llm::openai_api {

inline constexpr std::string_view usual_base_url = "https://api.openai.com/v1";

//! What it knows, by what it is called and where it is.
Server server_of(const OpenAIOptions& options);

wire::Endpoint endpoint_of(std::shared_ptr<http::Transport> transport, const OpenAIOptions& options);

}  // namespace persona::llm::openai_api
