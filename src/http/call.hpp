//! A caller's side of an exchange: it drives or waits, takes pieces, and gives up in time.
#pragma once

#include "event_loop.hpp"

#include <persona/core/context.hpp>

#include <atomic>
#include <mutex>
#include <string>

namespace persona::http {

class Call {
 public:
  //! Both outlive it. The exchange is configured and has its handle, which goes back to the loop.
  Call(EventLoop& loop, Exchange& exchange, const Context& context);
  ~Call();  //!< whatever leaves the call, a listener's exception too: the loop forgets it first
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  Result<Response> run(const OnBytes& on_bytes);

 private:
  enum class Stop { none, cancelled, deadline, timeout, idle, listener };
  struct Limit {
    Exchange::TimePoint time;
    Stop why;
  };

  bool wait(std::string& pieces);
  void drive_or_wait(std::unique_lock<std::mutex>& lock, Exchange::TimePoint until);
  Limit next_limit() const;
  void stop(Stop why);
  Error stopped() const;
  void await_finish(std::unique_lock<std::mutex>& lock);

  EventLoop& loop_;
  Exchange& exchange_;
  const Context& context_;
  const Exchange::TimePoint timeout_;
  std::atomic<Stop> stop_{Stop::none};
};

}  // namespace persona::http
