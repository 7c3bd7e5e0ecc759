//! An object of Python that C++ keeps on any thread.
#pragma once

#include <pybind11/pybind11.h>

#include <utility>

namespace persona::python {

//! Whether there is an interpreter to talk to.
inline bool python_runs() {
#if PY_VERSION_HEX >= 0x030D0000
  return Py_IsInitialized() != 0 && Py_IsFinalizing() == 0;
#else
  return Py_IsInitialized() != 0 && _Py_IsFinalizing() == 0;
#endif
}

//! Let go with the GIL, whoever does it; not at all where Python has ended.
class KeptObject {
 public:
  explicit KeptObject(pybind11::object object) : object_(std::move(object)) {}
  KeptObject(const KeptObject&) = delete;
  KeptObject& operator=(const KeptObject&) = delete;
  ~KeptObject() {
    if (!python_runs()) {
      object_.release();
      return;
    }
    const pybind11::gil_scoped_acquire acquire;
    object_ = pybind11::object();
  }

  const pybind11::object& get() const { return object_; }  // with the GIL

 private:
  pybind11::object object_;
};

}  // namespace persona::python
