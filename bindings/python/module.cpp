//! The module `persona._persona`; the package `persona` shows it to users.
#include "bindings.hpp"

#include <persona/core/version.hpp>

PYBIND11_MODULE(_persona, module) {
  using namespace persona::python;
  namespace py = pybind11;
  module.doc() = "Synthetic people from a specification: statistically right, reproducible, fast";
  module.attr("__version__") = PERSONA_VERSION;
  module.attr("__module__") = "persona";  // where users find the types, and what signatures call them
  bind_distributions(module);
  bind_spec(module);
  bind_builder(module);
  bind_names(module);
  bind_column(module);
  bind_population(module);
  bind_fidelity(module);
  bind_generator(module);
  bind_storage(module);
  py::delattr(module, "__module__");
}
