//! The first thing wrong with a specification.
#pragma once

#include <persona/core/result.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "core/json_document.hpp"

namespace persona {

//! Base of who reads or checks: after a complaint nothing more is looked at.
class Complaints {
 public:
  std::optional<Error> error;  //!< the first one

  bool ok() const { return !error.has_value(); }
  Status status() const { return ok() ? Status() : tl::unexpected(*error); }

 protected:
  std::string subject;  //!< "attribute 'age'", leads every message

  //! Always false.
  bool complain(const JsonPath& path, std::string_view what, Errc code = Errc::invalid_argument) {
    if (ok()) error = Error{code, subject + ": " + std::string(what), path.text()};
    return false;
  }
};

}  // namespace persona
