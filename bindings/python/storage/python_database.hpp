//! What Python holds of a Database: the rooms are closed with it.
#pragma once

#include "storage/transaction.hpp"

#include <memory>

namespace persona::python {

class PythonDatabase {
 public:
  explicit PythonDatabase(std::shared_ptr<Database> database)
      : gate_(std::make_shared<OutsideGate>(*database)),
        usable_(database, "database", gate_),
        database_(std::move(database), "database") {}

  //! Raises where it is closed, and within a transaction of it.
  std::shared_ptr<Database> use() const { return usable_.use(); }
  void close();

  //! The same object each time, which keeps the database too; a new one after it was closed by itself.
  pybind11::object populations();
  pybind11::object records();
  pybind11::object jobs();

 private:
  template <class Room>
  pybind11::object room(pybind11::object& kept, Room& (Database::*member)(), const char* name,
                        const std::shared_ptr<Gate>& gate);

  std::shared_ptr<Gate> gate_;
  Handle<Database> usable_, database_;
  pybind11::object populations_, records_, jobs_;
};

}  // namespace persona::python
