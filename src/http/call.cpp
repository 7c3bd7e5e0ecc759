//! Waiting for an answer.
#include "call.hpp"

#include "curl_failure.hpp"

#include <algorithm>
#include <stop_token>
#include <utility>

namespace persona::http {
namespace {

Exchange::TimePoint after(Exchange::TimePoint time, std::chrono::milliseconds span) {
  const auto most = std::chrono::duration_cast<std::chrono::milliseconds>(Exchange::TimePoint::max() - time);
  return span >= most ? Exchange::TimePoint::max() : time + span;
}

std::chrono::microseconds since(Exchange::TimePoint from, Exchange::TimePoint to) {
  return std::chrono::duration_cast<std::chrono::microseconds>(to - from);
}

}  // namespace

Call::Call(EventLoop& loop, Exchange& exchange, const Context& context)
    : loop_(loop), exchange_(exchange), context_(context), timeout_(after(exchange.start, exchange.request.timeout)) {}

Call::~Call() {
  std::unique_lock lock(exchange_.bell->mutex);
  if (!exchange_.finished) loop_.abandon(exchange_.id);
  await_finish(lock);
  loop_.give_back(exchange_.easy);
}

Result<Response> Call::run(const OnBytes& on_bytes) {
  loop_.submit(exchange_);
  const std::stop_callback cancel(context_.stop, [this] { stop(Stop::cancelled); });
  std::string pieces;
  Status taken;
  while (taken && wait(pieces)) taken = on_bytes(pieces);
  if (!taken) stop(Stop::listener);
  {
    std::unique_lock lock(exchange_.bell->mutex);
    await_finish(lock);
  }
  if (!taken) return tl::unexpected(std::move(taken.error()));
  const bool whole = exchange_.code == CURLE_OK && exchange_.pieces.empty();
  if (!whole) return tl::unexpected(stop_.load() != Stop::none ? stopped() : curl_failure(exchange_));
  Response response = std::move(exchange_.response);
  response.first_byte = since(exchange_.start, exchange_.first_byte_at);
  response.total = since(exchange_.start, std::chrono::steady_clock::now());
  return response;
}

// True with what came; false when nothing more will.
bool Call::wait(std::string& pieces) {
  pieces.clear();
  std::unique_lock lock(exchange_.bell->mutex);
  while (!exchange_.has_news()) {
    const Limit limit = next_limit();
    if (std::chrono::steady_clock::now() < limit.time) {
      drive_or_wait(lock, limit.time);
    } else {
      stop(limit.why);
    }
    if (stop_.load() != Stop::none) return false;
  }
  if (stop_.load() != Stop::none || exchange_.pieces.empty()) return false;
  pieces.swap(exchange_.pieces);
  if (std::exchange(exchange_.paused, false)) {
    exchange_.last_byte.store(std::chrono::steady_clock::now(), std::memory_order_relaxed);  // the silence was ours
    loop_.resume(exchange_.id);
  }
  return true;
}

// Until there is news, if nothing else happens.
void Call::drive_or_wait(std::unique_lock<std::mutex>& lock, Exchange::TimePoint until) {
  lock.unlock();
  const bool driven = loop_.drive(exchange_, until);
  lock.lock();
  if (!driven) exchange_.bell->changed.wait_until(lock, until, [&] { return exchange_.has_news(); });
}

// Silence is looked for from the beginning, so that nobody need tell when the answer begins.
Call::Limit Call::next_limit() const {
  Limit limit{timeout_, Stop::timeout};
  if (context_.deadline < limit.time) limit = {context_.deadline, Stop::deadline};
  const auto last_byte = exchange_.last_byte.load(std::memory_order_relaxed);
  const auto silent = after(last_byte, exchange_.request.idle_timeout);
  if (silent >= limit.time) return limit;
  if (exchange_.answering.load(std::memory_order_relaxed)) return {silent, Stop::idle};
  const auto look_again = after(std::chrono::steady_clock::now(), exchange_.request.idle_timeout);
  return look_again < limit.time ? Limit{look_again, Stop::none} : limit;
}

void Call::stop(Stop why) {
  Stop none = Stop::none;
  if (why == Stop::none || !stop_.compare_exchange_strong(none, why)) return;
  loop_.abandon(exchange_.id, why == Stop::idle || (why == Stop::timeout && !exchange_.answering.load()));
}

void Call::await_finish(std::unique_lock<std::mutex>& lock) {
  exchange_.listening = false;
  while (!exchange_.finished) drive_or_wait(lock, Exchange::TimePoint::max());
}

Error Call::stopped() const {
  const std::string& origin = exchange_.target.origin;
  const Request& request = exchange_.request;
  const bool sent = exchange_.sent.load();
  switch (stop_.load()) {
    case Stop::cancelled:
      return service_error(Errc::cancelled, "the call to " + origin + " was cancelled", false, sent);
    case Stop::deadline:
      return service_error(Errc::deadline_exceeded, "the deadline of the call to " + origin + " passed", false, sent);
    case Stop::idle:
      return service_error(
          Errc::unavailable,
          origin + " was silent for " + in_words(request.idle_timeout) + " in the middle of its answer", true, sent);
    default:
      return service_error(Errc::unavailable, "no whole answer from " + origin + " within " + in_words(request.timeout),
                           true, sent);
  }
}

}  // namespace persona::http
