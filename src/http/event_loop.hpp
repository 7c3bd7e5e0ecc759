//! The thread that moves all requests of a transport.
#pragma once

#include "exchange.hpp"
#include "poller.hpp"

#include <curl/curl.h>

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace persona::http {

//! Public members may be called from any thread.
class EventLoop {
 public:
  //! @errors unavailable: no thread, no descriptors, no memory
  static Result<std::unique_ptr<EventLoop>> start(int connections_per_host);
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  //! A handle with no options set, to give back. Null where memory is short.
  CURL* take_handle();
  void give_back(CURL* easy);

  //! Ends with Exchange::finish().
  void submit(Exchange& exchange);
  //! Finishes it at once, with CURLE_ABORTED_BY_CALLBACK; nothing if it is finished already.
  void abandon(std::uint64_t id, bool connection_is_dead = false);
  //! Its caller has room again.
  void resume(std::uint64_t id);

 private:
  struct Command {
    enum class Kind { submit, abandon, abandon_with_connection, resume, end } kind;
    std::uint64_t id = 0;
    Exchange* exchange = nullptr;
  };
  // A burst waits for the first connection, which HTTP/2 lets all of it share.
  struct Origin {
    std::vector<Exchange*> added = {};
    std::vector<Exchange*> held = {};
  };

  EventLoop() = default;
  void command(Command command);
  void run();
  bool obey();
  void move();
  std::chrono::milliseconds time_to_wait() const;
  void admit(Exchange& exchange);
  void add(Exchange& exchange);
  void collect();
  void end(Exchange& exchange, CURLcode code);
  void release_held();
  static int on_socket(CURL*, curl_socket_t socket, int what, void* user, void*);
  static int on_timer(CURLM*, long milliseconds, void* user);

  CURLM* multi_ = nullptr;
  std::unique_ptr<Poller> poller_;

  std::mutex mutex_;  // of these three
  std::vector<Command> commands_;
  std::vector<CURL*> idle_handles_;

  // The thread's own.
  std::unordered_map<std::uint64_t, Exchange*> active_;
  std::unordered_map<std::string, Origin> origins_;  // of https alone
  std::size_t held_ = 0;
  std::vector<Ready> ready_;
  std::chrono::steady_clock::time_point timer_ = std::chrono::steady_clock::time_point::max();

  std::thread thread_;
};

}  // namespace persona::http
