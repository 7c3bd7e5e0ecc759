//! Many people, and one of them.
#include "bind_struct.hpp"
#include "bindings.hpp"
#include "capsules.hpp"
#include "interruptible.hpp"

#include <persona/population/export.hpp>
#include <persona/population/summary.hpp>

#include <algorithm>
#include <cmath>

namespace persona::python {
namespace py = pybind11;
namespace {

py::object value_of(const Persona& persona, const std::string& attribute) {
  if (const auto* value = persona.find(attribute)) return to_python(*value);
  throw py::key_error("no attribute '" + attribute + "'");
}

py::list names_of(const Persona& persona) {
  py::list names;
  for (const auto& [name, value] : persona.attributes) names.append(name);
  return names;
}

py::dict values_by_name(const Persona& persona) {
  py::dict values;
  for (const auto& [name, value] : persona.attributes) values[py::str(name)] = to_python(value);
  return values;
}

Persona make_persona(const py::dict& attributes, std::string spec_hash, std::uint64_t seed, std::uint64_t index) {
  Persona persona;
  persona.spec_hash = std::move(spec_hash);
  persona.seed = seed;
  persona.index = index;
  for (const auto& [name, value] : attributes)
    persona.attributes.emplace_back(name.cast<std::string>(), value.cast<Value>());
  return persona;
}

void bind_persona(py::module_& m) {
  py::class_<Persona>(m, "Persona", "One person: p[\"age\"], dict(p). Missing values are None.")
      .def(py::init(&make_persona), py::arg("attributes"), py::arg("spec_hash") = "", py::arg("seed") = 0,
           py::arg("index") = 0, "attributes: a dict of their values.")
      .def_readonly("spec_hash", &Persona::spec_hash)
      .def_readonly("seed", &Persona::seed)
      .def_readonly("index", &Persona::index)
      .def("__getitem__", &value_of, py::arg("attribute"))
      .def(
          "__contains__", [](const Persona& persona, const std::string& name) { return persona.find(name) != nullptr; },
          py::arg("attribute"))
      .def("__len__", [](const Persona& persona) { return persona.attributes.size(); })
      .def("__iter__", [](const Persona& persona) { return py::iter(names_of(persona)); })
      .def("keys", &names_of, "Names of the attributes, in the specification's order.")
      .def(
          "values", [](const Persona& persona) { return py::list(values_by_name(persona).attr("values")()); },
          "In the same order.")
      .def(
          "items", [](const Persona& persona) { return py::list(values_by_name(persona).attr("items")()); },
          "Pairs of name and value.")
      .def(
          "get",
          [](const Persona& persona, const std::string& name, const py::object& otherwise) {
            const auto* value = persona.find(name);
            return value != nullptr ? to_python(*value) : otherwise;
          },
          py::arg("attribute"), py::arg("default") = py::none(),
          "The value, or `default` where there is no such attribute.")
      .def(
          "to_json", [](const Persona& persona) { return to_json(persona); },
          "One JSON object: attributes in order, missing as null.")
      .def(
          "__eq__", [](const Persona& a, const Persona& b) { return a == b; }, py::is_operator())
      .def("__repr__", [](const Persona& persona) {
        return "Persona(" + py::repr(values_by_name(persona)).cast<std::string>() + ")";
      });
}

void bind_summary(py::module_& m) {
  bind_answer(m, "ColumnSummary", "One column in a few numbers; NaN where a number makes no sense.",
              member("field", &ColumnSummary::field), member("count", &ColumnSummary::count),
              member("missing", &ColumnSummary::missing), member("mean", &ColumnSummary::mean),
              member("sd", &ColumnSummary::sd), member("min", &ColumnSummary::min), member("max", &ColumnSummary::max),
              member("quantiles", &ColumnSummary::quantiles), member("top", &ColumnSummary::top))
      .def_property_readonly("name", [](const ColumnSummary& column) { return column.field.name; });
  py::class_<Summary>(m, "Summary", "A population at a glance; str() is a table.")
      .def_readonly("rows", &Summary::rows)
      .def_readonly("weight", &Summary::weight)
      .def_readonly("columns", &Summary::columns)
      .def(
          "__getitem__",
          [](const Summary& summary, const std::string& name) {
            for (const auto& column : summary.columns)
              if (column.field.name == name) return column;
            throw py::key_error("no column '" + name + "'");
          },
          py::arg("name"))
      .def(
          "to_text", [](const Summary& summary, int width) { return to_text(summary, width); }, py::arg("width") = 100,
          "A table of so many columns of text.")
      .def("__str__", [](const Summary& summary) { return to_text(summary); })
      .def("__repr__", [](const Summary& summary) { return to_text(summary); });
}

Population rows_of(const Population& population, const py::slice& slice) {
  py::ssize_t first = 0, stop = 0, step = 1, count = 0;
  if (!slice.compute(population.size(), &first, &stop, &step, &count)) throw py::error_already_set();
  if (step == 1) return population.slice(first, count);
  std::vector<std::int64_t> rows(static_cast<std::size_t>(count));
  for (py::ssize_t i = 0; i < count; ++i) rows[static_cast<std::size_t>(i)] = first + i * step;
  return population.take(rows);
}

Persona person_of(const Population& population, std::int64_t row) {
  const auto size = population.size();
  if (row < -size || row >= size) throw py::index_error("row " + std::to_string(row) + " of " + std::to_string(size));
  return population.person(row < 0 ? row + size : row);
}

Population taken(const Population& population, const std::vector<std::int64_t>& rows) {
  for (const auto row : rows)
    if (row < 0 || row >= population.size())
      throw py::index_error("row " + std::to_string(row) + " of " + std::to_string(population.size()));
  return population.take(rows);
}

std::vector<std::string> column_names(const Population& population) {
  std::vector<std::string> names;
  for (const auto& column : population.columns()) names.push_back(column.name());
  return names;
}

py::dict groups(const Population& population, const std::string& column) {
  auto found = interruptible([&](const Context&) { return population.group(column); });
  py::dict groups;
  for (auto& [value, people] : found) groups[to_python(value)] = py::cast(std::move(people));
  return groups;
}

void write_people(const Population& population, const py::object& path, std::optional<FileFormat> format) {
  const auto file = py::module_::import("os").attr("fspath")(path).cast<std::string>();
  interruptible([&](const Context& context) -> Status {
    const auto chosen = format ? Result<FileFormat>(*format) : format_of(file);
    if (!chosen) return tl::unexpected(chosen.error());
    auto sink = open_file_sink(file, *chosen);
    if (!sink) return tl::unexpected(sink.error());
    constexpr std::int64_t batch = 65'536;
    for (std::int64_t first = 0; first == 0 || first < population.size(); first += batch) {
      if (auto alive = context.check(); !alive) return alive;
      const auto part = population.slice(first, std::min(batch, population.size() - first));
      if (auto appended = (*sink)->append(part); !appended) return appended;
    }
    return (*sink)->finish();
  });
}

void bind_access(py::class_<Population>& type) {
  type.def_static(
          "make",
          [](std::vector<Column> columns, Origin origin) {
            return Population::make(std::move(columns), std::move(origin));
          },
          py::arg("columns"), py::arg("origin") = Origin{},
          "Of equally long columns.\n\nRaises InvalidArgument: unequal lengths, or a name twice.")
      .def("__len__", &Population::size)
      .def_property_readonly("names", &column_names, "Names of the columns, in order.")
      .def_property_readonly(
          "columns",
          [](const Population& population) {
            return std::vector<Column>(population.columns().begin(), population.columns().end());
          },
          "The columns, in order.")
      .def_property_readonly("origin", &Population::origin, "Where the rows came from, an Origin.")
      .def_property_readonly("nbytes", &Population::bytes, "Bytes held by the columns.")
      .def(
          "__getitem__", [](const Population& population, const std::string& name) { return population.column(name); },
          py::arg("name"), "A column by its name, one person by its row, or some people by a slice of rows.")
      .def("__getitem__", &person_of, py::arg("row"))
      .def("__getitem__", &rows_of, py::arg("rows"))
      .def(
          "__iter__",
          [](const py::object& self) { return py::reinterpret_steal<py::iterator>(PySeqIter_New(self.ptr())); },
          "The people, one by one.")
      .def(
          "__contains__",
          [](const Population& population, const std::string& name) { return population.find(name) != nullptr; },
          py::arg("name"))
      .def("person", &person_of, py::arg("row"), "One person as a value.")
      .def(
          "__eq__", [](const Population& a, const Population& b) { return a == b; }, py::is_operator());
}

void bind_choosing(py::class_<Population>& type) {
  type.def(
          "filter",
          [](const Population& population, const std::string& expression) {
            return interruptible([&](const Context&) { return population.filter(expression); });
          },
          py::arg("expression"),
          "The people for whom an expression holds: filter(\"age >= 65 and sex == 'female'\").\n\n"
          "Raises InvalidArgument: it does not parse, or names no column.")
      .def(
          "slice",
          [](const Population& population, std::int64_t first, std::int64_t count) {
            first = std::clamp<std::int64_t>(first, 0, population.size());
            return population.slice(first, std::clamp<std::int64_t>(count, 0, population.size() - first));
          },
          py::arg("first"), py::arg("count"), "Rows first .. first + count - 1, as far as there are; no copy.")
      .def("take", &taken, py::arg("rows"), "These rows, in this order.")
      .def(
          "select",
          [](const Population& population, const std::vector<std::string>& names) { return population.select(names); },
          py::arg("names"), "These columns; no copy.\n\nRaises NotFound.")
      .def(
          "sample",
          [](const Population& population, std::int64_t count, std::uint64_t seed) {
            return population.sample(count, seed);
          },
          py::arg("count"), py::arg("seed") = 0,
          "Different people, every set equally likely, in rising row order.\n\nRaises InvalidArgument: more than there "
          "are.")
      .def("group", &groups, py::arg("column"),
           "A dict: one population per value, in rising order; None last, for those where it is missing.")
      .def_static(
          "concatenate", [](const std::vector<Population>& parts) { return Population::concatenate(parts); },
          py::arg("parts"), "One below the other.\n\nRaises InvalidArgument: columns that differ in name or type.")
      .def(
          "summary",
          [](const Population& population, const std::string& weights) {
            return interruptible([&](const Context&) { return summarize(population, weights); });
          },
          py::arg("weights") = "",
          "Count, mean, sd, quantiles and most frequent labels.\n\n"
          "weights names a numeric column with weights >= 0. Raises NotFound, InvalidArgument.");
}

void bind_input(py::module_& m, py::class_<Population>& type) {
  type.def_static(
      "from_arrow", &population_of, py::arg("table"),
      "Out of a pyarrow Table or RecordBatch, a Polars or pandas (2.2 or later) DataFrame, a DuckDB result: "
      "anything with\n__arrow_c_stream__ or __arrow_c_array__. Values are copied; chunks are joined, and "
      "their dictionaries merged.\n\n"
      "Whole numbers become int32 or int64, others float64, text text, a dictionary of text (Categorical) a "
      "category with\nits order of labels, date32 and date64 dates, lists of text lists of labels, null "
      "text that is missing.\n\n"
      "Raises Unsupported: another type, naming column and type; InvalidArgument: a value beyond int64 or "
      "text that is\nnot UTF-8, naming column and row; a name twice. TypeError: not Arrow.");
  m.def(
      "read_arrow",
      [](const py::object& path) {
        const auto file = py::module_::import("os").attr("fspath")(path).cast<std::string>();
        return interruptible([&](const Context&) { return read_arrow(file); });
      },
      py::arg("path"),
      "A Population out of an Arrow IPC file or stream, or a Feather file of version 2; not compressed. Types as in\n"
      "Population.from_arrow.\n\n"
      "Raises NotFound, IoError; Unsupported: compressed, or a type that is not read; Corrupted: cut off, or not "
      "Arrow.");
  m.def(
      "parse_arrow",
      [](const py::bytes& data) {
        const std::string_view bytes = data;
        return interruptible([&](const Context&) { return parse_arrow(bytes); });
      },
      py::arg("data"), "As read_arrow, out of bytes of any origin.");
}

void bind_output(py::class_<Population>& type) {
  type.def("write", &write_people, py::arg("path"), py::arg("format") = py::none(),
           "Into a file, by its extension: .csv .ndjson .jsonl .arrow .feather. It appears whole or not at all.\n\n"
           "Raises IoError, Unsupported.")
      .def(
          "to_csv", [](const Population& population) { return to_csv(population); },
          "As text: a line of names, a line a person.")
      .def(
          "to_ndjson", [](const Population& population) { return to_ndjson(population); },
          "As text: one JSON object a line.")
      .def(
          "to_pandas",
          [](const py::object& self) { return py::module_::import("persona._pandas").attr("to_pandas")(self); },
          "A pandas.DataFrame; numbers share memory, labels become Categorical.")
      .def("__arrow_c_schema__", [](const Population& population) { return schema_capsule(population); })
      .def(
          "__arrow_c_array__",
          [](const Population& population, const py::object&) { return array_capsules(population); },
          py::arg("requested_schema") = py::none())
      .def(
          "__arrow_c_stream__",
          [](const Population& population, const py::object&) { return stream_capsule(population); },
          py::arg("requested_schema") = py::none())
      .def("_repr_html_",
           [](const py::object& self) { return py::module_::import("persona._html").attr("population_html")(self); })
      .def("__repr__", [](const Population& population) {
        return "<Population: " + std::to_string(population.size()) + " people x " +
               std::to_string(population.columns().size()) + " attributes>";
      });
}

}  // namespace

void bind_population(py::module_& module) {
  bind_persona(module);
  bind_summary(module);
  bind_struct(module, "Origin", "Where rows came from: person start + i is row i. spec_hash is empty if not generated.",
              member("spec_hash", &Origin::spec_hash), member("seed", &Origin::seed), member("start", &Origin::start));
  py::class_<Population> type(module, "Population",
                              "Many people as equally long columns. Never changes; parts share memory.");
  bind_access(type);
  bind_choosing(type);
  bind_input(module, type);
  bind_output(type);
}

}  // namespace persona::python
