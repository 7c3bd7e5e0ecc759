//! All rooms of one file or schema: transactions across them, what they hold, copies.
#include "llm/bind_fields.hpp"
#include "llm/call.hpp"
#include "storage/bind_rooms.hpp"
#include "storage/document.hpp"
#include "storage/python_database.hpp"

#include <persona/storage/backup.hpp>
#include <persona/storage/copy.hpp>
#include <persona/testing/sample_rooms.hpp>

namespace persona::python {
namespace py = pybind11;
namespace {

using Source = Handle<Storage>;

py::dict counts(const std::vector<std::pair<std::string, std::int64_t>>& pairs) {
  py::dict made;
  for (const auto& [name, count] : pairs) made[py::str(name)] = count;
  return made;
}

template <class T>
struct CountsField {
  const char* name;
  std::vector<std::pair<std::string, std::int64_t>> T::*pointer;
  py::dict get(const T& of) const { return counts(of.*pointer); }
  py::object usual() const { return py::dict(); }
};

void bind_answers(py::module_& m) {
  using Kept = DatabaseStatus::Population;
  py::class_<Kept> kept(m, "StoredPopulation",
                        "A population in a database. bytes: on disk, indexes too; None where the database cannot say.");
  kept.def_property_readonly("record", [](const Kept& self) { return self.record; })
      .def_property_readonly("bytes", [](const Kept& self) { return self.bytes; })
      .def("__repr__", [](const py::object& self) {
        return "StoredPopulation(record=" + std::string(py::repr(self.attr("record"))) +
               ", bytes=" + std::string(py::repr(self.attr("bytes"))) + ")";
      });
  using Status = DatabaseStatus;
  py::class_<Status> status(m, "DatabaseStatus",
                            "What a database holds. populations: StoredPopulation in order of name; jobs: how many by "
                            "state;\nrecords: how many by kind, without removed ones; runs, finished_runs: of prompt "
                            "optimizers; bytes: of\neverything on disk.");
  def_fields(status, "DatabaseStatus", field("populations", &Status::populations),
             CountsField<Status>{"jobs", &Status::jobs}, CountsField<Status>{"records", &Status::records},
             field("runs", &Status::runs), field("finished_runs", &Status::finished_runs),
             field("bytes", &Status::bytes));
  bind_fields<SchemaStep>(m, "SchemaStep",
                          "One version of a schema. tables: that go when a database is brought below it.",
                          field("version", &SchemaStep::version), text_field("name", &SchemaStep::name),
                          field("tables", &SchemaStep::tables));
  bind_fields<TableContent>(
      m, "TableContent",
      "One table, as it stood at one moment. hash: 32 hex digits, the sum of the SHA-256 of each\n"
      "row, whatever their order.",
      text_field("table", &TableContent::table), field("rows", &TableContent::rows),
      text_field("hash", &TableContent::hash));
  bind_fields<BackupReport>(m, "BackupReport",
                            "A backup, or what was restored from one. tables: TableContent in order of name, those of\n"
                            "both sides were compared; bytes: of the backup.",
                            field("tables", &BackupReport::tables), field("bytes", &BackupReport::bytes));
}

void bind_copying(py::module_& m) {
  bind_fields<CopiedPopulation>(m, "CopiedPopulation",
                                "What was copied, and is now the same on both sides. form: \"rows\" or \"recipe\"; "
                                "content: see\n`population_content`.",
                                text_field("name", &CopiedPopulation::name), field("form", &CopiedPopulation::form),
                                field("count", &CopiedPopulation::count),
                                text_field("content", &CopiedPopulation::content));
  m.def(
      "population_content",
      [](const Source& storage, const py::str& name, std::int64_t page, const CallContext* context) {
        const auto from = storage.use();
        const auto work = [&, name = text_of(name)](const Context& given) {
          return population_content(*from, name, page, given);
        };
        return call(work, context);
      },
      py::arg("storage"), py::arg("name"), py::arg("page") = 10'000, py::arg("context") = py::none(),
      "Names what a population holds: SHA-256 over its attributes and every row of them, in order. Two storages keep\n"
      "the same population if and only if they answer the same. Of a recipe, over what it is drawn from.\n\n"
      "page: rows in memory at a time; no matter to the answer. Raises as `Storage.read`.");
  m.def(
      "fill_rooms",
      [](const PythonDatabase& database, std::int64_t people, int records, int jobs, std::uint64_t seed) {
        const testing::SampleRooms sample{people, records, jobs, seed};
        const auto filled = database.use();
        return call([&](const Context&) { return testing::fill_rooms(*filled, sample); }, nullptr);
      },
      py::arg("database"), py::kw_only(), py::arg("people") = 1000, py::arg("records") = 100, py::arg("jobs") = 20,
      py::arg("seed") = 7,
      "Fills all rooms of a Database as an application would: populations as rows (\"sample people\") and as a "
      "recipe,\n"
      "groups, templates, evidence, usage, notes about people, API keys, jobs in every state and a schedule (queue\n"
      "\"sample\", which nobody may be working on). The same arguments leave the same in every database, but for "
      "times\n"
      "and API keys. No transaction: an error leaves what was there by then.\n\n"
      "Raises InvalidArgument: nobody, or less than no records or jobs; AlreadyExists, Conflict: it was filled "
      "before.");
  m.def(
      "copy",
      [](const Source& source, const Source& to, const std::vector<std::string>& populations, std::int64_t page,
         bool replace, const CallContext* context) {
        const CopyOptions options{populations, page, replace};
        const auto from = source.use(), target = to.use();
        return call([&](const Context& given) { return copy(*from, *target, options, given); }, context);
      },
      py::arg("source"), py::arg("to"), py::kw_only(), py::arg("populations") = py::list(), py::arg("page") = 10'000,
      py::arg("replace") = false, py::arg("context") = py::none(),
      "Copies populations between any two storages, recipes as recipes; each is read back and compared, and appears\n"
      "whole or not at all. After an error, those before it are removed again, unless they have replaced others.\n\n"
      "populations: by name, none is all; page: rows in memory at a time; replace: those of the same name give way,\n"
      "once theirs are whole where the target was opened with `replace`, elsewhere before. Returns CopiedPopulation\n"
      "in order of name.\n\n"
      "Raises AlreadyExists: a name is taken, nothing was copied; NotFound: a population that was asked for;\n"
      "Corrupted: what was written reads back otherwise, it was removed again; Conflict: somebody replaced it\n"
      "meanwhile; Cancelled, DeadlineExceeded.");
}

void bind_handle_of_rooms(py::class_<PythonDatabase>& type) {
  type.def_property_readonly("populations", &PythonDatabase::populations, "A Storage.")
      .def_property_readonly("records", &PythonDatabase::records, "Records; not within a transaction.")
      .def_property_readonly("jobs", &PythonDatabase::jobs, "A JobQueue; not within a transaction.")
      .def(
          "transact",
          [](const PythonDatabase& self, const py::object& work) {
            if (PyCallable_Check(work.ptr()) == 0) throw py::type_error("work is a function of the rooms");
            return transact(*self.use(), work);
          },
          py::arg("work"),
          "Calls `work(rooms)` in one transaction: what it did in `rooms.records` and `rooms.jobs` is there\n"
          "afterwards, all of it, or none where it raises or the process dies. What fails within one call of a room\n"
          "is undone by itself: `work` may catch it and go on. A job that is enqueued here is there for workers once\n"
          "the records are: an outbox.\n\n"
          "Postgres may call `work` again where another transaction was faster, ten times at most: what it does\n"
          "elsewhere must bear that. The rooms are good until it returns.\n\n"
          "Returns what `work` returned. Raises what `work` raised, as it is; Conflict: within a transaction of this\n"
          "database; Unavailable.")
      .def(
          "status",
          [](const PythonDatabase& self) {
            const auto database = self.use();
            return call([&](const Context&) { return database->status(); });
          },
          "A DatabaseStatus.")
      .def(
          "copy_rooms",
          [](const PythonDatabase& self, const PythonDatabase& to, const CallContext* context) {
            const auto from = self.use(), target = to.use();
            return call([&](const Context& given) { return from->copy_rooms(*target, given); }, context);
          },
          py::arg("to"), py::arg("context") = py::none(),
          "Copies every table but those of populations into another database, with its history as it is: versions,\n"
          "times, the audit trail, tombstones, jobs, runs, answers and accounts. All or nothing, and compared before\n"
          "it counts. Returns how many rows. Stop workers before: who holds a job does not know of its copy.\n\n"
          "Raises AlreadyExists: the other one holds such rows already; InvalidArgument: it is the same one;\n"
          "Cancelled, DeadlineExceeded.");
  def_closing(type);
}

}  // namespace

void bind_database(py::module_& module) {
  bind_answers(module);
  bind_copying(module);
  py::class_<PythonRooms, std::shared_ptr<PythonRooms>>(
      module, "Rooms", "Records and jobs whose changes stand or fall together, until the transaction is over.")
      .def_property_readonly("records", &PythonRooms::records, "Records, also for the functions of `persona.records`.")
      .def_property_readonly("jobs", &PythonRooms::jobs, "A JobQueue; workers are woken once it is committed.");
  py::class_<PythonDatabase> type(
      module, "Database",
      "All rooms of one file or schema, opened once: populations, records, jobs. Closing it closes them. May be used\n"
      "from any thread. From `persona.sqlite.open_database` or `persona.postgres.open_database`.");
  bind_handle_of_rooms(type);
}

}  // namespace persona::python
