//! One SQLite file: its populations, records and jobs, each alone or all of them.
#include "bind_struct.hpp"
#include "llm/bind_fields.hpp"
#include "storage/bind_rooms.hpp"
#ifdef PERSONA_PYTHON_SQLITE
#include "llm/call.hpp"
#include "storage/document.hpp"
#include "storage/handle.hpp"
#include "storage/python_database.hpp"

#include <persona/storage/sqlite.hpp>
#include <persona/storage/sqlite_database.hpp>
#include <persona/storage/sqlite_jobs.hpp>
#include <persona/storage/sqlite_records.hpp>
#endif

namespace persona::python {
namespace py = pybind11;

#ifdef PERSONA_PYTHON_SQLITE
namespace {

sqlite::Options sqlite_options(bool read_only, bool create, std::chrono::milliseconds busy_timeout, bool durable,
                               std::shared_ptr<NameTable> names, bool replace) {
  return {.read_only = read_only,
          .create = create,
          .busy_timeout = busy_timeout,
          .durable = durable,
          .names = std::move(names),
          .replace = replace};
}

std::shared_ptr<Clock> own_or_system(std::shared_ptr<Clock> clock) {
  return clock ? std::move(clock) : system_clock();
}

void bind_opening(py::module_& m) {
  using sqlite::Options;
  m.def(
      "_open_sqlite",
      [](const std::string& path, const Options& options) {
        return Handle<Storage>(call([&](const Context&) { return sqlite::open(path, options); }), "storage");
      },
      py::arg("path"), py::arg("options"));
  m.def(
      "_open_sqlite_records",
      [](const std::string& path, const Options& options, const std::shared_ptr<Clock>& clock) {
        return Handle<Records>(
            call([&](const Context&) { return sqlite::open_records(path, options, own_or_system(clock)); }),
            "store of records");
      },
      py::arg("path"), py::arg("options"), py::arg("clock") = py::none());
  m.def(
      "_open_sqlite_jobs",
      [](const std::string& path, const Options& options, const std::shared_ptr<Clock>& clock) {
        return Handle<JobQueue>(
            call([&](const Context&) { return sqlite::open_jobs(path, options, own_or_system(clock)); }), "job queue");
      },
      py::arg("path"), py::arg("options"), py::arg("clock") = py::none());
  m.def(
      "_open_sqlite_database",
      [](const std::string& path, const Options& options, const std::shared_ptr<Clock>& clock) {
        return PythonDatabase(
            call([&](const Context&) { return sqlite::open_database(path, options, own_or_system(clock)); }));
      },
      py::arg("path"), py::arg("options"), py::arg("clock") = py::none());
}

}  // namespace

void bind_sqlite(py::module_& module) {
  py::class_<sqlite::Options>(module, "_SqliteOptions", "What `persona.sqlite.open` is told.")
      .def(py::init(&sqlite_options), py::arg("read_only"), py::arg("create"), py::arg("busy_timeout"),
           py::arg("durable"), py::arg("names"), py::arg("replace"));
  bind_opening(module);
  module.def(
      "_sqlite_schema_version",
      [](const std::optional<std::string>& path) {
        if (!path) return sqlite::schema_version();
        return call([&](const Context&) { return sqlite::schema_version(*path); });
      },
      py::arg("path"));
  module.def("_sqlite_schema_steps", &sqlite::schema_steps);
  module.def(
      "_migrate_sqlite",
      [](const std::string& path, int version) {
        call([&](const Context&) { return sqlite::migrate(path, version); });
      },
      py::arg("path"), py::arg("version"));
}
#else
void bind_sqlite(py::module_&) {}
#endif

}  // namespace persona::python
