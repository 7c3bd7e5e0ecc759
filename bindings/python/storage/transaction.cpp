//! Functions of Python in one transaction across rooms.
#include "storage/transaction.hpp"

#include "llm/call.hpp"

#include <pybind11/gil_safe_call_once.h>

#include <atomic>
#include <optional>
#include <utility>

namespace persona::python {
namespace py = pybind11;
namespace {

// A tuple of the PythonRooms in whose transactions the caller is.
PyObject* inside_variable() {
  static py::gil_safe_call_once_and_store<py::object> variable;
  variable.call_once_and_store_result(
      [] { return py::reinterpret_steal<py::object>(PyContextVar_New("persona.transactions", nullptr)); });
  return variable.get_stored().ptr();
}

py::tuple inside() {
  PyObject* value = nullptr;
  if (PyContextVar_Get(inside_variable(), nullptr, &value) != 0) throw py::error_already_set();
  return value == nullptr ? py::tuple() : py::reinterpret_steal<py::tuple>(value);
}

// For as long as it lives, whoever has this context is within the transaction.
class Inside {
 public:
  explicit Inside(const py::object& rooms) {
    const py::tuple now = inside() + py::make_tuple(rooms);
    before_ = py::reinterpret_steal<py::object>(PyContextVar_Set(inside_variable(), now.ptr()));
    if (!before_) throw py::error_already_set();
  }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
  ~Inside() {
    if (PyContextVar_Reset(inside_variable(), before_.ptr()) != 0) PyErr_Clear();  // `work` went to another context
  }

 private:
  py::object before_;
};

template <class Room>
py::object room(Room& room, const char* name, const std::shared_ptr<Gate>& gate) {
  return py::cast(Handle<Room>(std::shared_ptr<Room>(&room, [](Room*) {}), name, gate));
}

py::object done_work(const py::object& work, const py::object& rooms) {
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();  // of the time that the transaction waited
  py::object answer = work(rooms);
  if (PyCoro_CheckExact(answer.ptr()) == 0) return answer;
  answer.attr("close")();
  throw py::type_error("the work of `transact` is a plain function; `transact_async` takes async ones");
}

// What tells the database to undo, and, where another transaction was faster, to try again.
Error error_of(const py::error_already_set& raised) {
  const py::object base = py::module_::import("persona._errors").attr("PersonaError");
  if (py::isinstance(raised.value(), base)) return from_exception(raised.value());
  return {Errc::internal, "the work of a transaction raised", {}};
}

}  // namespace

class PythonRooms::Turn final : public Gate {
 public:
  std::shared_ptr<void> enter() override {
    auto turn = [&] {
      const py::gil_scoped_release release;
      return std::make_shared<std::unique_lock<std::mutex>>(mutex_);
    }();
    if (over_) throw py::value_error("this transaction is over");
    return turn;
  }
  bool is_for_good() const override { return false; }

  bool is_over() const { return over_; }
  void end() {
    const py::gil_scoped_release release;
    const std::lock_guard lock(mutex_);
    over_ = true;
  }

 private:
  std::mutex mutex_;
  std::atomic<bool> over_ = false;
};

PythonRooms::PythonRooms(const Database& database, const Rooms& rooms)
    : database_(database),
      turn_(std::make_shared<Turn>()),
      records_(room(rooms.records, "store of records", turn_)),
      jobs_(room(rooms.jobs, "job queue", turn_)) {}

bool PythonRooms::is_of(const Database& database) const {
  return &database == &database_ && !turn_->is_over();
}

void PythonRooms::end() {
  turn_->end();
}

std::shared_ptr<void> OutsideGate::enter() {
  for (const auto& rooms : inside())
    if (rooms.cast<const PythonRooms&>().is_of(database_))
      raise({Errc::conflict, "within a transaction of this database, use the rooms that it gives", {}});
  return nullptr;
}

py::object transact(Database& database, const py::object& work) {
  py::object answer;
  std::optional<py::error_already_set> raised;  // the last time
  Error told;                                   // of it to the database
  const auto attempt = [&](const Rooms& given) -> Status {
    if (!python_runs()) return fail(Errc::cancelled, "Python has ended");
    const py::gil_scoped_acquire acquire;
    raised.reset();
    const py::object rooms = py::cast(std::make_shared<PythonRooms>(database, given));
    try {
      const Inside here(rooms);
      answer = done_work(work, rooms);
    } catch (py::error_already_set& failure) {
      raised.emplace(failure);
    } catch (const py::builtin_exception& failure) {
      failure.set_error();
      raised.emplace();
    }
    rooms.cast<PythonRooms&>().end();
    if (!raised) return {};
    told = error_of(*raised);
    return tl::unexpected(told);
  };
  Status done;
  run_in_place([&] { done = database.transact(attempt); });
  if (done) return answer;
  const bool is_of_work = raised && done.error().code == told.code && done.error().message == told.message;
  if (is_of_work) throw py::error_already_set(*raised);
  raise(done.error());
}

}  // namespace persona::python
