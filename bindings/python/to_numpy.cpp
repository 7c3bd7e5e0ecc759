//! Columns as numpy arrays.
#include "to_numpy.hpp"

#include "value_caster.hpp"

#include <limits>

namespace persona::python {
namespace py = pybind11;
namespace {

// Shares the buffer: it lives as long as the last array or column that shows it.
template <class T>
py::array view(std::span<const T> values, const Column& column) {
  auto* owner = new std::shared_ptr<const Buffer>(column.parts().values);
  const py::capsule base(owner, [](void* held) { delete static_cast<std::shared_ptr<const Buffer>*>(held); });
  py::array array(py::dtype::of<T>(), {static_cast<py::ssize_t>(values.size())}, {}, values.data(), base);
  array.attr("setflags")(py::arg("write") = false);
  return array;
}

py::array numbers_array(const Column& column) {
  py::array_t<double> array(column.size());
  column.numbers(0, {array.mutable_data(), static_cast<std::size_t>(column.size())});
  return array;
}

py::array booleans_array(const Column& column) {
  if (column.null_count() > 0) return numbers_array(column);
  py::array_t<bool> array(column.size());
  auto* out = array.mutable_data();
  for (std::int64_t row = 0; row < column.size(); ++row) out[row] = column.number(row) != 0;
  return array;
}

py::array days_array(const Column& column) {
  if (column.null_count() == 0) return view(column.int32s(), column).attr("astype")("datetime64[D]");
  py::array_t<std::int64_t> array(column.size());
  const auto days = column.int32s();
  for (std::int64_t row = 0; row < column.size(); ++row)
    array.mutable_data()[row] =
        column.is_valid(row) ? days[static_cast<std::size_t>(row)] : std::numeric_limits<std::int64_t>::min();  // NaT
  return array.attr("view")("datetime64[D]");
}

py::array objects_array(const Column& column) {
  py::list values;
  if (column.type() == ColumnType::category) {
    py::list labels;  // one object a label, however many people have it
    for (const auto& label : *column.field().labels) labels.append(label);
    for (std::int64_t row = 0; row < column.size(); ++row) {
      const auto code = column.code(row);
      values.append(code < 0 ? py::object(py::none()) : py::object(labels[static_cast<std::size_t>(code)]));
    }
  } else {
    for (std::int64_t row = 0; row < column.size(); ++row) values.append(to_python(column.value(row)));
  }
  // Filled, not converted: numpy would turn lists of equal length into a second dimension.
  py::array array = py::module_::import("numpy").attr("empty")(column.size(), "O");
  if (column.size() > 0) array[py::slice(0, column.size(), 1)] = values;
  return array;
}

}  // namespace

py::array codes_array(const Column& column) {
  if (column.type() != ColumnType::category) throw py::type_error("column '" + column.name() + "' has no codes");
  switch (column.field().code_bytes) {
    case 1: return view(column.codes8(), column);
    case 2: return view(column.codes16(), column);
    default: return view(column.int32s(), column);
  }
}

py::array valid_array(const Column& column) {
  py::array_t<bool> array(column.size());
  auto* out = array.mutable_data();
  for (std::int64_t row = 0; row < column.size(); ++row) out[row] = column.is_valid(row);
  return array;
}

py::array to_numpy(const Column& column) {
  const bool complete = column.null_count() == 0;
  switch (column.type()) {
    case ColumnType::float64: return complete ? view(column.float64s(), column) : numbers_array(column);
    case ColumnType::int32: return complete ? view(column.int32s(), column) : numbers_array(column);
    case ColumnType::int64: return complete ? view(column.int64s(), column) : numbers_array(column);
    case ColumnType::boolean: return booleans_array(column);
    case ColumnType::date: return days_array(column);
    default: return objects_array(column);
  }
}

}  // namespace persona::python
