//! A schema of a Postgres database: its populations, records and jobs, each alone or all of them.
#include "bind_struct.hpp"
#include "llm/bind_fields.hpp"
#include "storage/bind_rooms.hpp"
#ifdef PERSONA_PYTHON_POSTGRES
#include "llm/call.hpp"
#include "storage/document.hpp"
#include "storage/handle.hpp"
#include "storage/postgres_place.hpp"
#include "storage/python_database.hpp"

#include <persona/storage/postgres_database.hpp>
#include <persona/storage/postgres_jobs.hpp>
#include <persona/storage/postgres_records.hpp>
#endif

namespace persona::python {
namespace py = pybind11;

#ifdef PERSONA_PYTHON_POSTGRES
namespace {

using postgres::Options;
using std::chrono::milliseconds;

milliseconds some_time(const char* name, milliseconds time) {
  if (time.count() < 0) raise({Errc::invalid_argument, std::string(name) + " cannot be negative", {}});
  return time;
}

Options postgres_options(const py::str& schema, Secret password, unsigned connections, milliseconds pool_timeout,
                         milliseconds connect_timeout, milliseconds statement_timeout, milliseconds lock_timeout,
                         bool read_only, bool create, std::shared_ptr<NameTable> names, bool replace,
                         const std::vector<Secret>& replicas) {
  if (connections == 0) raise({Errc::invalid_argument, "a storage needs one connection at least", {}});
  std::vector<std::string> standbys;
  for (const Secret& replica : replicas) standbys.push_back(unwrap(replica.reveal()));
  return {.schema = text_of(schema),
          .password = std::move(password),
          .connections = connections,
          .pool_timeout = some_time("pool_timeout", pool_timeout),
          .connect_timeout = some_time("connect_timeout", connect_timeout),
          .statement_timeout = some_time("statement_timeout", statement_timeout),
          .lock_timeout = some_time("lock_timeout", lock_timeout),
          .read_only = read_only,
          .create = create,
          .names = std::move(names),
          .replace = replace,
          .replicas = std::move(standbys)};
}

void bind_opening_of_postgres(py::module_& m) {
  m.def(
      "_open_postgres",
      [](const Secret& connection, const Options& options) {
        const auto open = [&](const std::string& text) { return postgres::open(text, options); };
        return Handle<Storage>(opened(connection, open), "storage");
      },
      py::arg("connection"), py::arg("options"));
  m.def(
      "_open_postgres_records",
      [](const Secret& connection, const Options& options, const std::shared_ptr<Clock>& clock) {
        const auto open = [&](const std::string& text) {
          return postgres::open_records(text, options, this_or_system(clock));
        };
        return Handle<Records>(opened(connection, open), "store of records");
      },
      py::arg("connection"), py::arg("options"), py::arg("clock") = py::none());
  m.def(
      "_open_postgres_jobs",
      [](const Secret& connection, const Options& options, const std::shared_ptr<Clock>& clock) {
        const auto open = [&](const std::string& text) {
          return postgres::open_jobs(text, options, this_or_system(clock));
        };
        return Handle<JobQueue>(opened(connection, open), "job queue");
      },
      py::arg("connection"), py::arg("options"), py::arg("clock") = py::none());
  m.def(
      "_open_postgres_database",
      [](const Secret& connection, const Options& options, const std::shared_ptr<Clock>& clock) {
        const auto open = [&](const std::string& text) {
          return postgres::open_database(text, options, this_or_system(clock));
        };
        return PythonDatabase(opened(connection, open));
      },
      py::arg("connection"), py::arg("options"), py::arg("clock") = py::none());
}

}  // namespace

void bind_postgres(py::module_& module) {
  py::class_<Options>(module, "_PostgresOptions", "What `persona.postgres.open` is told.")
      .def(py::init(&postgres_options), py::kw_only(), py::arg("schema") = "persona", py::arg("password") = Secret{},
           py::arg("connections") = 8, py::arg("pool_timeout") = 5.0, py::arg("connect_timeout") = 5.0,
           py::arg("statement_timeout") = 0.0, py::arg("lock_timeout") = 5.0, py::arg("read_only") = false,
           py::arg("create") = true, py::arg("names") = py::none(), py::arg("replace") = false,
           py::arg("replicas") = py::list());
  bind_opening_of_postgres(module);
  module.def("_postgres_schema_version", [] { return postgres::schema_version(); });
  module.def(
      "_postgres_schema_version",
      [](const Secret& connection, const Options& options) {
        return opened(connection, [&](const std::string& text) { return postgres::schema_version(text, options); });
      },
      py::arg("connection"), py::arg("options"));
  module.def("_postgres_schema_steps", &postgres::schema_steps);
  module.def(
      "_migrate_postgres",
      [](const Secret& connection, int version, const Options& options) {
        opened(connection, [&](const std::string& text) { return postgres::migrate(text, version, options); });
      },
      py::arg("connection"), py::arg("version"), py::arg("options"));
}
#else
void bind_postgres(py::module_&) {}
#endif

}  // namespace persona::python
