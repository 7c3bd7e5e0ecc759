//! libcurl's multi interface, driven by one thread at a time.
#include "event_loop.hpp"

#include "curl_ready.hpp"
#include "no_broken_pipe.hpp"

#include <algorithm>
#include <csignal>
#include <functional>
#include <mutex>
#include <system_error>
#include <utility>

namespace persona::http {
namespace {

constexpr std::size_t most_idle_handles = 64;

// So long a caller may look at what came before the others' requests, and its own, are moved without it.
constexpr std::chrono::milliseconds patience{20};

bool is_broken_connection(CURLcode code) {
  return code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING || code == CURLE_HTTP2 ||
         code == CURLE_HTTP2_STREAM;
}

bool should_resend(const Exchange& exchange, CURLcode code) {
  if (exchange.resent || !exchange.was_stale()) return false;
  if (exchange.tried_again) return true;
  long opened = 1;
  curl_easy_getinfo(exchange.easy, CURLINFO_NUM_CONNECTS, &opened);
  return opened == 0 && is_broken_connection(code);
}

// Signals are for the application's threads.
std::thread quiet_thread(std::function<void()> run) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    std::thread thread(std::move(run));
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return thread;
  } catch (...) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    throw;
  }
}

}  // namespace

Result<std::unique_ptr<EventLoop>> EventLoop::start(int connections_per_host) try {
  if (!curl_is_ready()) return fail(Errc::unavailable, "libcurl cannot start");
  std::unique_ptr<EventLoop> loop(new EventLoop());
  loop->poller_ = make_poller();
  loop->multi_ = curl_multi_init();
  if (loop->poller_ == nullptr || loop->multi_ == nullptr) {
    return fail(Errc::unavailable, "libcurl cannot start: no descriptors or memory left");
  }
  const long most = std::max(connections_per_host, 1);
  curl_multi_setopt(loop->multi_, CURLMOPT_SOCKETFUNCTION, &EventLoop::on_socket);
  curl_multi_setopt(loop->multi_, CURLMOPT_SOCKETDATA, loop.get());
  curl_multi_setopt(loop->multi_, CURLMOPT_TIMERFUNCTION, &EventLoop::on_timer);
  curl_multi_setopt(loop->multi_, CURLMOPT_TIMERDATA, loop.get());
  curl_multi_setopt(loop->multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  curl_multi_setopt(loop->multi_, CURLMOPT_MAX_HOST_CONNECTIONS, most);
  curl_multi_setopt(loop->multi_, CURLMOPT_MAXCONNECTS, most * 4 + 32);
  loop->thread_ = quiet_thread([raw = loop.get()] { raw->run(); });
  return loop;
} catch (const std::system_error&) {
  return fail(Errc::unavailable, "no thread can be started for HTTP");
}

EventLoop::~EventLoop() {
  if (thread_.joinable()) {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    changed_.notify_one();
    poller_->wake();
    thread_.join();
  }
  for (CURL* easy : idle_handles_) curl_easy_cleanup(easy);
  if (multi_ == nullptr) return;
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, nullptr);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, nullptr);
  curl_multi_cleanup(multi_);
}

CURL* EventLoop::take_handle() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_handles_.empty()) {
      CURL* easy = idle_handles_.back();
      idle_handles_.pop_back();
      return easy;
    }
  }
  return curl_easy_init();
}

void EventLoop::give_back(CURL* easy) {
  curl_easy_reset(easy);
  {
    const std::lock_guard lock(mutex_);
    if (idle_handles_.size() < most_idle_handles) {
      idle_handles_.push_back(easy);
      return;
    }
  }
  curl_easy_cleanup(easy);
}

void EventLoop::submit(Exchange& exchange) {
  command({Command::Kind::submit, exchange.id, &exchange});
}

void EventLoop::abandon(std::uint64_t id, bool connection_is_dead) {
  command({connection_is_dead ? Command::Kind::abandon_with_connection : Command::Kind::abandon, id});
}

void EventLoop::resume(std::uint64_t id) {
  command({Command::Kind::resume, id});
}

// Where nobody drives, the caller whose request it is soon will, or the thread that watches over it.
void EventLoop::command(Command command) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    wake = driven_ && commands_.empty();
    commands_.push_back(command);
  }
  if (wake) poller_->wake();
}

bool EventLoop::drive(Exchange& exchange, std::chrono::steady_clock::time_point until) noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (driven_) return false;
    driven_ = true;
    left_ = false;
  }
  const auto is_over = [&] {
    const std::lock_guard lock(exchange.bell->mutex);
    return exchange.has_news() || std::chrono::steady_clock::now() >= until;
  };
  const NoBrokenPipe quiet;
  for (turn(); !is_over(); turn()) poller_->wait(time_to_wait(until), ready_);
  leave(active_.contains(exchange.id));
  return true;
}

// The caller's own request goes on where a piece of its answer came.
void EventLoop::leave(bool goes_on) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    driven_ = false;
    ++turns_;
    left_ = !commands_.empty() || active_.size() > (goes_on ? 1 : 0);
    wake = left_ || (goes_on && !watched_);
    watched_ = watched_ || goes_on;
  }
  if (wake) changed_.notify_one();
}

void EventLoop::run() {
  std::unique_lock lock(mutex_);
  while (!ended_) {
    if (left_) {
      drive_all(lock);
    } else if (!watched_) {
      changed_.wait(lock);
    } else {
      const std::uint64_t before = turns_;
      if (changed_.wait_for(lock, patience, [&] { return left_ || ended_; })) continue;
      watched_ = false;
      left_ = !driven_ && turns_ == before;
    }
  }
  while (!active_.empty()) end(*active_.begin()->second, CURLE_ABORTED_BY_CALLBACK);
}

