//! One request on its way: what its caller and the thread that drives share about it.
#pragma once

#include "header_list.hpp"
#include "target.hpp"

#include <persona/http/transport.hpp>

#include <curl/curl.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace persona::http {

//! What the caller waits at. It outlasts the call: who rings need not hold the lock, which the woken one wants.
struct Bell {
  std::mutex mutex = {};
  std::condition_variable changed = {};
};

//! Lives on the stack of the call, which does not return before `finished`.
struct Exchange {
  using TimePoint = std::chrono::steady_clock::time_point;

  Exchange(const Request& what, Target where, bool in_pieces);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  //! What the caller has waiting at most; then the server has to wait.
  static constexpr std::size_t most_waiting = std::size_t{256} << 10;

  const std::uint64_t id;  //!< never used again, as an address is
  const Request& request;
  const Target target;
  const bool streams;
  const TimePoint start;
  HeaderList headers = {};
  CURL* easy = nullptr;

  // Its driver's until `finished`, then the caller's.
  Response response = {};
  CURLcode code = CURLE_OK;
  std::array<char, CURL_ERROR_SIZE> words{};  // libcurl's own, not for every message
  std::size_t received = 0;                   // heads too
  bool too_large = false;
  bool head_ended = false;   // libcurl takes half a head for an answer
  bool connecting = false;   // a socket was opened for it
  bool tried_again = false;  // libcurl wanted to, by itself
  bool resent = false;
  TimePoint sent_at = {};
  TimePoint first_byte_at = {};

  std::atomic<bool> sent{false};     // the server may have seen some of it
  std::atomic<TimePoint> last_byte;  // or the start, or when the caller began to wait again
  std::atomic<bool> answering{false};

  // Under the bell's lock.
  const std::shared_ptr<Bell> bell = std::make_shared<Bell>();
  std::string pieces = {};
  bool paused = false;
  bool listening = true;  // its caller wants pieces, not the end alone
  bool finished = false;

  //! Something for its caller to do.
  bool has_news() const { return finished || (listening && !pieces.empty()); }

  //! It broke as a connection does that was dead before: in a round trip, without an answer. What breaks
  //! later may have been worked on, and be charged.
  bool was_stale() const;
  //! Ready to be sent once more.
  void begin_again();
  void finish(CURLcode with);
};

//! Tells libcurl everything about a request, callbacks included.
struct CurlSettings {
  std::string proxy = {};
  std::string ca_file = {};
};
void configure(Exchange& exchange, const CurlSettings& settings);

}  // namespace persona::http
