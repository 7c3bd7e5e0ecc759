//! The Arrow PyCapsule Interface.
#include "capsules.hpp"

#include <memory>

namespace persona::python {
namespace py = pybind11;
namespace {

// Owns what nobody has taken: a consumer that moves the content out leaves release empty.
template <class T>
void destroy(PyObject* capsule) {
  auto* owned = static_cast<T*>(PyCapsule_GetPointer(capsule, PyCapsule_GetName(capsule)));
  if (owned->release != nullptr) owned->release(owned);
  delete owned;
}

template <class T>
py::object capsule(std::unique_ptr<T> owned, const char* name) {
  auto made = py::reinterpret_steal<py::object>(PyCapsule_New(owned.get(), name, &destroy<T>));
  if (!made) throw py::error_already_set();
  owned.release();
  return made;
}

template <class Source>
py::tuple both(const Source& source) {
  auto schema = std::make_unique<ArrowSchema>();
  auto array = std::make_unique<ArrowArray>();
  export_arrow(source, schema.get(), array.get());
  auto first = capsule(std::move(schema), "arrow_schema");
  return py::make_tuple(first, capsule(std::move(array), "arrow_array"));
}

}  // namespace

py::object schema_capsule(const Population& population) {
  return both(population.slice(0, 0))[0];
}
py::object schema_capsule(const Column& column) {
  return both(column.slice(0, 0))[0];
}
py::tuple array_capsules(const Population& population) {
  return both(population);
}
py::tuple array_capsules(const Column& column) {
  return both(column);
}

py::object stream_capsule(const Population& population) {
  auto stream = std::make_unique<ArrowArrayStream>();
  const auto next = [left = population, given = false]() mutable -> Result<Population> {
    if (std::exchange(given, true)) return left.slice(0, 0);
    return left;
  };
  export_arrow_stream(population.slice(0, 0), next, stream.get());
  return capsule(std::move(stream), "arrow_array_stream");
}

}  // namespace persona::python
