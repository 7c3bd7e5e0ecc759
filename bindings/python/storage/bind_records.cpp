//! Documents that are kept with everything that happened to them.
#include "llm/bind_fields.hpp"
#include "llm/call.hpp"
#include "storage/bind_rooms.hpp"
#include "storage/document.hpp"
#include "storage/handle.hpp"

#include <persona/storage/records.hpp>

namespace persona::python {
namespace py = pybind11;
namespace {

using Store = Handle<Records>;

void bind_documents(py::module_& m) {
  bind_fields<Record>(
      m, "Record",
      "One document as it was in one version. kind, id: what it is called; version: 1, 2, ...; body: a\n"
      "dict, or whatever JSON has; person: whom it is about, \"\" is nobody; actor: who changed it last;\n"
      "changed: seconds since 1970; is_removed: it can be restored until it is purged.",
      text_field("kind", &Record::kind), text_field("id", &Record::id), field("version", &Record::version),
      document_field("body", &Record::body), text_field("person", &Record::person), text_field("actor", &Record::actor),
      field("changed", &Record::changed), field("is_removed", &Record::is_removed));
  bind_fields<RecordChange>(
      m, "RecordChange",
      "What `Records.put` makes of a record. kind and id should say nothing of a person: the audit trail keeps both.\n"
      "body: what JSON has; actor: who does it, never empty; expected: the version that it replaces, 0: there is\n"
      "none, None: whichever; idempotency_key: the same change said again is not done again.",
      text_field("kind", &RecordChange::kind), text_field("id", &RecordChange::id),
      document_field("body", &RecordChange::body), text_field("person", &RecordChange::person),
      text_field("actor", &RecordChange::actor), field("expected", &RecordChange::expected),
      text_field("idempotency_key", &RecordChange::idempotency_key));
  bind_fields<AuditLine>(
      m, "AuditLine",
      "One line of the audit trail, written by the database itself. at: seconds since 1970; action: \"create\",\n"
      "\"change\", \"remove\", \"restore\", \"purge\", \"erase\".",
      field("number", &AuditLine::number), field("at", &AuditLine::at), text_field("actor", &AuditLine::actor),
      text_field("action", &AuditLine::action), text_field("kind", &AuditLine::kind), text_field("id", &AuditLine::id),
      field("version", &AuditLine::version));
  bind_fields<Erasure>(m, "Erasure", "What an erasure did. records: with all their versions; at: seconds since 1970.",
                       field("records", &Erasure::records), field("at", &Erasure::at));
}

void bind_changes(py::class_<Store>& type) {
  type.def(
          "put",
          [](const Store& self, const RecordChange& change) {
            const auto records = self.use();
            return call([&](const Context&) { return records->put({change}); }).front();
          },
          py::arg("change"), "One change; returns the new version.")
      .def(
          "put",
          [](const Store& self, const std::vector<RecordChange>& changes) {
            const auto records = self.use();
            return call([&](const Context&) { return records->put(changes); });
          },
          py::arg("changes"),
          "All or none; returns the new versions in order.\n\n"
          "Raises Conflict: another version than expected, a removed record, a person who was erased;\n"
          "InvalidArgument: no kind, id or actor.")
      .def(
          "remove",
          [](const Store& self, const py::str& kind, const py::str& id, const py::str& actor,
             std::optional<std::int64_t> expected) {
            const auto records = self.use();
            return call([&, kind = text_of(kind), id = text_of(id), actor = text_of(actor)](const Context&) {
              return records->remove(kind, id, actor, expected);
            });
          },
          py::arg("kind"), py::arg("id"), py::kw_only(), py::arg("actor"), py::arg("expected") = py::none(),
          "It is found no more, but can be restored. Returns the new version.\n\nRaises NotFound, Conflict.")
      .def(
          "restore",
          [](const Store& self, const py::str& kind, const py::str& id, const py::str& actor) {
            const auto records = self.use();
            return call([&, kind = text_of(kind), id = text_of(id), actor = text_of(actor)](const Context&) {
              return records->restore(kind, id, actor);
            });
          },
          py::arg("kind"), py::arg("id"), py::kw_only(), py::arg("actor"),
          "Brings a removed record back. Returns the new version.\n\nRaises NotFound; Conflict: it is not removed.")
      .def(
          "purge",
          [](const Store& self, const py::str& kind, RecordTime before, const py::str& actor) {
            const auto records = self.use();
            return call([&, kind = text_of(kind), actor = text_of(actor)](const Context&) {
              return records->purge(kind, before, actor);
            });
          },
          py::arg("kind"), py::arg("before"), py::kw_only(), py::arg("actor"),
          "Retention: removed records of a kind, and older versions of the others, last changed before a time\n"
          "(seconds since 1970), are gone for good. Returns how many versions.\n\nRaises InvalidArgument.");
}

void bind_reading(py::class_<Store>& type) {
  type.def(
          "find",
          [](const Store& self, const py::str& kind, const py::str& id) {
            const auto records = self.use();
            return call(
                [&, kind = text_of(kind), id = text_of(id)](const Context&) { return records->find(kind, id); });
          },
          py::arg("kind"), py::arg("id"), "Raises NotFound.")
      .def(
          "list",
          [](const Store& self, const py::str& kind, const py::str& after, int limit, bool with_removed) {
            const auto records = self.use();
            const RecordQuery query{text_of(kind), text_of(after), limit, with_removed};
            return call([&](const Context&) { return records->list(query); });
          },
          py::arg("kind"), py::arg("after") = "", py::arg("limit") = 100, py::arg("with_removed") = false,
          "At most `limit` records of a kind in order of id, of those with greater ids than `after`.")
      .def(
          "history",
          [](const Store& self, const py::str& kind, const py::str& id) {
            const auto records = self.use();
            return call(
                [&, kind = text_of(kind), id = text_of(id)](const Context&) { return records->history(kind, id); });
          },
          py::arg("kind"), py::arg("id"), "Every version, oldest first.\n\nRaises NotFound.")
      .def(
          "audit",
          [](const Store& self, std::int64_t after, int limit) {
            const auto records = self.use();
            return call([&](const Context&) { return records->audit(after, limit); });
          },
          py::arg("after") = 0, py::arg("limit") = 100,
          "At most `limit` lines of the audit trail, of those with greater numbers than `after`.")
      .def(
          "export_person",
          [](const Store& self, const py::str& person) {
            const auto records = self.use();
            return object_of(
                call([&, person = text_of(person)](const Context&) { return records->export_person(person); }));
          },
          py::arg("person"),
          "All that is known of a person as a dict, with every version and every line of the audit trail.")
      .def(
          "erase_person",
          [](const Store& self, const py::str& person, const py::str& actor) {
            const auto records = self.use();
            return call([&, person = text_of(person), actor = text_of(actor)](const Context&) {
              return records->erase_person(person, actor);
            });
          },
          py::arg("person"), py::kw_only(), py::arg("actor"),
          "Every record about a person is gone for good, its history too; a hash stays, so that nothing about them\n"
          "can be put again. Backups are not reached: erase again after restoring one.\n\nRaises InvalidArgument.");
}

}  // namespace

void bind_records(py::module_& module) {
  bind_documents(module);
  py::class_<Store> type(
      module, "Records",
      "Documents of any kind, with versions, an audit trail, and erasure of a person. May be used\n"
      "from any thread. From `persona.sqlite.open_records` or `persona.postgres.open_records`, or a room of a\n"
      "`persona.database.Database`.");
  bind_changes(type);
  bind_reading(type);
  def_closing(type);
}

}  // namespace persona::python
