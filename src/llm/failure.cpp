//! What an HTTP status means to a caller.
#include "failure.hpp"

#include <utility>

namespace persona::llm {
namespace {

Errc code_of_status(int status) {
  switch (status) {
    case 401: return Errc::unauthenticated;
    case 402: return Errc::quota_exceeded;
    case 403: return Errc::permission_denied;
    case 404: return Errc::not_found;
    case 408:
    case 409: return Errc::unavailable;
    case 413: return Errc::context_too_long;
    case 429: return Errc::rate_limited;
    case 501: return Errc::unsupported;
    default: return status >= 500 ? Errc::unavailable : Errc::invalid_argument;
  }
}

}  // namespace

Error failure_of(int status, std::string message) {
  const Errc code = code_of_status(status);
  Error error{code, std::move(message), {}};
  error.service = ServiceFailure{
      .status = status, .retryable = code == Errc::unavailable || code == Errc::rate_limited, .sent = status >= 500};
  return error;
}

}  // namespace persona::llm
