//! What Python holds of a Database: the rooms are closed with it.
#include "storage/python_database.hpp"

#include <utility>

namespace persona::python {
namespace py = pybind11;
namespace {

template <class Room>
void close_room(py::object& kept) {
  if (kept) std::exchange(kept, {}).cast<Handle<Room>&>().close();
}

}  // namespace

template <class Room>
py::object PythonDatabase::room(py::object& kept, Room& (Database::*member)(), const char* name,
                                const std::shared_ptr<Gate>& gate) {
  const auto database = database_.use();
  if (!kept || !kept.cast<Handle<Room>&>().is_open())
    kept = py::cast(Handle<Room>(std::shared_ptr<Room>(database, &((*database).*member)()), name, gate));
  return kept;
}

// Reading populations within a transaction waits for nobody.
py::object PythonDatabase::populations() {
  return room<Storage>(populations_, &Database::populations, "storage", nullptr);
}
py::object PythonDatabase::records() {
  return room<Records>(records_, &Database::records, "store of records", gate_);
}
py::object PythonDatabase::jobs() {
  return room<JobQueue>(jobs_, &Database::jobs, "job queue", gate_);
}

void PythonDatabase::close() {
  usable_.close();
  database_.close();
  close_room<Storage>(populations_);
  close_room<Records>(records_);
  close_room<JobQueue>(jobs_);
}

}  // namespace persona::python
