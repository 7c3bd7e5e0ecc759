//! What moves all requests of a transport: whoever waits for one, or a thread where nobody does.
#pragma once

#include "exchange.hpp"
#include "poller.hpp"

#include <curl/curl.h>

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace persona::http {

//! Public members may be called from any thread. One thread drives at a time: a caller that waits alone moves its own
//! request, so that no other thread need wake; the loop's own thread drives where there are more requests than that
//! caller's, and where callers are slow with what they were given.
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
  //! Moves all requests until there is news of this one, or until a time. False at once where another thread does.
  bool drive(Exchange& exchange, std::chrono::steady_clock::time_point until) noexcept;
  //! Finishes it at once, with CURLE_ABORTED_BY_CALLBACK; nothing if it is finished already.
  void abandon(std::uint64_t id, bool connection_is_dead = false);
  //! Its caller has room again.
  void resume(std::uint64_t id);

 private:
  struct Command {
    enum class Kind { submit, abandon, abandon_with_connection, resume } kind;
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
  void drive_all(std::unique_lock<std::mutex>& lock);
  void leave(bool goes_on);
  void turn();
  void obey();
  void move();
  std::chrono::milliseconds time_to_wait(std::chrono::steady_clock::time_point until) const;
  bool is_idle() const { return active_.empty() && commands_.empty(); }
  void admit(Exchange& exchange);
  void add(Exchange& exchange);
  void collect();
  void end(Exchange& exchange, CURLcode code);
  void release_held();
  static int on_socket(CURL*, curl_socket_t socket, int what, void* user, void*);
  static int on_timer(CURLM*, long milliseconds, void* user);

  CURLM* multi_ = nullptr;
  std::unique_ptr<Poller> poller_;

  std::mutex mutex_;  // of these
  std::condition_variable changed_;
  std::vector<Command> commands_;
  std::vector<CURL*> idle_handles_;
  bool driven_ = false;      // by whichever thread
  bool left_ = false;        // by its driver, while others wait
  bool watched_ = false;     // a caller looks at what came; it may be slow
  std::uint64_t turns_ = 0;  // of callers, at driving
  bool ended_ = false;

  // Of the one that drives.
  std::unordered_map<std::uint64_t, Exchange*> active_;
  std::unordered_map<std::string, Origin> origins_;  // of https alone
  std::size_t held_ = 0;
  std::vector<Ready> ready_;
  std::chrono::steady_clock::time_point timer_ = std::chrono::steady_clock::time_point::max();

  std::thread thread_;
};

}  // namespace persona::http
