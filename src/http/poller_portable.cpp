//! poll(2) and a pipe.
#include "poller.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>

namespace persona::http {
namespace {

class PortablePoller final : public Poller {
 public:
  PortablePoller() {
    if (::pipe(pipe_.data()) != 0) return;
    for (const int end : pipe_) {
      ::fcntl(end, F_SETFD, FD_CLOEXEC);
      ::fcntl(end, F_SETFL, O_NONBLOCK);
    }
    sockets_.push_back({pipe_[0], POLLIN, 0});
  }

  ~PortablePoller() override {
    for (const int end : pipe_) {
      if (end >= 0) ::close(end);
    }
  }

  bool works() const { return pipe_[0] >= 0; }

  void watch(int socket, bool for_reading, bool for_writing) override {
    std::erase_if(sockets_, [&](const pollfd& one) { return one.fd == socket; });
    const int events = (for_reading ? POLLIN : 0) | (for_writing ? POLLOUT : 0);
    if (events != 0) sockets_.push_back({socket, static_cast<short>(events), 0});
  }

  void wait(std::chrono::milliseconds time, std::vector<Ready>& ready) override {
    ready.clear();
    const auto most = std::chrono::milliseconds(std::chrono::hours(1));
    const int wait = time.count() < 0 ? -1 : static_cast<int>(std::min(time, most).count());
    if (::poll(sockets_.data(), sockets_.size(), wait) <= 0) return;
    if (sockets_.front().revents != 0) drain();
    for (std::size_t i = 1; i < sockets_.size(); ++i) {
      const int seen = sockets_[i].revents;
      if (seen == 0) continue;
      ready.push_back({sockets_[i].fd, (seen & (POLLIN | POLLHUP)) != 0, (seen & POLLOUT) != 0,
                       (seen & (POLLERR | POLLNVAL)) != 0});
    }
  }

  void wake() override {
    while (::write(pipe_[1], "w", 1) < 0 && errno == EINTR) {
    }
  }

 private:
  void drain() const {
    std::array<char, 256> bytes{};
    while (::read(pipe_[0], bytes.data(), bytes.size()) > 0) {
    }
  }

  std::array<int, 2> pipe_{-1, -1};
  std::vector<pollfd> sockets_;
};

}  // namespace

std::unique_ptr<Poller> make_portable_poller() {
  auto poller = std::make_unique<PortablePoller>();
  return poller->works() ? std::move(poller) : nullptr;
}

}  // namespace persona::http
