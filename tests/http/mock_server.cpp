//! A small server on epoll.
#include "mock_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace persona::testing {
namespace {

struct Connection {
  int number = 0;
  std::string in = {};
  std::string out = {};
  std::size_t written = 0;  // of `out`
  std::deque<Answer::Step> steps = {};
  bool waiting = false;  // for release()
  bool silent = false;   // for good
};

std::string take_until(std::string_view& text, std::string_view mark) {
  const std::size_t end = std::min(text.find(mark), text.size());
  std::string taken(text.substr(0, end));
  text.remove_prefix(std::min(end + mark.size(), text.size()));
  return taken;
}

// Takes one whole request off the front of what came.
std::optional<Asked> take_request(std::string& in) {
  const std::size_t head_end = in.find("\r\n\r\n");
  if (head_end == std::string::npos) return std::nullopt;
  std::string_view head(in.data(), head_end + 2);
  Asked asked;
  asked.method = take_until(head, " ");
  asked.target = take_until(head, " ");
  take_until(head, "\r\n");
  while (!head.empty()) {
    const std::string line = take_until(head, "\r\n");
    std::string_view value = line;
    std::string name = take_until(value, ":");
    if (value.starts_with(' ')) value.remove_prefix(1);
    asked.headers.push_back({std::move(name), std::string(value)});
  }
  const std::size_t length = std::strtoul(std::string(asked.header("content-length")).c_str(), nullptr, 10);
  if (in.size() < head_end + 4 + length) return std::nullopt;
  asked.body = in.substr(head_end + 4, length);
  in.erase(0, head_end + 4 + length);
  return asked;
}

}  // namespace

struct MockServer::State {
  Handler handler;
  int listener = -1, poll = -1, wakeup = -1, port = 0;
  std::atomic<bool> ends = false, releases = false;
  std::map<int, Connection> open = {};

  mutable std::mutex mutex = {};
  mutable std::condition_variable changed = {};
  std::vector<Asked> asked = {};
  int accepted = 0, waiting = 0, closed = 0;

  std::thread thread = {};

  explicit State(Handler handle) : handler(std::move(handle)) {
    listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    if (::bind(listener, raw, size) != 0 || ::listen(listener, 4096) != 0 || ::getsockname(listener, raw, &size) != 0) {
      std::abort();
    }
    port = ntohs(address.sin_port);
    poll = ::epoll_create1(EPOLL_CLOEXEC);
    wakeup = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    watch(listener, EPOLLIN, EPOLL_CTL_ADD);
    watch(wakeup, EPOLLIN, EPOLL_CTL_ADD);
    thread = std::thread([this] { run(); });
  }

  ~State() {
    ends = true;
    wake();
    thread.join();
    for (const auto& [socket, connection] : open) ::close(socket);
    for (const int descriptor : {listener, poll, wakeup}) ::close(descriptor);
  }

  void watch(int descriptor, std::uint32_t events, int change) const {
    epoll_event event{};
    event.events = events;
    event.data.fd = descriptor;
    ::epoll_ctl(poll, change, descriptor, &event);
  }

  void wake() const {
    const std::uint64_t one = 1;
    if (::write(wakeup, &one, sizeof one) != sizeof one) std::abort();
  }

  void count(int& what, int by) {
    const std::lock_guard lock(mutex);
    what += by;
    changed.notify_all();
  }

