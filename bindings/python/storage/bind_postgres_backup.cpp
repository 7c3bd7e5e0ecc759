//! Backups of a schema of Postgres, and what else is done to it whole.
#include "llm/bind_fields.hpp"
#include "storage/bind_rooms.hpp"
#include "storage/postgres_place.hpp"

#ifdef PERSONA_PYTHON_POSTGRES
#include <persona/storage/postgres_backup.hpp>
#endif

namespace persona::python {
namespace py = pybind11;

#ifdef PERSONA_PYTHON_POSTGRES
void bind_postgres_backup(py::module_& module) {
  using postgres::Options;
  module.def(
      "_backup_postgres",
      [](const Secret& connection, const std::string& to, const Options& options, const CallContext* context) {
        return opened(connection, context, [&](const std::string& text, const Context& given) {
          return postgres::backup(text, to, options, given);
        });
      },
      py::arg("connection"), py::arg("to"), py::arg("options"), py::arg("context"));
  module.def(
      "_restore_postgres",
      [](const std::string& source, const Secret& connection, const Options& options, bool replace,
         const CallContext* context) {
        return opened(connection, context, [&](const std::string& text, const Context& given) {
          return postgres::restore(source, text, options, {replace}, given);
        });
      },
      py::arg("source"), py::arg("connection"), py::arg("options"), py::arg("replace"), py::arg("context"));
  module.def(
      "_postgres_contents",
      [](const Secret& connection, const Options& options, const CallContext* context) {
        return opened(connection, context, [&](const std::string& text, const Context& given) {
          return postgres::contents(text, options, given);
        });
      },
      py::arg("connection"), py::arg("options"), py::arg("context"));
  module.def(
      "_vacuum_postgres",
      [](const Secret& connection, const Options& options, const CallContext* context) {
        return opened(connection, context, [&](const std::string& text, const Context& given) {
          return postgres::vacuum(text, options, given);
        });
      },
      py::arg("connection"), py::arg("options"), py::arg("context"));
}
#else
void bind_postgres_backup(py::module_&) {}
#endif

}  // namespace persona::python
