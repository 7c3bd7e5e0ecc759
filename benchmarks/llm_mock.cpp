//! A server on loopback that speaks like OpenAI and does nothing else.
#include "llm_mock.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string_view>
#include <utility>

namespace persona::bench {
namespace {

constexpr int tick_ms = 10;

void must(bool well, const char* what) {
  if (well) return;
  std::perror(what);
  std::_Exit(2);
}

std::string chunk(const std::string& bytes) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return size + bytes + "\r\n";
}

std::string event(const std::string& delta, const char* finish, const char* usage) {
  return chunk(
      "data: {\"id\":\"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT\",\"object\":\"chat.completion.chunk\","
      "\"created\":1741569952,\"model\":\"gpt-4o-mini\",\"system_fingerprint\":\"fp_44709d6fcb\",\"choices\":[{"
      "\"index\":0,\"delta\":" +
      delta + ",\"logprobs\":null,\"finish_reason\":" + finish + "}],\"usage\":" + usage + "}\n\n");
}

const std::string& token_event() {
  static const std::string bytes = event(R"({"content":" token"})", "null", "null");
  return bytes;
}

std::string stream_head() {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nx-request-id: req_1\r\nTransfer-Encoding: "
         "chunked\r\n\r\n" +
         event(R"({"role":"assistant","content":""})", "null", "null");
}

std::string stream_tail() {
  return event("{}", "\"stop\"", R"({"prompt_tokens":400,"completion_tokens":2000,"total_tokens":2400})") +
         chunk("data: [DONE]\n\n") + "0\r\n\r\n";
}

std::string burst() {
  std::string bytes = stream_head();
  for (int i = 0; i < burst_tokens; ++i) bytes += token_event();
  return bytes + stream_tail();
}

std::string whole(const std::string& body, const char* type) {
  return std::string("HTTP/1.1 200 OK\r\nContent-Type: ") + type +
         "\r\nx-request-id: req_1\r\nx-ratelimit-remaining-requests: 9999\r\nx-ratelimit-reset-requests: 6ms\r\n"
         "x-ratelimit-remaining-tokens: 9999999\r\nx-ratelimit-reset-tokens: 6ms\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string completion() {
  return whole(
      R"({"id":"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT","object":"chat.completion","created":1741569952,)"
      R"("model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":)"
      R"("Hello! I am a persona of forty words or so: I live in Springfield, Massachusetts, work as a nurse, have two )"
      R"(children and a dog, and I would answer your question with yes, as long as the price stays below ten dollars.",)"
      R"("refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":400,)"
      R"("completion_tokens":50,"total_tokens":450,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},)"
      R"("completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,)"
      R"("rejected_prediction_tokens":0}},"service_tier":"default","system_fingerprint":"fp_44709d6fcb"})",
      "application/json");
}

struct Link {
  std::string in = {}, out = {};
  std::size_t written = 0;  // of `out`
  bool blocked = false;
  int left = 0;   // tokens of a slow stream
  int ticks = 0;  // until the next of them
};

class MockLoop {
 public:
  MockLoop(int listener, int leash) : listener_(listener), leash_(leash), poll_(::epoll_create1(0)) {
    timer_ = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    for (const int descriptor : {listener_, leash_, timer_}) watch(descriptor, EPOLLIN, EPOLL_CTL_ADD);
  }

  void run() {
    epoll_event events[256];
    while (true) {
      const int ready = ::epoll_wait(poll_, events, 256, -1);
      for (int i = 0; i < ready; ++i) {
        const int descriptor = events[i].data.fd;
        if (descriptor == leash_) return;
        if (descriptor == listener_) {
          accept_all();
        } else if (descriptor == timer_) {
          tick();
        } else if (const auto found = links_.find(descriptor); found != links_.end()) {
          serve(descriptor, found->second);
        }
      }
    }
  }

 private:
  void watch(int descriptor, std::uint32_t what, int change) const {
    epoll_event event{};
    event.events = what;
    event.data.fd = descriptor;
    ::epoll_ctl(poll_, change, descriptor, &event);
  }

