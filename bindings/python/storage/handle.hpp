//! What Python holds of a database: closed early, or with its last owner.
#pragma once

#include "kept_object.hpp"

#include <pybind11/pybind11.h>

#include <memory>
#include <string>
#include <utility>

namespace persona::python {

template <class T>
class Handle {
 public:
  //! @param name  "storage": what it is called once it is closed
  Handle(std::shared_ptr<T> kept, const char* name) : kept_(std::move(kept)), name_(name) {}
  Handle(Handle&&) noexcept = default;
  Handle& operator=(Handle&&) = delete;
  ~Handle() { close(); }

  //! Shared, so that closing in one thread does not end a call in another.
  std::shared_ptr<T> use() const {
    if (kept_ == nullptr) throw pybind11::value_error(std::string("this ") + name_ + " is closed");
    return kept_;
  }

  //! With the GIL, which is let go meanwhile: connections and threads end.
  void close() {
    auto kept = std::exchange(kept_, nullptr);
    if (kept == nullptr || !python_runs()) return;
    const pybind11::gil_scoped_release release;
    kept.reset();
  }

 private:
  std::shared_ptr<T> kept_;
  const char* name_;
};

//! `close`, and `with`.
template <class Type>
void def_closing(Type& type) {
  namespace py = pybind11;
  type.def("close", &Type::type::close, "Lets go of the database; the end of a `with` block does it too.")
      .def("__enter__", [](const py::object& self) { return self; })
      .def("__exit__", [](typename Type::type& self, const py::args&) { self.close(); });
}

}  // namespace persona::python
