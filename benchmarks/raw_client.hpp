//! What a call costs at least: a blocking socket that stays open, the same bytes, no parsing.
#pragma once

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace persona::bench {

class RawClient {
 public:
  explicit RawClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) broken("connect");
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  //! Sends and reads an answer with a Content-Length. @return its body, valid until the next call
  std::string_view ask(std::string_view request) {
    if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
      broken("send");
    }
    answer_.clear();
    std::size_t head = std::string::npos, length = 0;
    while (head == std::string::npos || answer_.size() < head + 4 + length) {
      char bytes[65536];
      const ssize_t got = ::recv(socket_, bytes, sizeof bytes, 0);
      if (got <= 0) broken("recv");
      answer_.append(bytes, static_cast<std::size_t>(got));
      if (head != std::string::npos) continue;
      head = answer_.find("\r\n\r\n");
      const std::size_t at = answer_.find("Content-Length: ");
      if (at < head) length = std::strtoul(&answer_[at + 16], nullptr, 10);
    }
    return std::string_view(answer_).substr(head + 4);
  }

 private:
  [[noreturn]] static void broken(const char* what) {
    std::perror(what);
    std::exit(2);
  }

  int socket_;
  std::string answer_;
};

}  // namespace persona::bench
