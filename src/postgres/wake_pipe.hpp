//! Wakes a thread that waits for a socket.
#pragma once

#include <fcntl.h>
#include <unistd.h>

namespace persona::postgres {

//! What `wake` writes can be read; any thread may call it.
class WakePipe {
 public:
  WakePipe() {
    if (::pipe(ends_) != 0) ends_[0] = ends_[1] = -1;
    for (const int end : ends_)
      if (end >= 0) ::fcntl(end, F_SETFD, FD_CLOEXEC);
  }
  ~WakePipe() {
    for (const int end : ends_)
      if (end >= 0) ::close(end);
  }
  WakePipe(const WakePipe&) = delete;
  WakePipe& operator=(const WakePipe&) = delete;

  int read_end() const { return ends_[0]; }
  void wake() const {
    const char byte = 0;
    if (ends_[1] >= 0 && ::write(ends_[1], &byte, 1) < 0) return;  // full: it is awake
  }

 private:
  int ends_[2];
};

}  // namespace persona::postgres
