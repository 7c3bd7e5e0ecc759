//! A specification written in Python instead of JSON.
#include "bind_struct.hpp"
#include "bindings.hpp"

#include <persona/population/builder.hpp>

namespace persona::python {
namespace py = pybind11;
namespace {

// A method that returns the same Python object, so that calls chain.
template <class... A>
auto chained(SpecBuilder& (SpecBuilder::*method)(A...)) {
  return [method](py::object self, A... arguments) {
    (self.cast<SpecBuilder&>().*method)(std::move(arguments)...);
    return self;
  };
}

void bind_attributes(py::class_<SpecBuilder>& type) {
  type.def("attribute", chained<std::string, Distribution>(&SpecBuilder::attribute), py::arg("name"),
           py::arg("distribution"), "Adds an attribute; the calls that follow speak about it.")
      .def("attribute", chained<std::string>(&SpecBuilder::attribute), py::arg("name"),
           "Adds an attribute whose cases follow by `when`.")
      .def("description", chained(&SpecBuilder::description), py::arg("text"),
           "Of the attribute, or before the first one, of all.")
      .def("unit", chained(&SpecBuilder::unit), py::arg("unit"), "\"years\", \"USD/year\", ...")
      .def("truncate", chained(&SpecBuilder::truncate), py::arg("min"), py::arg("max"),
           "A closed range, in the attribute's unit.")
      .def("round", chained(&SpecBuilder::round), py::arg("step"), "To a multiple of `step`.")
      .def("integer", chained(&SpecBuilder::integer), "Whole numbers.")
      .def("missing", chained(&SpecBuilder::missing), py::arg("share"), "Share of people for whom it is not known.")
      .def("when", chained<std::string, std::string, Distribution>(&SpecBuilder::when), py::arg("attribute"),
           py::arg("label"), py::arg("distribution"), "Another distribution for those with a label.")
      .def("when", chained<std::vector<Condition>, Distribution>(&SpecBuilder::when), py::arg("conditions"),
           py::arg("distribution"), "Another distribution for those of whom all conditions hold.");
}

}  // namespace

void bind_builder(py::module_& module) {
  py::class_<SpecBuilder> type(module, "SpecBuilder",
                               "Collects a specification; `build()` checks it.\n\n"
                               "    spec = (persona.SpecBuilder(\"adults\")\n"
                               "            .attribute(\"age\", persona.Normal(46, 18)).truncate(18, 95).integer()\n"
                               "            .attribute(\"income\", persona.LogNormal(10.3, 0.6))\n"
                               "            .correlate(\"age\", \"income\", 0.3)\n"
                               "            .build())");
  type.def(py::init<std::string>(), py::arg("name"));
  bind_attributes(type);
  type.def("year", chained(&SpecBuilder::year), py::arg("year"), "The year the figures hold for.")
      .def("segment", chained(&SpecBuilder::segment), py::arg("name"), py::arg("weight"),
           "Adds a part of the population; `replace` speaks about it.")
      .def("replace", chained(&SpecBuilder::replace), py::arg("attribute"), py::arg("distribution"),
           "Spreads an attribute differently in this segment.")
      .def("correlate", chained(&SpecBuilder::correlate), py::arg("a"), py::arg("b"), py::arg("value"),
           py::arg("kind") = CorrelationKind::pearson, py::arg("weight") = 1.0, "Asks for a correlation in -1 .. 1.")
      .def("require", chained(&SpecBuilder::require), py::arg("expression"), py::arg("reason") = "",
           "What must hold of every person.")
      .def("build", &SpecBuilder::build,
           "The specification.\n\nRaises InvalidArgument, also for a call that had nothing to speak about.")
      .def("__copy__", [](const SpecBuilder& self) { return self; })
      .def(
          "__deepcopy__", [](const SpecBuilder& self, const py::dict&) { return self; }, py::arg("memo"));
}

}  // namespace persona::python
