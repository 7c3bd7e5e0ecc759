//! Keys that let others in: their text is a Secret, here and there.
#include "llm/bind_fields.hpp"
#include "storage/bind_rooms.hpp"
#include "storage/typed_room.hpp"

#include <persona/core/clock.hpp>
#include <persona/core/secret.hpp>
#include <persona/storage/api_keys.hpp>

namespace persona::python {
namespace py = pybind11;
namespace {

// The text cannot be printed; it is revealed where it is shown.
struct MadeKey {
  ApiKey key;
  Secret text;
};

void bind_keys(py::module_& m) {
  bind_fields<ApiKey>(
      m, "ApiKey",
      "A record of kind \"api_key\", without what is secret. id: 16 hex digits, part of the key, for logs and lists;\n"
      "scopes: what it may be used for, in the application's own words; expires: seconds since 1970, None is never.",
      text_field("id", &ApiKey::id), text_field("owner", &ApiKey::owner), field("scopes", &ApiKey::scopes),
      field("expires", &ApiKey::expires));
  py::class_<MadeKey>(
      m, "NewApiKey",
      "A key that was just made. `text.reveal()` is \"persona_ID_SECRET\", to be shown now: nobody can\n"
      "find it again. It cannot be printed, compared or pickled.")
      .def_readonly("key", &MadeKey::key, "An ApiKey.")
      .def_readonly("text", &MadeKey::text, "A Secret.")
      .def("__repr__", [](const py::object& self) {
        return "NewApiKey(key=" + std::string(py::repr(self.attr("key"))) +
               ", text=" + std::string(py::repr(self.attr("text"))) + ")";
      });
}

}  // namespace

void bind_api_keys(py::module_& module) {
  bind_keys(module);
  module.def(
      "make_api_key",
      [](const Handle<Records>& store, const ApiKey& key, const py::str& actor) {
        NewApiKey made = with_records(
            store, actor, [&](Records& records, const std::string& by) { return make_api_key(records, key, by); });
        return MadeKey{std::move(made.key), Secret(std::move(made.text))};
      },
      py::arg("store"), py::arg("key"), py::kw_only(), py::arg("actor"),
      "Makes a key of 256 random bits, of which SHA-256 is kept. key: without an id. Returns a NewApiKey.");
  module.def(
      "_verify_api_key",
      [](const Handle<Records>& store, const Secret& text, std::optional<RecordTime> now) {
        const auto records = store.use();
        return call([&](const Context&) -> Result<ApiKey> {
          const std::string presented = text.reveal().value_or("");  // none is as wrong as any other
          const auto moment = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
          return verify_api_key(*records, presented, now.value_or(moment));
        });
      },
      py::arg("store"), py::arg("text"), py::arg("now") = py::none());
  module.def(
      "revoke_api_key",
      [](const Handle<Records>& store, const py::str& id, const py::str& actor) {
        with_records(store, actor, [&, id = text_of(id)](Records& records, const std::string& by) {
          return revoke_api_key(records, id, by);
        });
      },
      py::arg("store"), py::arg("id"), py::kw_only(), py::arg("actor"),
      "It lets nobody in from now on.\n\nRaises NotFound.");
  module.def(
      "list_api_keys",
      [](const Handle<Records>& store, const py::str& after, int limit) {
        return with_records(store, after, [&](Records& records, const std::string& last) {
          return list_api_keys(records, last, limit);
        });
      },
      py::arg("store"), py::arg("after") = "", py::arg("limit") = 100,
      "At most `limit` of those that are not revoked, by id, of those with greater ids than `after`.");
}

}  // namespace persona::python
