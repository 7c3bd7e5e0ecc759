//! Groups, templates, evidence and usage: records that have a type.
#include "llm/bind_fields.hpp"
#include "llm/call.hpp"
#include "storage/bind_rooms.hpp"
#include "storage/document.hpp"
#include "storage/typed_room.hpp"

#include <persona/storage/evidence.hpp>
#include <persona/storage/groups.hpp>
#include <persona/storage/templates.hpp>
#include <persona/storage/usage.hpp>

namespace persona::python {
namespace py = pybind11;
namespace {

void bind_groups(py::module_& m) {
  bind_fields<Group>(
      m, "Group",
      "People, populations or other groups under one name: a record of kind \"group\". members: ids, of\n"
      "what the application knows; version: that this one was read as, 0: it is new.",
      text_field("id", &Group::id), text_field("name", &Group::name), text_field("description", &Group::description),
      field("members", &Group::members), field("version", &Group::version));
  m.def(
      "put_group",
      [](const Handle<Records>& store, const Group& group, const py::str& actor) {
        return with_records(store, actor,
                            [&](Records& records, const std::string& by) { return put_group(records, group, by); });
      },
      py::arg("store"), py::arg("group"), py::kw_only(), py::arg("actor"),
      "Keeps a group; returns the new version.\n\n"
      "Raises Conflict: it was changed since it was read, or made by another.");
  m.def(
      "find_group",
      [](const Handle<Records>& store, const py::str& id) {
        return with_records(store, id,
                            [&](Records& records, const std::string& wanted) { return find_group(records, wanted); });
      },
      py::arg("store"), py::arg("id"), "Raises NotFound.");
  m.def(
      "list_groups",
      [](const Handle<Records>& store, const py::str& after, int limit) {
        return with_records(
            store, after, [&](Records& records, const std::string& last) { return list_groups(records, last, limit); });
      },
      py::arg("store"), py::arg("after") = "", py::arg("limit") = 100,
      "At most `limit` groups by id, of those with greater ids than `after`.");
}

void bind_templates(py::module_& m) {
  bind_fields<TemplateText>(
      m, "TemplateText",
      "A record of kind \"template\". A run that notes name and version can be run again as it was. note: why this\n"
      "version; version: in `put_template` the one that it was written from, 0: there is none.",
      text_field("name", &TemplateText::name), text_field("text", &TemplateText::text),
      text_field("note", &TemplateText::note), field("version", &TemplateText::version));
  m.def(
      "put_template",
      [](const Handle<Records>& store, const TemplateText& text, const py::str& actor) {
        return with_records(store, actor,
                            [&](Records& records, const std::string& by) { return put_template(records, text, by); });
      },
      py::arg("store"), py::arg("text"), py::kw_only(), py::arg("actor"),
      "Keeps a new version; of a text that is the newest already, it is not made again. Returns the new version.\n\n"
      "Raises Conflict: somebody wrote another one meanwhile.");
  m.def(
      "find_template",
      [](const Handle<Records>& store, const py::str& name, std::int64_t version) {
        return with_records(store, name, [&](Records& records, const std::string& wanted) {
          return find_template(records, wanted, version);
        });
      },
      py::arg("store"), py::arg("name"), py::arg("version") = 0,
      "A version of a template, 0: the newest.\n\nRaises NotFound: no such template, or it never had this version.");
  m.def(
      "template_versions",
      [](const Handle<Records>& store, const py::str& name) {
        return with_records(store, name, [&](Records& records, const std::string& wanted) {
          return template_versions(records, wanted);
        });
      },
      py::arg("store"), py::arg("name"), "Every version, oldest first.\n\nRaises NotFound.");
}

void bind_evidence(py::module_& m) {
  bind_fields<Evidence>(
      m, "Evidence",
      "What an assumption rests on: a record of kind \"evidence\", under \"ABOUT/ID\". about: what it backs (a\n"
      "specification, an attribute, a group), without \"/\"; id: among what backs the same; source: an address, a\n"
      "title, a table; quote: what it says; weight: how far it is trusted, 0 to 1; person: whom it tells of, for "
      "export\n"
      "and erasure, \"\" is nobody; version: that it was read as, 0: it is new.",
      text_field("about", &Evidence::about), text_field("id", &Evidence::id), text_field("source", &Evidence::source),
      text_field("quote", &Evidence::quote), field("weight", &Evidence::weight),
      text_field("person", &Evidence::person), field("version", &Evidence::version));
  m.def(
      "put_evidence",
      [](const Handle<Records>& store, const Evidence& evidence, const py::str& actor) {
        return with_records(
            store, actor, [&](Records& records, const std::string& by) { return put_evidence(records, evidence, by); });
      },
      py::arg("store"), py::arg("evidence"), py::kw_only(), py::arg("actor"),
      "Keeps evidence; returns the new version.\n\n"
      "Raises InvalidArgument: a weight outside 0 to 1, \"/\" in `about`; Conflict.");
  m.def(
      "evidence_about",
      [](const Handle<Records>& store, const py::str& about) {
        return with_records(
            store, about, [&](Records& records, const std::string& wanted) { return evidence_about(records, wanted); });
      },
      py::arg("store"), py::arg("about"), "All of it, by id.");
}

void bind_usage(py::module_& m) {
  bind_fields<Usage>(m, "Usage",
                     "What was used: a record of kind \"usage\", under \"ACCOUNT/TIME-KEY\". account: without \"/\"; "
                     "what:\n\"generate\", \"gpt-4o-mini\", ...; units: rows, tokens, ...: of `what`; cost: Money; at: "
                     "seconds since 1970.",
                     text_field("account", &Usage::account), text_field("what", &Usage::what),
                     field("units", &Usage::units), field("cost", &Usage::cost), field("at", &Usage::at));
  bind_fields<UsageTotal>(m, "UsageTotal", "Entries added up. cost: Money.", field("entries", &UsageTotal::entries),
                          field("units", &UsageTotal::units), field("cost", &UsageTotal::cost));
  m.def(
      "add_usage",
      [](const Handle<Records>& store, const Usage& usage, const py::str& key, const py::str& actor) {
        with_records(store, actor, [&, key = text_of(key)](Records& records, const std::string& by) {
          return add_usage(records, usage, key, by);
        });
      },
      py::arg("store"), py::arg("usage"), py::arg("key"), py::kw_only(), py::arg("actor"),
      "Adds an entry. key: names it among those of its moment; said again, it is not added again.\n\n"
      "Raises InvalidArgument: no account, \"/\" in it, less than nothing.");
  m.def(
      "total_usage",
      [](const Handle<Records>& store, const py::str& account, RecordTime start, RecordTime end) {
        return with_records(store, account, [&](Records& records, const std::string& wanted) {
          return total_usage(records, wanted, start, end);
        });
      },
      py::arg("store"), py::arg("account"), py::arg("start"), py::arg("end"),
      "Of an account, from `start` up to and without `end`: seconds since 1970.");
}

}  // namespace

void bind_typed_rooms(py::module_& module) {
  bind_groups(module);
  bind_templates(module);
  bind_evidence(module);
  bind_usage(module);
}

}  // namespace persona::python
