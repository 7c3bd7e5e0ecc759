//! The module `persona._persona`; the package `persona` shows it to users.
#include "bindings.hpp"

#include <persona/core/version.hpp>

PYBIND11_MODULE(_persona, module) {
  using namespace persona::python;
  module.doc() = "Synthetic people from a specification: statistically right, reproducible, fast";
  module.attr("__version__") = PERSONA_VERSION;
  bind_distributions(module);
  bind_spec(module);
  bind_builder(module);
  bind_names(module);
  bind_column(module);
  bind_population(module);
  bind_fidelity(module);
  bind_generator(module);
  bind_storage(module);
}
