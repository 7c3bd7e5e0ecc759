//! Why a request came to nothing.
#pragma once

#include "exchange.hpp"

namespace persona::http {

//! An error with ServiceFailure{status 0}.
Error service_error(Errc code, std::string message, bool retryable, bool sent);

//! What libcurl's code means to the caller, named after the exchange's origin alone: never a path, query,
//! header or the proxy, where secrets may stand.
Error curl_failure(const Exchange& exchange);

//! "5 s", "250 ms"
std::string in_words(std::chrono::milliseconds time);

}  // namespace persona::http
