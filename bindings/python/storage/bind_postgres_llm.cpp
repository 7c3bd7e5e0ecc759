//! Answers, accounts and runs in a schema of Postgres.
#include "llm/bind_fields.hpp"
#include "storage/bind_rooms.hpp"
#include "storage/postgres_place.hpp"

#ifdef PERSONA_PYTHON_POSTGRES
#include <persona/storage/postgres_llm.hpp>
#include <persona/storage/postgres_prompt.hpp>
#endif

namespace persona::python {
namespace py = pybind11;

#ifdef PERSONA_PYTHON_POSTGRES
void bind_postgres_llm(py::module_& module) {
  using postgres::Options;
  module.def(
      "_open_postgres_cache",
      [](const Secret& connection, const Options& options, const std::shared_ptr<Clock>& clock) {
        return opened(connection, [&](const std::string& text) {
          return postgres::open_cache(text, options, this_or_system(clock));
        });
      },
      py::arg("connection"), py::arg("options"), py::arg("clock"));
  module.def(
      "_open_postgres_ledger",
      [](const Secret& connection, const Options& options, std::chrono::seconds lease,
         const std::shared_ptr<Clock>& clock) {
        const postgres::LedgerOptions all{options, lease, this_or_system(clock)};
        return opened(connection, [&](const std::string& text) { return postgres::open_ledger(text, all); });
      },
      py::arg("connection"), py::arg("options"), py::arg("lease"), py::arg("clock"));
  module.def(
      "_open_postgres_run_ledger",
      [](const Secret& connection, const Options& options) {
        return opened(connection, [&](const std::string& text) { return postgres::open_run_ledger(text, options); });
      },
      py::arg("connection"), py::arg("options"));
}
#else
void bind_postgres_llm(py::module_&) {}
#endif

}  // namespace persona::python
