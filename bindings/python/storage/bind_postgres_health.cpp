//! How the connections of a storage in Postgres are.
#include "llm/bind_fields.hpp"
#include "llm/call.hpp"
#include "storage/bind_rooms.hpp"
#include "storage/handle.hpp"

#include <persona/storage/postgres_health.hpp>

namespace persona::python {
namespace py = pybind11;

void bind_postgres_health(py::module_& module) {
  using postgres::Health, postgres::PoolHealth, postgres::ReplicaHealth;
  bind_fields<PoolHealth>(
      module, "PoolHealth",
      "Connections since the storage was opened. most: that may be open; in_use, idle: now; waiting: calls that wait\n"
      "for one; taken: by calls; made: opened; failed: that did not come about; lost: that broke, or were given back\n"
      "unfit; refused: calls that waited for `pool_timeout` in vain; longest_wait: seconds.",
      field("most", &PoolHealth::most), field("in_use", &PoolHealth::in_use), field("idle", &PoolHealth::idle),
      field("waiting", &PoolHealth::waiting), field("taken", &PoolHealth::taken), field("made", &PoolHealth::made),
      field("failed", &PoolHealth::failed), field("lost", &PoolHealth::lost), field("refused", &PoolHealth::refused),
      field("longest_wait", &PoolHealth::longest_wait));
  bind_fields<ReplicaHealth>(
      module, "ReplicaHealth",
      "Of a standby. is_away: it did not answer, and is tried again after a few seconds; reads: that went to it;\n"
      "behind: that did not, because it had not yet what was written here; turned_away: that went on to the database\n"
      "itself after it failed or knew nothing.",
      field("pool", &ReplicaHealth::pool), field("is_away", &ReplicaHealth::is_away),
      field("reads", &ReplicaHealth::reads), field("behind", &ReplicaHealth::behind),
      field("turned_away", &ReplicaHealth::turned_away));
  bind_fields<Health>(module, "Health",
                      "primary: a PoolHealth; replicas: a ReplicaHealth each, in the order of the options.",
                      field("primary", &Health::primary), field("replicas", &Health::replicas));
#ifdef PERSONA_PYTHON_POSTGRES
  module.def(
      "_postgres_health",
      [](const Handle<Storage>& storage) {
        const auto kept = storage.use();
        return call([&](const Context&) { return postgres::health(*kept); });
      },
      py::arg("storage"));
#endif
}

}  // namespace persona::python
