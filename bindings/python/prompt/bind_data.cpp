//! Labelled examples.
#include "bind_prompt.hpp"
#include "fields_caster.hpp"
#include "llm/bind_fields.hpp"

#include <persona/population/population.hpp>
#include <persona/prompt/dataset.hpp>

namespace persona::python {
namespace py = pybind11;
using namespace prompt;
namespace {

Dataset made(std::vector<Example> examples) {
  return unwrap(Dataset::make(std::move(examples)));
}

Dataset slice_of(const Dataset& self, const py::slice& slice) {
  std::size_t start = 0, stop = 0, step = 0, count = 0;
  if (!slice.compute(self.size(), &start, &stop, &step, &count)) throw py::error_already_set();
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < count; ++i, start += step) rows.push_back(start);
  return self.take(rows);
}

void bind_dataset(py::module_& m) {
  py::class_<Dataset>(m, "Dataset", "Examples in order. Their ids name them in ledgers and reports.")
      .def(py::init(&made), py::arg("examples") = std::vector<Example>(),
           "Raises InvalidArgument: an id twice, a weight that is not positive.")
      .def("__len__", &Dataset::size)
      .def("__getitem__",
           [](const Dataset& self, std::int64_t i) {
             const auto size = static_cast<std::int64_t>(self.size());
             if (i < -size || i >= size) throw py::index_error("there are " + std::to_string(size) + " examples");
             return self[static_cast<std::size_t>(i < 0 ? i + size : i)];
           })
      .def("__getitem__", &slice_of)
      .def(
          "__iter__", [](const Dataset& self) { return py::make_iterator(self.begin(), self.end()); },
          py::keep_alive<0, 1>())
      .def("shuffled", &Dataset::shuffled, py::arg("seed"), "The same examples in another order.")
      .def("__repr__", [](const Dataset& self) { return "<Dataset of " + std::to_string(self.size()) + " examples>"; })
      .def("__reduce__",
           [](const py::object& self) { return py::make_tuple(py::type::of(self), py::make_tuple(py::list(self))); });
}

}  // namespace

void bind_data(py::module_& module) {
  bind_fields<Example>(module, "Example",
                       "Inputs and expected outputs by name. id: made from the content where it is empty; weight: > 0.",
                       field("fields", &Example::fields), field("id", &Example::id), field("weight", &Example::weight),
                       field("segment", &Example::segment));
  bind_dataset(module);
  module.def(
      "split",
      [](const Dataset& data, double train, double validation, std::uint64_t seed) {
        Split parts = unwrap(prompt::split(data, train, validation, seed));
        return py::make_tuple(parts.train, parts.validation, parts.test);
      },
      py::arg("data"), py::arg("train"), py::arg("validation"), py::arg("seed") = 0,
      "(train, validation, test) that do not overlap; an example's place depends on its id and the seed alone.");
  module.def(
      "read_dataset", &read_dataset, py::arg("path"),
      "By the name: .csv, else a line or a list of JSON objects; \"id\", \"weight\" and \"segment\" are taken out.\n\n"
      "Raises InvalidArgument: the message names the line; NotFound, IoError.");
  module.def("parse_jsonl", &parse_jsonl, py::arg("text"),
             "One JSON object a line. Raises InvalidArgument: the message names the line.");
  module.def("to_jsonl", &to_jsonl, py::arg("data"), "Lines that parse_jsonl reads back. Raises InvalidArgument.");
  module.def("parse_csv", &parse_csv, py::arg("text"),
             "With a header line; numbers and true/false are read as such. Raises InvalidArgument.");
  module.def(
      "from_population",
      [](const Population& population, const std::string& segment, const std::string& weight) {
        return unwrap(prompt::from_population(population, segment, weight));
      },
      py::arg("population"), py::arg("segment") = "", py::arg("weight") = "",
      "One example a person: attributes as fields, and a segment by an attribute.\n\n"
      "Raises InvalidArgument: there is no such attribute.");
}

}  // namespace persona::python