  void accept_all() {
    for (int socket = 0; (socket = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
      const int on = 1;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      links_[socket];
      watch(socket, EPOLLIN, EPOLL_CTL_ADD);
    }
  }

  void serve(int socket, Link& link) {
    char bytes[65536];
    const ssize_t got = ::read(socket, bytes, sizeof bytes);
    if (got == 0 || (got < 0 && errno != EAGAIN)) return drop(socket, link);
    if (got > 0) link.in.append(bytes, static_cast<std::size_t>(got));
    while (take_request(link)) {
    }
    flush(socket, link);
  }

  bool take_request(Link& link) {
    const std::size_t head = link.in.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    std::size_t length = 0;
    for (const char* name : {"Content-Length: ", "content-length: "}) {
      if (const std::size_t at = link.in.find(name); at < head) length = std::strtoul(&link.in[at + 16], nullptr, 10);
    }
    const std::size_t size = head + 4 + length;
    if (link.in.size() < size) return false;
    answer(link, std::string_view(link.in).substr(0, size), head);
    link.in.erase(0, size);
    return true;
  }

  void answer(Link& link, std::string_view request, std::size_t head) {
    if (request.starts_with("GET /last")) return void(link.out += whole(last_, "text/plain"));
    if (request.starts_with("GET")) return void(link.out += whole(std::to_string(most_), "text/plain"));
    last_ = request;
    const std::string_view body = request.substr(head);
    const bool streams = body.find("\"stream\":true") != body.npos || body.find("\"stream\": true") != body.npos;
    if (!streams) return void(link.out += completion_);
    if (!request.starts_with("POST /slow")) return void(link.out += burst_);
    link.out += stream_head();
    link.left = slow_tokens;
    link.ticks = slow_pause_ms / tick_ms;
    most_ = std::max(most_, ++slow_);
    if (slow_ == 1) set_timer(tick_ms);
  }

  void set_timer(int milliseconds) const {
    itimerspec time{};
    time.it_value.tv_nsec = time.it_interval.tv_nsec = milliseconds * 1'000'000L;
    ::timerfd_settime(timer_, 0, &time, nullptr);
  }

  void tick() {
    std::uint64_t times = 0;
    if (::read(timer_, &times, sizeof times) != sizeof times) return;
    for (auto& [socket, link] : links_) {
      if (link.left == 0 || --link.ticks > 0) continue;
      link.ticks = slow_pause_ms / tick_ms;
      link.out += token_event();
      if (--link.left == 0) {
        link.out += stream_tail();
        --slow_;
      }
      flush(socket, link);
    }
    if (slow_ == 0) set_timer(0);
  }

  void flush(int socket, Link& link) const {
    while (link.written < link.out.size()) {
      const ssize_t sent =
          ::send(socket, &link.out[link.written], link.out.size() - link.written, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent < 0) {
        link.blocked = true;
        return watch(socket, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
      }
      link.written += static_cast<std::size_t>(sent);
    }
    link.out.clear();
    link.written = 0;
    if (std::exchange(link.blocked, false)) watch(socket, EPOLLIN, EPOLL_CTL_MOD);
  }

  void drop(int socket, const Link& link) {
    if (link.left > 0) --slow_;
    links_.erase(socket);
    ::close(socket);
  }

  const int listener_, leash_, poll_;
  int timer_ = -1, slow_ = 0, most_ = 0;
  std::map<int, Link> links_;
  std::string last_;
  const std::string completion_ = completion(), burst_ = burst();
};

int listener_on_loopback(int& port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  must(::bind(listener, raw, size) == 0 && ::listen(listener, 4096) == 0, "bind");
  must(::getsockname(listener, raw, &size) == 0, "getsockname");
  port = ntohs(address.sin_port);
  return listener;
}

}  // namespace

MockProcess::MockProcess() {
  const int listener = listener_on_loopback(port_);
  int leash[2];
  must(::pipe(leash) == 0, "pipe");
  process_ = ::fork();
  must(process_ >= 0, "fork");
  if (process_ == 0) {
    ::close(leash[1]);
    MockLoop(listener, leash[0]).run();
    std::_Exit(0);
  }
  ::close(listener);
  ::close(leash[0]);
  leash_ = leash[1];
}

MockProcess::~MockProcess() {
  ::close(leash_);
  ::waitpid(process_, nullptr, 0);
}

void serve_until_input_ends() {
  int port = 0;
  const int listener = listener_on_loopback(port);
  std::printf("%d\n", port);
  std::fflush(stdout);
  MockLoop(listener, STDIN_FILENO).run();
}

}  // namespace persona::bench
