//! What can go wrong, as a value.
#pragma once

#include <persona/core/config.hpp>
#include <persona/core/money.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace persona {

//! What the caller can do about an error. The message says what happened, and to what.
enum class Errc {
  invalid_argument,   //!< the request is wrong: mend it
  not_found,          //!< there is no such thing
  already_exists,     //!< the name is taken
  conflict,           //!< somebody else changed it: read again
  infeasible,         //!< well formed, but no population can satisfy it
  unsupported,        //!< this build, format or version cannot do it
  cancelled,          //!< the caller's stop token was triggered
  deadline_exceeded,  //!< the caller's deadline passed
  unavailable,        //!< a resource is busy or gone: try again
  io,                 //!< a file or stream failed
  corrupted,          //!< stored bytes are not what was written
  internal,           //!< a defect of persona

  // of services
  unauthenticated,    //!< a key is missing or wrong
  permission_denied,  //!< the key may not do this
  rate_limited,       //!< too fast: wait
  quota_exceeded,     //!< no money left, the provider's or your own budget's
  context_too_long,   //!< the input does not fit the model
  refused,            //!< the model or its provider declines to answer
  truncated,          //!< the answer was cut off before its end
  invalid_output,     //!< the answer is not what was asked for
};

//! What a remote service said when it failed.
struct ServiceFailure {
  int status = 0;               //!< HTTP; 0 where no answer came
  std::string type = {};        //!< the service's own word for it
  std::string request_id = {};  //!< for the service's support
  std::optional<std::chrono::milliseconds> retry_after = {};
  bool retryable = false;          //!< the same call may succeed later
  bool sent = false;               //!< the service may have done the work, and may charge for it
  std::optional<Money> cost = {};  //!< what the failure is booked at

  bool operator==(const ServiceFailure&) const = default;
};

//! One error: a code, a sentence that names the thing, and where it is.
struct Error {
  Errc code = Errc::internal;
  std::string message;  //!< no trailing dot, no "Error:"
  std::string path;     //!< JSON pointer into the document, or a file; empty where neither applies
  std::optional<ServiceFailure> service = {};

  bool operator==(const Error&) const = default;
};

//! "invalid_argument", ...
PERSONA_EXPORT std::string_view to_string(Errc code);

//! "invalid_argument at /attributes/3/round: attribute 'age': ..."
PERSONA_EXPORT std::string to_string(const Error& error);

}  // namespace persona