// Until there is nothing left to move.
void EventLoop::drive_all(std::unique_lock<std::mutex>& lock) {
  driven_ = true;
  left_ = false;
  std::chrono::milliseconds time{0};
  while (!ended_ && !is_idle()) {
    lock.unlock();
    poller_->wait(time, ready_);
    turn();
    time = time_to_wait(std::chrono::steady_clock::time_point::max());
    lock.lock();
  }
  driven_ = false;
}

void EventLoop::turn() {
  obey();
  move();
  collect();
  if (held_ > 0) release_held();
}

void EventLoop::obey() {
  std::vector<Command> commands;
  {
    const std::lock_guard lock(mutex_);
    commands.swap(commands_);
  }
  for (const Command& command : commands) {
    if (command.kind == Command::Kind::submit) {
      active_.emplace(command.id, command.exchange);
      admit(*command.exchange);
      continue;
    }
    const auto found = active_.find(command.id);
    if (found == active_.end()) continue;  // it finished meanwhile
    Exchange& exchange = *found->second;
    if (command.kind == Command::Kind::resume) {
      curl_easy_pause(exchange.easy, CURLPAUSE_CONT);
      continue;
    }
    // Others that share the connection may still hope; the last of them closes it.
    if (command.kind == Command::Kind::abandon_with_connection)
      curl_easy_setopt(exchange.easy, CURLOPT_FORBID_REUSE, 1L);
    end(exchange, CURLE_ABORTED_BY_CALLBACK);
  }
}

void EventLoop::move() {
  int running = 0;
  for (const Ready& one : ready_) {
    const int what = (one.readable ? CURL_CSELECT_IN : 0) | (one.writable ? CURL_CSELECT_OUT : 0) |
                     (one.broken ? CURL_CSELECT_ERR : 0);
    curl_multi_socket_action(multi_, one.socket, what, &running);
  }
  ready_.clear();
  if (timer_ > std::chrono::steady_clock::now()) return;
  timer_ = std::chrono::steady_clock::time_point::max();  // libcurl sets the next, if there is one
  curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
}

std::chrono::milliseconds EventLoop::time_to_wait(std::chrono::steady_clock::time_point until) const {
  const auto next = std::min(timer_, until);
  if (next == std::chrono::steady_clock::time_point::max()) return std::chrono::milliseconds(-1);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - std::chrono::steady_clock::now());
  return std::max(left, std::chrono::milliseconds(0));
}

void EventLoop::admit(Exchange& exchange) {
  if (!exchange.target.encrypted) return add(exchange);
  Origin& origin = origins_[exchange.target.origin];
  const auto was_sent = [](const Exchange* other) { return other->sent.load(std::memory_order_relaxed); };
  if (!origin.added.empty() && std::none_of(origin.added.begin(), origin.added.end(), was_sent)) {
    origin.held.push_back(&exchange);
    ++held_;
    return;
  }
  origin.added.push_back(&exchange);
  add(exchange);
}

void EventLoop::add(Exchange& exchange) {
  if (curl_multi_add_handle(multi_, exchange.easy) != CURLM_OK) end(exchange, CURLE_OUT_OF_MEMORY);
}

void EventLoop::collect() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* easy = message->easy_handle;
    CURLcode code = message->data.result;  // the message is gone with its handle
    void* user = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &user);
    auto& exchange = *static_cast<Exchange*>(user);
    if (code != CURLE_OK && should_resend(exchange, code)) {
      curl_multi_remove_handle(multi_, easy);
      exchange.begin_again();
      curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
      if (curl_multi_add_handle(multi_, easy) == CURLM_OK) continue;
      code = CURLE_OUT_OF_MEMORY;
    }
    end(exchange, exchange.tried_again && !exchange.resent ? CURLE_RECV_ERROR : code);
  }
}

void EventLoop::end(Exchange& exchange, CURLcode code) {
  curl_multi_remove_handle(multi_, exchange.easy);  // nothing where it was never added
  active_.erase(exchange.id);
  if (exchange.target.encrypted) {
    Origin& origin = origins_[exchange.target.origin];
    std::erase(origin.added, &exchange);
    held_ -= std::erase(origin.held, &exchange);
    if (origin.added.empty() && origin.held.empty()) origins_.erase(exchange.target.origin);
  }
  exchange.finish(code);
}

// Those whose first connection stands, or came to nothing: then each is on its own.
void EventLoop::release_held() {
  std::vector<Exchange*> free;
  for (auto& [name, origin] : origins_) {
    const bool stands = std::any_of(origin.added.begin(), origin.added.end(),
                                    [](const Exchange* other) { return other->sent.load(std::memory_order_relaxed); });
    if (!stands && !origin.added.empty()) continue;
    free.insert(free.end(), origin.held.begin(), origin.held.end());
    origin.added.insert(origin.added.end(), origin.held.begin(), origin.held.end());
    held_ -= origin.held.size();
    origin.held.clear();
  }
  for (Exchange* exchange : free) add(*exchange);
}

int EventLoop::on_socket(CURL*, curl_socket_t socket, int what, void* user, void*) {
  auto& loop = *static_cast<EventLoop*>(user);
  loop.poller_->watch(socket, what == CURL_POLL_IN || what == CURL_POLL_INOUT,
                      what == CURL_POLL_OUT || what == CURL_POLL_INOUT);
  return 0;
}

int EventLoop::on_timer(CURLM*, long milliseconds, void* user) {
  auto& loop = *static_cast<EventLoop*>(user);
  loop.timer_ = milliseconds < 0 ? std::chrono::steady_clock::time_point::max()
                                 : std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
  return 0;
}

}  // namespace persona::http
