//! Errors of the library as exceptions of Python, and back.
#include "result_caster.hpp"
#include "seconds_caster.hpp"

#include <pybind11/gil.h>
#include <pybind11/stl.h>

#include <array>
#include <utility>

namespace persona::python {
namespace py = pybind11;
namespace {

struct Named {
  Errc code;
  const char* exception;
};

constexpr std::array<Named, 20> exceptions{{
    {Errc::invalid_argument, "InvalidArgument"},
    {Errc::not_found, "NotFound"},
    {Errc::already_exists, "AlreadyExists"},
    {Errc::conflict, "Conflict"},
    {Errc::infeasible, "Infeasible"},
    {Errc::unsupported, "Unsupported"},
    {Errc::cancelled, "Cancelled"},
    {Errc::deadline_exceeded, "DeadlineExceeded"},
    {Errc::unavailable, "Unavailable"},
    {Errc::io, "IoError"},
    {Errc::corrupted, "Corrupted"},
    {Errc::unauthenticated, "Unauthenticated"},
    {Errc::permission_denied, "PermissionDenied"},
    {Errc::rate_limited, "RateLimited"},
    {Errc::quota_exceeded, "QuotaExceeded"},
    {Errc::context_too_long, "ContextTooLong"},
    {Errc::refused, "Refused"},
    {Errc::truncated, "Truncated"},
    {Errc::invalid_output, "InvalidOutput"},
    {Errc::internal, "Internal"},
}};

const char* class_name(Errc code) {
  for (const auto& named : exceptions)
    if (named.code == code) return named.exception;
  return "Internal";
}

Errc code_named(const std::string& code) {
  for (const auto& named : exceptions)
    if (to_string(named.code) == code) return named.code;
  return Errc::internal;
}

py::module_ errors() {
  return py::module_::import("persona._errors");
}

py::object service_object(const ServiceFailure& service) {
  return errors().attr("ServiceFailure")(service.status, service.type, service.request_id, service.retry_after,
                                         service.retryable, service.sent, service.cost);
}

ServiceFailure service_of(const py::handle& object) {
  return {.status = object.attr("status").cast<int>(),
          .type = object.attr("type").cast<std::string>(),
          .request_id = object.attr("request_id").cast<std::string>(),
          .retry_after = object.attr("retry_after").cast<std::optional<std::chrono::milliseconds>>(),
          .retryable = object.attr("retryable").cast<bool>(),
          .sent = object.attr("sent").cast<bool>(),
          .cost = object.attr("cost").cast<std::optional<Money>>()};
}

// "ValueError: no such file (mine.py:12)": where it was raised is all that is left of it.
std::string told(const py::handle& exception) {
  const auto text = py::str(exception).cast<std::string>();
  std::string name = py::str(py::type::of(exception).attr("__name__"));
  std::string place;
  for (py::object at = exception.attr("__traceback__"); !at.is_none(); at = at.attr("tb_next")) {
    const auto file = at.attr("tb_frame").attr("f_code").attr("co_filename").cast<std::string>();
    place = " (" + file.substr(file.rfind('/') + 1) + ":" + std::string(py::str(at.attr("tb_lineno"))) + ")";
  }
  return name + (text.empty() ? "" : ": " + text) + place;
}

}  // namespace

py::object to_exception(const Error& error) {
  const auto type = errors().attr(class_name(error.code));
  return type(error.message, error.path, error.service ? service_object(*error.service) : py::none());
}

Error from_exception(const py::handle& exception) {
  if (py::isinstance(exception, errors().attr("PersonaError"))) {
    Error error{code_named(exception.attr("code").cast<std::string>()), exception.attr("message").cast<std::string>(),
                exception.attr("path").cast<std::string>()};
    if (const py::object service = exception.attr("service"); !service.is_none()) error.service = service_of(service);
    return error;
  }
  if (PyErr_GivenExceptionMatches(exception.ptr(), PyExc_NotImplementedError) != 0)
    return {Errc::unsupported, told(exception), {}};
  if (PyErr_GivenExceptionMatches(exception.ptr(), PyExc_KeyboardInterrupt) != 0) {
    PyErr_SetInterrupt();  // it was taken here, and is owed to the main thread
    return {Errc::cancelled, "stopped by Ctrl-C", {}};
  }
  return {Errc::internal, told(exception), {}};
}

Error from_raised(const py::error_already_set& raised) {
  if (raised.trace()) PyException_SetTraceback(raised.value().ptr(), raised.trace().ptr());
  return from_exception(raised.value());
}

void tell_unraisable(py::error_already_set& raised, const py::object& where) {
  if (raised.matches(PyExc_KeyboardInterrupt)) return PyErr_SetInterrupt();
  raised.discard_as_unraisable(where);
}

void raise(const Error& error) {
  const auto exception = to_exception(error);
  PyErr_SetObject(py::type::of(exception).ptr(), exception.ptr());
  throw py::error_already_set();
}

}  // namespace persona::python
