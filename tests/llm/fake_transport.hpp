//! A transport that answers what a test tells it to, and remembers what it was sent.
#pragma once

#include "core/json_document.hpp"

#include <persona/http/transport.hpp>

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace persona::testing {

//! One answer of the script. A streamed body is handed out in pieces of `cut` bytes.
struct Answered {
  int status = 200;
  std::string body = {};
  std::vector<http::Header> headers = {};
  std::size_t cut = static_cast<std::size_t>(-1);
  std::optional<Error> broken = {};  //!< instead of the end of the body; with status 0 instead of an answer
};

class FakeTransport final : public http::Transport {
 public:
  FakeTransport() = default;
  explicit FakeTransport(std::deque<Answered> script) : script_(std::move(script)) {}

  Result<http::Response> send(const http::Request& request, const http::OnBytes& on_bytes, const Context&) override {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    if (script_.empty()) return fail(Errc::unavailable, "the script is at its end");
    const Answered answer = std::move(script_.front());
    script_.pop_front();
    if (answer.status == 0) return tl::unexpected(*answer.broken);
    http::Response response{.status = answer.status, .headers = answer.headers};
    if (!on_bytes || answer.status >= 300) {
      response.body = answer.body;
    } else {
      std::string_view left = answer.body;
      while (!left.empty()) {
        const std::string piece(left.substr(0, answer.cut));  // its own allocation: a view kept too long is found
        left.remove_prefix(piece.size());
        if (auto taken = on_bytes(piece); !taken) return tl::unexpected(taken.error());
      }
    }
    if (answer.broken) return tl::unexpected(*answer.broken);
    return response;
  }

  const std::vector<http::Request>& requests() const { return requests_; }
  const http::Request& last() const { return requests_.back(); }
  Json last_body() const { return *parse_json_document(requests_.back().body); }

 private:
  std::mutex mutex_;
  std::deque<Answered> script_;
  std::vector<http::Request> requests_;
};

inline Error broken_connection() {
  Error error{Errc::unavailable, "the connection was closed", {}};
  error.service = ServiceFailure{.retryable = true, .sent = true};
  return error;
}

}  // namespace persona::testing
