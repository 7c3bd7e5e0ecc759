//! What libcurl says about a request, taken down by who drives.
#include "exchange.hpp"

#include <utility>

namespace persona::http {
namespace {

constexpr std::chrono::seconds stale_shows_within{3};

std::uint64_t next_id() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

}  // namespace

Exchange::Exchange(const Request& what, Target where, bool in_pieces)
    : id(next_id()),
      request(what),
      target(std::move(where)),
      streams(in_pieces),
      start(std::chrono::steady_clock::now()),
      last_byte(start) {}

bool Exchange::was_stale() const {
  return received == 0 && std::chrono::steady_clock::now() - sent_at < stale_shows_within;
}

void Exchange::begin_again() {
  response = {};
  words = {};
  tried_again = connecting = false;
  resent = true;
}

void Exchange::finish(CURLcode with) {
  code = with == CURLE_OK && !head_ended ? CURLE_PARTIAL_FILE : with;
  const std::shared_ptr<Bell> ringing = bell;  // the caller's stack may go as soon as it may see the end
  {
    const std::lock_guard lock(ringing->mutex);
    finished = true;
  }
  ringing->changed.notify_one();
}

}  // namespace persona::http
