//! Requests of any thread, sent by one.
#include <persona/http/curl.hpp>

#include "call.hpp"
#include "curl_failure.hpp"

#include <unistd.h>
#include <atomic>
#include <mutex>
#include <new>
#include <string>
#include <unordered_map>
#include <utility>

namespace persona::http {
namespace {

constexpr std::size_t most_known_targets = 64;

//! Programs ask at few URLs, many times.
class KnownTargets {
 public:
  Result<Target> find(const std::string& url) {
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = targets_.find(url); found != targets_.end()) return found->second;
    }
    auto target = parse_target(url);
    if (!target) return target;
    const std::lock_guard lock(mutex_);
    if (targets_.size() == most_known_targets) targets_.clear();
    targets_.emplace(url, *target);
    return target;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, Target> targets_;
};

// The threads of a process are not in its forked child, nor may the child touch what they left half done:
// a loop, and what is locked, belongs to one process and is forgotten by others.
struct ProcessLoop {
  pid_t process = 0;
  std::unique_ptr<EventLoop> loop = {};
  KnownTargets targets = {};
};

Error not_sent(Error error) {
  if (!error.service) error.service = ServiceFailure{};
  return error;
}

Result<Target> target_of(const Request& request, KnownTargets& known, bool plain_http) {
  auto target = known.find(request.url);
  if (!target) return target;
  if (!is_token(request.method)) return fail(Errc::invalid_argument, "'" + request.method + "' is no method of HTTP");
  if (target->has_user) {
    return fail(Errc::invalid_argument, "the URL of " + target->origin + " names a user: send a header instead");
  }
  if (!request.secrets.empty() && !target->encrypted && !plain_http && !is_loopback(target->host)) {
    return fail(Errc::invalid_argument, "a key for " + target->origin + " would leave this machine without TLS");
  }
  return target;
}

class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(CurlOptions options) : options_(std::move(options)) {}

  ~CurlTransport() override {
    ProcessLoop* current = current_.load();
    if (current != nullptr && current->process == ::getpid()) delete current;
  }

  Result<ProcessLoop*> here() {
    ProcessLoop* current = current_.load();
    const pid_t process = ::getpid();
    while (current == nullptr || current->process != process) {
      auto fresh = EventLoop::start(options_.connections_per_host);
      if (!fresh) return tl::unexpected(std::move(fresh.error()));
      auto mine = std::make_unique<ProcessLoop>();
      mine->process = process;
      mine->loop = std::move(*fresh);
      if (current_.compare_exchange_strong(current, mine.get())) current = mine.release();
    }
    return current;
  }

  Result<Response> send(const Request& request, const OnBytes& on_bytes, const Context& context) override {
    if (auto going = context.check(); !going) return tl::unexpected(not_sent(std::move(going.error())));
    const auto process = here();
    if (!process) return tl::unexpected(not_sent(process.error()));
    auto target = target_of(request, (*process)->targets, options_.plain_http);
    if (!target) return tl::unexpected(not_sent(std::move(target.error())));
    Exchange exchange(request, std::move(*target), static_cast<bool>(on_bytes));
    if (auto filled = exchange.headers.fill(request); !filled) {
      return tl::unexpected(not_sent(std::move(filled.error())));
    }
    EventLoop& loop = *(*process)->loop;
    exchange.easy = loop.take_handle();
    if (exchange.easy == nullptr)
      return tl::unexpected(service_error(Errc::unavailable, "no memory for HTTP", true, false));
    configure(exchange, {.proxy = options_.proxy, .ca_file = options_.ca_file});
    return Call(loop, exchange, context).run(on_bytes);
  }

 private:
  const CurlOptions options_;
  std::atomic<ProcessLoop*> current_{nullptr};
};

}  // namespace

Result<std::shared_ptr<Transport>> curl_transport(CurlOptions options) {
  if (!options.ca_file.empty() && ::access(options.ca_file.c_str(), R_OK) != 0) {
    return fail(Errc::not_found, "the file of certificates cannot be read", options.ca_file);
  }
  auto transport = std::make_shared<CurlTransport>(std::move(options));
  if (auto running = transport->here(); !running) return tl::unexpected(running.error());
  return transport;
}

}  // namespace persona::http
