//! Ctrl-C while the main thread of Python is in a call of the library.
#pragma once

#include <stop_token>

namespace persona::python {

//! While it lives, SIGINT also stops a call that the main thread works on itself. Python's own handler is
//! told as ever, so that KeyboardInterrupt is raised when the call is over.
class InterruptWatch {
 public:
  //! With the GIL, on the main thread: whether SIGINT raises KeyboardInterrupt, and no other common signal has a
  //! handler of Python. Such a handler must run in the middle of a call, and may want it to go on.
  static bool suffices();

  //! With the GIL, and PyErr_CheckSignals after it: a SIGINT of just before stops nothing.
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  const std::stop_source& source() const { return source_; }  //!< of the call

 private:
  std::stop_source source_;
};

}  // namespace persona::python
