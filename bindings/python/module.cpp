//! The module `persona._persona`; the package `persona` shows it to users.
#include "bindings.hpp"
#include "llm/bind_llm.hpp"
#include "prompt/bind_prompt.hpp"
#include "storage/bind_rooms.hpp"

#include <persona/core/version.hpp>

namespace {

namespace py = pybind11;

// `persona._llm`: a module of its own, so that names of rooms do not meet.
void make_llm_module() {
  using namespace persona::python;
  auto module = py::reinterpret_borrow<py::module_>(PyImport_AddModule("persona._llm"));
  module.doc() = "Talking to language models";
  module.attr("__module__") = "persona";
  bind_core(module);
  module.attr("__module__") = "persona.llm";
  bind_messages(module);
  bind_requests(module);
  bind_replies(module);
  bind_provider(module);
  bind_schema(module);
  bind_prices(module);
  bind_ledger(module);
  bind_caches(module);
  bind_policies(module);
  bind_telemetry(module);
  bind_stack(module);
  module.attr("__module__") = "persona.http";
  bind_http(module);
  module.attr("__module__") = "persona.llm";
  bind_services(module);
  bind_batches(module);
  module.attr("__module__") = "persona.testing";
  bind_testing(module);
  py::delattr(module, "__module__");
}

void make_prompt_module() {
  using namespace persona::python;
  auto module = py::reinterpret_borrow<py::module_>(PyImport_AddModule("persona._prompt"));
  module.doc() = "Prompt programs, and better ones";
  module.attr("__module__") = "persona.prompt";
  bind_signature(module);
  bind_data(module);
  bind_intervals(module);
  bind_program(module);
  bind_interchange(module);
  bind_metrics(module);
  bind_session(module);
  bind_evaluation(module);
  bind_optimizer(module);
  bind_optimizers(module);
  bind_optimization(module);
  py::delattr(module, "__module__");
}

void make_storage_module() {
  using namespace persona::python;
  auto module = py::reinterpret_borrow<py::module_>(PyImport_AddModule("persona._storage"));
  module.doc() = "Databases: what is opened, kept and done in them";
  module.attr("__module__") = "persona.records";
  bind_records(module);
  bind_typed_rooms(module);
  bind_api_keys(module);
  module.attr("__module__") = "persona.jobs";
  bind_jobs(module);
  bind_worker(module);
  module.attr("__module__") = "persona.database";
  bind_database(module);
  module.attr("__module__") = "persona.sqlite";
  bind_sqlite(module);
  bind_sqlite_backup(module);
  module.attr("__module__") = "persona.postgres";
  bind_postgres(module);
  bind_postgres_backup(module);
  bind_postgres_health(module);
  bind_postgres_llm(module);
  py::delattr(module, "__module__");
}

}  // namespace

PYBIND11_MODULE(_persona, module) {
  using namespace persona::python;
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
  make_llm_module();
  make_prompt_module();
  make_storage_module();
}
