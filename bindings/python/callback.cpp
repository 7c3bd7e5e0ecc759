//! Functions of Python that C++ keeps.
#include "callback.hpp"

namespace persona::python {
namespace py = pybind11;
namespace {

bool interpreter_runs() {
#if PY_VERSION_HEX >= 0x030D0000
  return Py_IsInitialized() != 0 && Py_IsFinalizing() == 0;
#else
  return Py_IsInitialized() != 0 && _Py_IsFinalizing() == 0;
#endif
}

void let_go(py::object* function) {
  if (interpreter_runs()) {
    const py::gil_scoped_acquire acquire;
    delete function;
    return;
  }
  function->release();  // nobody is left to take it
  delete function;
}

}  // namespace

Callback::Callback(py::object function) : function_(new py::object(std::move(function)), let_go) {}

}  // namespace persona::python
