//! Backups of an SQLite file, and what else is done to it whole.
#include "llm/bind_fields.hpp"
#include "llm/call.hpp"
#include "storage/bind_rooms.hpp"

#ifdef PERSONA_PYTHON_SQLITE
#include <persona/storage/sqlite_backup.hpp>
#endif

namespace persona::python {
namespace py = pybind11;

#ifdef PERSONA_PYTHON_SQLITE
void bind_sqlite_backup(py::module_& module) {
  module.def(
      "_backup_sqlite",
      [](const std::string& path, const std::string& to, const CallContext* context) {
        return call([&](const Context& given) { return sqlite::backup(path, to, given); }, context);
      },
      py::arg("path"), py::arg("to"), py::arg("context"));
  module.def(
      "_restore_sqlite",
      [](const std::string& source, const std::string& path, bool replace, const CallContext* context) {
        return call([&](const Context& given) { return sqlite::restore(source, path, {replace}, given); }, context);
      },
      py::arg("source"), py::arg("path"), py::arg("replace"), py::arg("context"));
  module.def(
      "_sqlite_contents",
      [](const std::string& path, const CallContext* context) {
        return call([&](const Context& given) { return sqlite::contents(path, given); }, context);
      },
      py::arg("path"), py::arg("context"));
  module.def(
      "_vacuum_sqlite",
      [](const std::string& path, const CallContext* context) {
        return call([&](const Context& given) { return sqlite::vacuum(path, given); }, context);
      },
      py::arg("path"), py::arg("context"));
}
#else
void bind_sqlite_backup(py::module_&) {}
#endif

}  // namespace persona::python
