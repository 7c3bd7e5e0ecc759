//! A Result becomes its value, or raises.
#pragma once

#include <persona/core/result.hpp>

#include <pybind11/pybind11.h>

namespace persona::python {

//! Raises the class of `persona._errors` that stands for the code.
[[noreturn]] void raise(const Error& error);

//! The same exception as an object, and the error that an exception stands for: of another class than
//! persona's, `internal` with its name and place. With the GIL.
pybind11::object to_exception(const Error& error);
Error from_exception(const pybind11::handle& exception);
Error from_raised(const pybind11::error_already_set& raised);

//! Tells `sys.unraisablehook` what nobody else can be told; a KeyboardInterrupt is owed to the main thread.
void tell_unraisable(pybind11::error_already_set& raised, const pybind11::object& where);

//! The value, or raises.
template <class T>
T unwrap(Result<T> result) {
  if (!result) raise(result.error());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace persona::python

namespace pybind11::detail {

template <class T>
struct type_caster<tl::expected<T, persona::Error>> {
  static constexpr auto name = make_caster<std::conditional_t<std::is_void_v<T>, void_type, T>>::name;

  template <class R>
  static handle cast(R&& result, return_value_policy, handle parent) {
    if (!result) persona::python::raise(result.error());
    if constexpr (std::is_void_v<T>) {
      return none().release();
    } else {
      return make_caster<T>::cast(std::forward<R>(result).value(), return_value_policy::move, parent);
    }
  }
};

}  // namespace pybind11::detail
