//! Errors of the library as exceptions of Python.
#include "result_caster.hpp"

#include <pybind11/gil.h>

namespace persona::python {
namespace py = pybind11;
namespace {

const char* class_name(Errc code) {
  switch (code) {
    case Errc::invalid_argument: return "InvalidArgument";
    case Errc::not_found: return "NotFound";
    case Errc::already_exists: return "AlreadyExists";
    case Errc::conflict: return "Conflict";
    case Errc::infeasible: return "Infeasible";
    case Errc::unsupported: return "Unsupported";
    case Errc::cancelled: return "Cancelled";
    case Errc::deadline_exceeded: return "DeadlineExceeded";
    case Errc::unavailable: return "Unavailable";
    case Errc::io: return "IoError";
    case Errc::corrupted: return "Corrupted";
    case Errc::unauthenticated: return "Unauthenticated";
    case Errc::permission_denied: return "PermissionDenied";
    case Errc::rate_limited: return "RateLimited";
    case Errc::quota_exceeded: return "QuotaExceeded";
    case Errc::context_too_long: return "ContextTooLong";
    case Errc::refused: return "Refused";
    case Errc::truncated: return "Truncated";
    case Errc::invalid_output: return "InvalidOutput";
    case Errc::internal: break;
  }
  return "Internal";
}

}  // namespace

void raise(const Error& error) {
  const auto type = py::module_::import("persona._errors").attr(class_name(error.code));
  PyErr_SetObject(type.ptr(), type(error.message, error.path).ptr());
  throw py::error_already_set();
}

}  // namespace persona::python
