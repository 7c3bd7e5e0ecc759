//! What can go wrong, as a value.
#pragma once

#include <persona/core/config.hpp>

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
};

//! One error: a code, a sentence that names the thing, and where it is.
struct Error {
  Errc code = Errc::internal;
  std::string message;  //!< no trailing dot, no "Error:"
  std::string path;     //!< JSON pointer into the document, or a file; empty where neither applies

  bool operator==(const Error&) const = default;
};

//! "invalid_argument", ...
PERSONA_EXPORT std::string_view to_string(Errc code);

//! "invalid_argument at /attributes/3/round: attribute 'age': ..."
PERSONA_EXPORT std::string to_string(const Error& error);

}  // namespace persona
