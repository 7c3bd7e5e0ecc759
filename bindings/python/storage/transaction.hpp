//! Functions of Python in one transaction across rooms.
#pragma once

#include "storage/handle.hpp"

#include <persona/storage/database.hpp>

#include <pybind11/pybind11.h>

#include <memory>
#include <mutex>

namespace persona::python {

//! The rooms of one transaction, used by one thread at a time. Once it is over they raise ValueError.
class PythonRooms {
 public:
  PythonRooms(const Database& database, const Rooms& rooms);

  const pybind11::object& records() const { return records_; }
  const pybind11::object& jobs() const { return jobs_; }
  bool is_of(const Database& database) const;  //!< and not over

  //! Waits for calls that other threads have under way. With the GIL, which is let go meanwhile.
  void end();

 private:
  class Turn;
  const Database& database_;  // compared only
  std::shared_ptr<Turn> turn_;
  pybind11::object records_, jobs_;
};

//! Raises Conflict within a transaction of the database: its own rooms would wait for it for ever. Tasks and threads
//! that were given the context of the transaction are within it.
class OutsideGate final : public Gate {
 public:
  explicit OutsideGate(const Database& database) : database_(database) {}
  std::shared_ptr<void> enter() override;

 private:
  const Database& database_;  // compared only
};

//! Runs `work(rooms)` on this thread. What it raises undoes everything and is raised again, the very object.
//! @return what it returned, the last time that it was run
pybind11::object transact(Database& database, const pybind11::object& work);

}  // namespace persona::python
