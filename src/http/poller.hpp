//! Waits for sockets, for a time, or to be woken.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

namespace persona::http {

struct Ready {
  int socket = -1;
  bool readable = false;
  bool writable = false;
  bool broken = false;
};

//! wake() may be called from any thread, the rest from one.
class Poller {
 public:
  virtual ~Poller() = default;

  //! Neither forgets the socket.
  virtual void watch(int socket, bool for_reading, bool for_writing) = 0;

  //! Replaces `ready`. Returns early when woken, also when that was before the call. Negative waits for good.
  virtual void wait(std::chrono::milliseconds time, std::vector<Ready>& ready) = 0;

  virtual void wake() = 0;

 protected:
  Poller() = default;
  Poller(const Poller&) = default;
  Poller& operator=(const Poller&) = default;
};

//! By what the system does best. Null where it has no descriptors left.
std::unique_ptr<Poller> make_poller();

//! By poll(2), which every system has and which slows down with the number of sockets.
std::unique_ptr<Poller> make_portable_poller();

}  // namespace persona::http
