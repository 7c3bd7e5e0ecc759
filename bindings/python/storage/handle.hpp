//! What Python holds of a database: closed early, or with its last owner.
#pragma once

#include "kept_object.hpp"

#include <pybind11/pybind11.h>

#include <memory>
#include <string>
#include <utility>

namespace persona::python {

//! What stands before each use of a handle.
class Gate {
 public:
  virtual ~Gate() = default;
  //! Raises where nobody may come in now; what it returns is held for as long as the use lasts. With the GIL.
  virtual std::shared_ptr<void> enter() = 0;
  virtual bool is_for_good() const { return true; }  //!< the handle outlives the call that made it
};

template <class T>
class Handle {
 public:
  //! @param name  "storage": what it is called once it is closed
  //! @param gate  null: whoever comes may use it
  Handle(std::shared_ptr<T> kept, const char* name, std::shared_ptr<Gate> gate = nullptr)
      : kept_(std::move(kept)), name_(name), gate_(std::move(gate)) {}
  Handle(Handle&&) noexcept = default;
  Handle& operator=(Handle&&) = delete;
  ~Handle() { close(); }

  //! Shared, so that closing in one thread does not end a call in another.
  std::shared_ptr<T> use() const {
    const auto kept = kept_;  // may be closed while it waits at the gate
    if (kept == nullptr) throw pybind11::value_error(std::string("this ") + name_ + " is closed");
    if (gate_ == nullptr) return kept;
    const auto held = std::make_shared<std::pair<std::shared_ptr<T>, std::shared_ptr<void>>>(kept, gate_->enter());
    return {held, kept.get()};
  }

  bool is_open() const { return kept_ != nullptr; }
  bool is_for_good() const { return gate_ == nullptr || gate_->is_for_good(); }

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
  std::shared_ptr<Gate> gate_;
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
