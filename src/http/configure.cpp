//! A request in libcurl's terms.
#include "exchange.hpp"

#include <persona/core/version.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <algorithm>
#include <charconv>
#include <utility>

namespace persona::http {
namespace {

bool take_bytes(Exchange& exchange, std::size_t size) {
  exchange.received += size;
  exchange.last_byte.store(std::chrono::steady_clock::now(), std::memory_order_relaxed);
  exchange.too_large = exchange.received > exchange.request.max_bytes;
  return !exchange.too_large;
}

// "HTTP/1.1 200 OK" begins a head; one of 1xx or of a proxy may come before the one that counts.
void begin_head(Exchange& exchange, std::string_view line) {
  exchange.response.headers.clear();
  exchange.response.status = 0;
  exchange.head_ended = false;
  const std::size_t space = std::min(line.find(' '), line.size() - 1);
  std::from_chars(line.data() + space + 1, line.data() + line.size(), exchange.response.status);
  if (exchange.first_byte_at == Exchange::TimePoint{}) exchange.first_byte_at = std::chrono::steady_clock::now();
  exchange.answering.store(true, std::memory_order_relaxed);
}

void add_header_line(Exchange& exchange, std::string_view line) {
  if (line == "\r\n" || line == "\n") exchange.head_ended = true;
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const auto trimmed = [](std::string_view text) {
    const std::size_t from = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    return text.substr(from, text.find_last_not_of(" \t\r\n") + 1 - from);
  };
  exchange.response.headers.push_back(
      {std::string(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1)))});
}

// These are called from C, where an exception has nowhere to go.
std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) noexcept try {
  auto& exchange = *static_cast<Exchange*>(user);
  const std::string_view line(data, size);
  if (!take_bytes(exchange, size)) return 0;
  if (line.starts_with("HTTP/")) {
    begin_head(exchange, line);
  } else {
    add_header_line(exchange, line);
  }
  return size;
} catch (...) {
  return 0;
}

std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) noexcept try {
  auto& exchange = *static_cast<Exchange*>(user);
  const bool good = exchange.response.status >= 200 && exchange.response.status < 300;
  if (!exchange.streams || !good) {
    if (!take_bytes(exchange, size)) return 0;
    exchange.response.body.append(data, size);
    return size;
  }
  bool first = false;
  {
    const std::lock_guard lock(exchange.bell->mutex);
    if (exchange.pieces.size() >= Exchange::most_waiting) {
      exchange.paused = true;
      return CURL_WRITEFUNC_PAUSE;  // it brings the same bytes again
    }
    first = exchange.pieces.empty();
    exchange.pieces.append(data, size);
  }
  if (first) exchange.bell->changed.notify_one();  // else it has rung for what still lies there
  return take_bytes(exchange, size) ? size : 0;
} catch (...) {
  return 0;
}

// The connection stands, the request goes out now. libcurl resends by itself, several times, what dies on
// a reused connection: we let it do so once, soon, and on a new one.
int on_sending(void* user, char*, char*, int, int) noexcept {
  auto& exchange = *static_cast<Exchange*>(user);
  const bool is_new = std::exchange(exchange.connecting, false);
  if (exchange.sent.load(std::memory_order_relaxed) && !exchange.resent) {
    if (!is_new || !exchange.was_stale()) {
      exchange.tried_again = true;
      return CURL_PREREQFUNC_ABORT;
    }
    exchange.resent = true;
  }
  exchange.sent.store(true, std::memory_order_relaxed);
  exchange.sent_at = std::chrono::steady_clock::now();
  return CURL_PREREQFUNC_OK;
}

// A peer that is gone without a word shows after half a minute of unanswered packets.
int on_socket(void* user, curl_socket_t socket, curlsocktype) noexcept {
  static_cast<Exchange*>(user)->connecting = true;
#ifdef TCP_USER_TIMEOUT
  const unsigned milliseconds = 30'000;
  ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
#else
  static_cast<void>(socket);
#endif
  return CURL_SOCKOPT_OK;
}

void set_method(CURL* easy, const Request& request) {
  if (request.method == "GET" && request.body.empty()) {
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    return;
  }
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    return;
  }
  if (request.method == "POST" || !request.body.empty()) {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
  }
  if (request.method != "POST") curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void set_connection(CURL* easy, const Exchange& exchange, const CurlSettings& settings) {
  const auto connect = std::max<std::chrono::milliseconds::rep>(exchange.request.connect_timeout.count(), 1);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min<long long>(connect, 1L << 30)));
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, 30L);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, 10L);
  curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, 60L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!settings.ca_file.empty()) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, settings.ca_file.c_str());
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
    curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, settings.ca_file.c_str());
    curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, nullptr);
  }
  if (is_loopback(exchange.target.host)) {
    curl_easy_setopt(easy, CURLOPT_PROXY, "");  // another machine's loopback is not ours
  } else if (!settings.proxy.empty()) {
    curl_easy_setopt(easy, CURLOPT_PROXY, settings.proxy.c_str());
  }
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
#if LIBCURL_VERSION_NUM >= 0x075700
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT,
                   1L);  // else to give up a name would wait for its resolver, with all others
#endif
}

}  // namespace

void configure(Exchange& exchange, const CurlSettings& settings) {
  CURL* easy = exchange.easy;
  curl_easy_setopt(easy, CURLOPT_URL, exchange.target.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &exchange);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange.words.data());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange.headers.list());
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "persona/" PERSONA_VERSION);
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &exchange);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &exchange);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_sending);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, &exchange);
  curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, on_socket);
  curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, &exchange);
  set_method(easy, exchange.request);
  set_connection(easy, exchange, settings);
}

}  // namespace persona::http
