//! What an HTTP status means to a caller, wherever it comes from.
#pragma once

#include <persona/core/result.hpp>

namespace persona::llm {

//! Code and `retryable` by the status alone; a dialect that knows better overrules. 408, 409, 429, 5xx but 501 can
//! be tried again; `sent` from 500 on: the work may have been done.
Error failure_of(int status, std::string message);

}  // namespace persona::llm
