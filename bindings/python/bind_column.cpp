//! One attribute of many people.
#include "bind_struct.hpp"
#include "bindings.hpp"
#include "capsules.hpp"
#include "to_numpy.hpp"

namespace persona::python {
namespace py = pybind11;
namespace {

Field make_field(std::string name, ColumnType type, std::string unit, std::string description,
                 std::vector<std::string> labels, bool ordered, int decimals) {
  Field field{.name = std::move(name),
              .type = type,
              .unit = std::move(unit),
              .description = std::move(description),
              .decimals = decimals,
              .ordered = ordered,
              .code_bytes = 1,
              .labels = nullptr};
  if (type == ColumnType::list) field.code_bytes = 4;
  if (type != ColumnType::list && labels.size() > 127) field.code_bytes = labels.size() > 32'767 ? 4 : 2;
  if (!labels.empty()) field.labels = std::make_shared<const std::vector<std::string>>(std::move(labels));
  return field;
}

std::vector<std::string> labels_of(const Field& field) {
  return field.labels ? *field.labels : std::vector<std::string>{};
}

void bind_field(py::module_& m) {
  py::class_<Field>(m, "Field", "What a column is, without its values.")
      .def(py::init(&make_field), py::arg("name"), py::arg("type") = ColumnType::float64, py::arg("unit") = "",
           py::arg("description") = "", py::arg("labels") = py::list(), py::arg("ordered") = false,
           py::arg("decimals") = -1,
           "type is one of float64, int32, int64, boolean, date, category, text, list; category and list need labels.\n"
           "decimals: digits after the point that are ever needed, -1 is all.")
      .def_readonly("name", &Field::name)
      .def_readonly("type", &Field::type)
      .def_readonly("unit", &Field::unit)
      .def_readonly("description", &Field::description)
      .def_readonly("ordered", &Field::ordered)
      .def_property_readonly("labels", &labels_of)
      .def_readonly("decimals", &Field::decimals)
      .def(
          "__eq__", [](const Field& a, const Field& b) { return a == b; }, py::is_operator())
      .def("__repr__", [](const Field& field) { return "<Field '" + field.name + "': " + word(field.type) + ">"; });
}

std::int64_t row_of(std::int64_t row, std::int64_t size) {
  if (row < -size || row >= size) throw py::index_error("row " + std::to_string(row) + " of " + std::to_string(size));
  return row < 0 ? row + size : row;
}

std::vector<Value> values_of(const py::iterable& objects) {
  std::vector<Value> values;
  for (const auto object : objects) {
    Value value;
    if (!from_python(object, value))
      throw py::type_error("a column cannot hold a " + std::string(Py_TYPE(object.ptr())->tp_name));
    values.push_back(std::move(value));
  }
  return values;
}

py::object array_protocol(const Column& column, const py::object& dtype, const py::object& copy) {
  py::object array = to_numpy(column);
  const auto numpy = py::module_::import("numpy");
  const bool owns = array.attr("flags").attr("owndata").cast<bool>();
  if (!dtype.is_none() && !numpy.attr("dtype")(dtype).equal(array.attr("dtype"))) {
    if (!copy.is_none() && !copy.cast<bool>()) throw py::value_error("another dtype needs a copy");
    return array.attr("astype")(dtype);
  }
  return !copy.is_none() && copy.cast<bool>() && !owns ? array.attr("copy")() : array;
}

std::string column_repr(const Column& column) {
  std::string text = "<Column '" + column.name() + "': " + std::to_string(column.size()) + " x " + word(column.type());
  if (!column.field().unit.empty()) text += " in " + column.field().unit;
  if (column.null_count() > 0) text += ", " + std::to_string(column.null_count()) + " missing";
  return text + ">";
}

void bind_values(py::class_<Column>& type) {
  type.def_static(
          "from_values",
          [](Field field, const py::iterable& values) {
            return Column::from_values(std::move(field), values_of(values));
          },
          py::arg("field"), py::arg("values"),
          "A column of these values, None where missing.\n\n"
          "Raises InvalidArgument: a value that the field's type cannot hold.")
      .def("__len__", &Column::size)
      .def(
          "__getitem__",
          [](const Column& column, std::int64_t row) { return column.value(row_of(row, column.size())); },
          py::arg("row"))
      .def(
          "slice",
          [](const Column& column, std::int64_t first, std::int64_t count) {
            first = std::clamp<std::int64_t>(first, 0, column.size());
            return column.slice(first, std::clamp<std::int64_t>(count, 0, column.size() - first));
          },
          py::arg("first"), py::arg("count"), "Rows first .. first + count - 1, as far as there are; no copy.")
      .def(
          "to_list",
          [](const Column& column) {
            py::list values;
            for (std::int64_t row = 0; row < column.size(); ++row) values.append(to_python(column.value(row)));
            return values;
          },
          "Python objects, None where missing.")
      .def("__iter__", [](const py::object& self) { return py::iter(self.attr("to_list")()); });
}

void bind_arrays(py::class_<Column>& type) {
  type.def("to_numpy", &to_numpy,
           "Shape (n,). Numbers without missing values are a read-only view of the column's memory. With\n"
           "missing values: float64 with NaN. Dates: datetime64[D]. Yes or no: bool. Labels, text and\n"
           "lists: object, None where missing.")
      .def("__array__", &array_protocol, py::arg("dtype") = py::none(), py::arg("copy") = py::none())
      .def_property_readonly("codes", &codes_array,
                             "Shape (n,), int8, int16 or int32: index into `labels`; a view. Missing rows hold any\n"
                             "value, see `valid`. Raises TypeError for columns that are no category.")
      .def_property_readonly("valid", &valid_array, "Shape (n,), bool: False where the value is missing.")
      .def("__arrow_c_schema__", [](const Column& column) { return schema_capsule(column); })
      .def(
          "__arrow_c_array__", [](const Column& column, const py::object&) { return array_capsules(column); },
          py::arg("requested_schema") = py::none());
}

}  // namespace

void bind_column(py::module_& module) {
  bind_field(module);
  py::class_<Column> type(module, "Column", "One attribute of many people, in the Arrow memory layout. Never changes.");
  type.def_property_readonly("field", &Column::field)
      .def_property_readonly("name", &Column::name)
      .def_property_readonly("type", &Column::type)
      .def_property_readonly("unit", [](const Column& column) { return column.field().unit; })
      .def_property_readonly("description", [](const Column& column) { return column.field().description; })
      .def_property_readonly("ordered", [](const Column& column) { return column.field().ordered; })
      .def_property_readonly("labels", [](const Column& column) { return labels_of(column.field()); })
      .def_property_readonly("null_count", &Column::null_count)
      .def("__repr__", &column_repr);
  bind_values(type);
  bind_arrays(type);
}

}  // namespace persona::python
