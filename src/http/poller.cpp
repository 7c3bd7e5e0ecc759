//! epoll and an eventfd where there are such things.
#include "poller.hpp"

#ifdef __linux__
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#endif

namespace persona::http {

#ifdef __linux__
namespace {

class EpollPoller final : public Poller {
 public:
  // Every wake is an edge, so that its count need not be read; it has room for more than will ever come.
  EpollPoller() : poll_(::epoll_create1(EPOLL_CLOEXEC)), woken_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;
    event.data.fd = woken_;
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, woken_, &event);
  }

  ~EpollPoller() override {
    if (poll_ >= 0) ::close(poll_);
    if (woken_ >= 0) ::close(woken_);
  }

  bool works() const { return poll_ >= 0 && woken_ >= 0; }

  // A closed socket has left by itself, and its number may have come back as another's.
  void watch(int socket, bool for_reading, bool for_writing) override {
    epoll_event event{};
    event.events = (for_reading ? EPOLLIN : 0u) | (for_writing ? EPOLLOUT : 0u);
    event.data.fd = socket;
    if (event.events == 0) {
      ::epoll_ctl(poll_, EPOLL_CTL_DEL, socket, &event);
    } else if (::epoll_ctl(poll_, EPOLL_CTL_ADD, socket, &event) != 0) {
      ::epoll_ctl(poll_, EPOLL_CTL_MOD, socket, &event);
    }
  }

  void wait(std::chrono::milliseconds time, std::vector<Ready>& ready) override {
    ready.clear();
    std::array<epoll_event, 256> events{};
    const auto most = std::chrono::milliseconds(std::chrono::hours(1));
    const int wait = time.count() < 0 ? -1 : static_cast<int>(std::min(time, most).count());
    const int count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), wait);
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      if (event.data.fd == woken_) continue;
      ready.push_back({event.data.fd, (event.events & (EPOLLIN | EPOLLHUP)) != 0, (event.events & EPOLLOUT) != 0,
                       (event.events & EPOLLERR) != 0});
    }
  }

  void wake() override {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto size = ::write(woken_, &one, sizeof one);
  }

 private:
  int poll_;
  int woken_;
};

}  // namespace

std::unique_ptr<Poller> make_poller() {
  auto poller = std::make_unique<EpollPoller>();
  return poller->works() ? std::move(poller) : nullptr;
}
#else
std::unique_ptr<Poller> make_poller() {
  return make_portable_poller();
}
#endif

}  // namespace persona::http
