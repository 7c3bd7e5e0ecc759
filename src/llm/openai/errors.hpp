//! What OpenAI and servers like it say when they fail.
#pragma once

#include "llm/wire/complaint.hpp"

namespace persona::llm::openai_api {

//! Of OpenAI, Azure, vLLM, llama.cpp (whose code is a number), LiteLLM and FastAPI.
wire::Complaint read_complaint(const Json& document);

}  // namespace persona::llm::openai_api
