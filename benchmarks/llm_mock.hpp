//! A server on loopback that speaks like OpenAI and does nothing else, so that what a call takes is its caller's.
#pragma once

#include <sys/types.h>

#include <string>

namespace persona::bench {

inline constexpr int burst_tokens = 2'000;  //!< of a stream below /v1, sent as fast as the socket takes them
inline constexpr int slow_tokens = 30;      //!< of a stream below /slow/v1
inline constexpr int slow_pause_ms = 100;   //!< before each of them

//! One process with one thread on epoll; HTTP/1.1, keep-alive. It ends with the one that made it.
//!
//!   POST /v1/...       one answer that never changes, or `burst_tokens` events where the body asks for a stream
//!   POST /slow/v1/...  as a stream: `slow_tokens` events
//!   GET /last          the last POST, byte for byte, its head too
//!   GET /most          how many slow streams were open at once
class MockProcess {
 public:
  MockProcess();  //!< forks: before the first thread
  ~MockProcess();
  MockProcess(const MockProcess&) = delete;
  MockProcess& operator=(const MockProcess&) = delete;

  int port() const { return port_; }
  std::string url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(port_) + path; }

 private:
  pid_t process_ = -1;
  int port_ = 0, leash_ = -1;
};

//! Serves on this thread until the end of standard input; prints its port first. For benchmarks in other languages.
void serve_until_input_ends();

}  // namespace persona::bench
