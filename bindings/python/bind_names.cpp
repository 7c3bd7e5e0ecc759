//! Tables of names and places.
#include "bind_struct.hpp"
#include "bindings.hpp"

#include <persona/population/names.hpp>

namespace persona::python {
namespace py = pybind11;
namespace {

std::string file_path(const py::object& path) {
  return py::module_::import("os").attr("fspath")(path).cast<std::string>();
}

}  // namespace

void bind_names(py::module_& module) {
  bind_answer(module, "GivenName", "A given name and how often it is met.", member("name", &GivenName::name),
              member("sex", &GivenName::sex), member("decade", &GivenName::decade),
              member("origin", &GivenName::origin), member("weight", &GivenName::weight))
      .def(py::init([](std::string name, std::string sex, int decade, std::string origin, double weight) {
             return GivenName{std::move(name), std::move(sex), decade, std::move(origin), weight};
           }),
           py::arg("name"), py::arg("sex") = "", py::arg("decade") = 0, py::arg("origin") = "", py::arg("weight") = 1.0,
           "sex is \"female\", \"male\" or \"\" (either); decade its first year, 0 is any.");
  bind_answer(module, "Surname", "A surname and how often it is met.", member("name", &Surname::name),
              member("origin", &Surname::origin), member("weight", &Surname::weight))
      .def(py::init([](std::string name, std::string origin, double weight) {
             return Surname{std::move(name), std::move(origin), weight};
           }),
           py::arg("name"), py::arg("origin") = "", py::arg("weight") = 1.0);
  bind_answer(module, "Place", "A place and how often it is met.", member("city", &Place::city),
              member("state", &Place::state), member("postal_code", &Place::postal_code), member("area", &Place::area),
              member("weight", &Place::weight))
      .def(py::init([](std::string city, std::string state, std::string postal_code, std::string area, double weight) {
             return Place{std::move(city), std::move(state), std::move(postal_code), std::move(area), weight};
           }),
           py::arg("city"), py::arg("state") = "", py::arg("postal_code") = "", py::arg("area") = "",
           py::arg("weight") = 1.0);

  // The library shares tables as const; Python has no const, and no method here changes one.
  using Shared = std::shared_ptr<NameTable>;
  const auto shared = [](const std::shared_ptr<const NameTable>& table) {
    return std::const_pointer_cast<NameTable>(table);
  };
  py::class_<NameTable, Shared>(module, "NameTable", "What people and places are called, and how often.")
      .def_static(
          "builtin", [=] { return shared(NameTable::builtin()); }, "A small table of US names.")
      .def_static(
          "make",
          [=](std::vector<GivenName> given, std::vector<Surname> surnames, std::vector<Place> places) {
            return shared(unwrap(NameTable::make(std::move(given), std::move(surnames), std::move(places))));
          },
          py::arg("given"), py::arg("surnames"), py::arg("places") = py::list(),
          "Raises InvalidArgument: an empty table, an empty name, a weight that is not positive.")
      .def_static(
          "read_csv",
          [=](const py::object& given, const py::object& surnames) {
            return shared(unwrap(NameTable::read_csv(file_path(given), file_path(surnames))));
          },
          py::arg("given_path"), py::arg("surnames_path"),
          "Given names (decade,sex,name,count) and surnames (name,count and shares by origin).\n\n"
          "Raises IoError, InvalidArgument.")
      .def_property_readonly("given", [](const NameTable& table) { return table.given(); })
      .def_property_readonly("surnames", [](const NameTable& table) { return table.surnames(); })
      .def_property_readonly("places", [](const NameTable& table) { return table.places(); })
      .def_property_readonly("hash", &NameTable::hash, "Names the content, 64 hex digits.")
      .def("__repr__", [](const NameTable& table) {
        return "<NameTable: " + std::to_string(table.given().size()) + " given names, " +
               std::to_string(table.surnames().size()) + " surnames, " + std::to_string(table.places().size()) +
               " places>";
      });
}

}  // namespace persona::python
