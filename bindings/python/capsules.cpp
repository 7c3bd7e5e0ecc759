//! The Arrow PyCapsule Interface.
#include "capsules.hpp"

#include "result_caster.hpp"

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

// What a producer put into a capsule; importing it leaves release empty there.
template <class T>
T* held(const py::object& capsule, const char* name) {
  auto* content = static_cast<T*>(PyCapsule_GetPointer(capsule.ptr(), name));
  if (content == nullptr) throw py::error_already_set();
  return content;
}

// Producers in Python take the GIL themselves where they need it; threads of others may wait for it.
template <class Import>
Population imported(Import&& import) {
  Result<Population> population;
  {
    const py::gil_scoped_release released;
    population = import();
  }
  return unwrap(std::move(population));
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

Population population_of(const py::object& arrow) {
  if (py::hasattr(arrow, "__arrow_c_stream__")) {
    const py::object capsule = arrow.attr("__arrow_c_stream__")();
    auto* stream = held<ArrowArrayStream>(capsule, "arrow_array_stream");
    return imported([&] { return import_arrow_stream(stream); });
  }
  if (py::hasattr(arrow, "__arrow_c_array__")) {
    const auto capsules = arrow.attr("__arrow_c_array__")().cast<std::pair<py::object, py::object>>();
    auto* schema = held<ArrowSchema>(capsules.first, "arrow_schema");
    auto* array = held<ArrowArray>(capsules.second, "arrow_array");
    return imported([&] { return import_arrow(schema, array); });
  }
  const auto type = py::str(py::type::handle_of(arrow).attr("__name__")).cast<std::string>();
  throw py::type_error(
      "a table with __arrow_c_stream__ or __arrow_c_array__ is wanted (pyarrow, pandas >= 2.2, Polars, "
      "DuckDB), this is a " +
      type);
}

}  // namespace persona::python