  bool await(const std::function<bool()>& happened) const {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(30), happened);
  }

  void run() {
    epoll_event events[64];
    while (!ends) {
      const int ready = ::epoll_wait(poll, events, 64, -1);
      for (int i = 0; i < ready; ++i) {
        const int descriptor = events[i].data.fd;
        if (descriptor == listener) {
          accept_all();
        } else if (descriptor == wakeup) {
          std::uint64_t drained = 0;
          if (::read(wakeup, &drained, sizeof drained) == sizeof drained && releases.exchange(false)) go_on();
        } else if (const auto found = open.find(descriptor); found != open.end()) {
          serve(descriptor, found->second);
        }
      }
    }
  }

  void accept_all() {
    for (int socket = 0; (socket = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
      const int on = 1;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      watch(socket, EPOLLIN, EPOLL_CTL_ADD);
      count(accepted, 1);
      open[socket].number = accepted;
    }
  }

  void serve(int socket, Connection& connection) {
    char bytes[16384];
    for (;;) {
      const ssize_t got = ::read(socket, bytes, sizeof bytes);
      if (got > 0) {
        connection.in.append(bytes, static_cast<std::size_t>(got));
      } else if (got < 0 && errno == EAGAIN) {
        break;
      } else {
        return drop(socket, connection);
      }
    }
    advance(socket, connection);
  }

  void go_on() {
    std::vector<int> waiting_now;
    for (const auto& [socket, connection] : open) {
      if (connection.waiting) waiting_now.push_back(socket);
    }
    for (const int socket : waiting_now) {
      Connection& connection = open[socket];
      connection.waiting = false;
      count(waiting, -1);
      advance(socket, connection);
    }
  }

  // Does all steps that need not wait; then the next request's.
  void advance(int socket, Connection& connection) {
    while (flush(socket, connection) && !connection.waiting && !connection.silent) {
      if (connection.steps.empty()) {
        auto request = take_request(connection.in);
        if (!request) return;
        request->connection = connection.number;
        const Answer answer = handler(*request);
        connection.steps.assign(answer.steps().begin(), answer.steps().end());
        connection.silent = connection.steps.empty();
        const std::lock_guard lock(mutex);
        asked.push_back(std::move(*request));
        changed.notify_all();
        continue;
      }
      const Answer::Step step = std::move(connection.steps.front());
      connection.steps.pop_front();
      if (step.kind == Answer::Step::Kind::send) connection.out += step.bytes;
      if (step.kind == Answer::Step::Kind::wait) {
        connection.waiting = true;
        count(waiting, 1);
      }
      if (step.kind == Answer::Step::Kind::close || step.kind == Answer::Step::Kind::reset) {
        const linger at_once{1, 0};
        if (step.kind == Answer::Step::Kind::reset) {
          ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        }
        return drop(socket, connection);
      }
    }
  }

  // True when all is written.
  bool flush(int socket, Connection& connection) {
    const std::string& out = connection.out;
    while (connection.written < out.size()) {
      const ssize_t sent =
          ::send(socket, out.data() + connection.written, out.size() - connection.written, MSG_NOSIGNAL);
      if (sent < 0) {
        watch(socket, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
        return false;
      }
      connection.written += static_cast<std::size_t>(sent);
      if (connection.written == out.size()) watch(socket, EPOLLIN, EPOLL_CTL_MOD);
    }
    connection.out.clear();
    connection.written = 0;
    return true;
  }

  void drop(int socket, const Connection& connection) {
    const bool was_waiting = connection.waiting;
    open.erase(socket);
    ::close(socket);
    if (was_waiting) count(waiting, -1);
    count(closed, 1);
  }
};

MockServer::MockServer(Handler handler) : state_(std::make_unique<State>(std::move(handler))) {}

MockServer::MockServer(std::vector<Answer> script)
    : MockServer([script = std::move(script), at = std::size_t{0}](const Asked&) mutable {
        return script[std::min(at++, script.size() - 1)];
      }) {}

MockServer::~MockServer() = default;

int MockServer::port() const {
  return state_->port;
}

std::string MockServer::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(state_->port) + std::string(path);
}

std::vector<Asked> MockServer::asked() const {
  const std::lock_guard lock(state_->mutex);
  return state_->asked;
}

int MockServer::connections() const {
  const std::lock_guard lock(state_->mutex);
  return state_->accepted;
}

void MockServer::release() {
  state_->releases = true;
  state_->wake();
}

bool MockServer::await_asked(int count) const {
  return state_->await([&] { return static_cast<int>(state_->asked.size()) >= count; });
}

bool MockServer::await_waiting(int count) const {
  return state_->await([&] { return state_->waiting >= count; });
}

bool MockServer::await_closed(int count) const {
  return state_->await([&] { return state_->closed >= count; });
}

}  // namespace persona::testing
