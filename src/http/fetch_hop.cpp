//! A request that looks where it goes and how much it takes.
#include "fetch_hop.hpp"

#include "curl_failure.hpp"
#include "curl_ready.hpp"
#include "public_address.hpp"

#include <persona/core/version.hpp>

#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <cctype>
#include <charconv>
#include <memory>
#include <stop_token>
#include <utility>

namespace persona::http {
namespace {

constexpr std::size_t most_head_bytes = 65'536;

struct Fetching {
  const FetchOptions& options;
  const Guard& guard;
  CURL* easy = nullptr;
  Hop hop = {};
  std::size_t head_bytes = 0;
  std::string refused_address = {};
  bool too_large = false;
  bool unwanted = false;  // a body that nobody will read
};

bool is_readable(std::string_view media_type) {
  return media_type.starts_with("text/") || media_type == "application/json" || media_type == "application/xhtml+xml";
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string_view trim(std::string_view text) {
  const std::size_t from = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  return text.substr(from, text.find_last_not_of(" \t\r\n") + 1 - from);
}

void take_head_line(Hop& hop, std::string_view line) {
  if (line.starts_with("HTTP/")) {
    hop = {};
    const std::size_t space = std::min(line.find(' '), line.size() - 1);
    std::from_chars(line.data() + space + 1, line.data() + line.size(), hop.status);
    return;
  }
  const std::size_t colon = std::min(line.find(':'), line.size());
  const std::string name = lower(line.substr(0, colon));
  const std::string_view value = trim(line.substr(std::min(colon + 1, line.size())));
  if (name == "location") hop.location = value;
  if (name == "content-type") hop.media_type = lower(trim(value.substr(0, value.find(';'))));
}

// libcurl's C calls these four: no exception may pass.
std::size_t on_fetch_header(char* data, std::size_t, std::size_t size, void* user) noexcept try {
  auto& fetching = *static_cast<Fetching*>(user);
  fetching.head_bytes += size;
  fetching.too_large = fetching.head_bytes > most_head_bytes;
  if (fetching.too_large) return 0;
  take_head_line(fetching.hop, {data, size});
  return size;
} catch (...) {
  return 0;
}

std::size_t on_fetch_body(char* data, std::size_t, std::size_t size, void* user) noexcept try {
  auto& fetching = *static_cast<Fetching*>(user);
  const int status = fetching.hop.status;
  fetching.unwanted = status < 200 || status > 299 || !is_readable(fetching.hop.media_type);
  fetching.too_large = fetching.hop.body.size() + size > fetching.options.max_decoded_bytes;
  if (fetching.unwanted || fetching.too_large) return 0;
  fetching.hop.body.append(data, size);
  return size;
} catch (...) {
  return 0;
}

int on_fetch_progress(void* user, curl_off_t, curl_off_t on_wire, curl_off_t, curl_off_t) noexcept {
  auto& fetching = *static_cast<Fetching*>(user);
  if (static_cast<std::size_t>(on_wire) > fetching.options.max_bytes) fetching.too_large = true;
  return fetching.too_large ? 1 : 0;
}

// The last word on where the connection goes: no name can change its mind after this.
curl_socket_t on_fetch_socket(void* user, curlsocktype, curl_sockaddr* address) noexcept try {
  auto& fetching = *static_cast<Fetching*>(user);
  if (!fetching.guard.allows(address->addr)) {
    fetching.refused_address = address_text(address->addr);
    return CURL_SOCKET_BAD;
  }
#ifdef SOCK_CLOEXEC
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
#else
  return ::socket(address->family, address->socktype, address->protocol);
#endif
} catch (...) {
  return CURL_SOCKET_BAD;
}

void configure_fetch(CURL* easy, Fetching& fetching, const Target& target) {
  curl_easy_setopt(easy, CURLOPT_URL, target.url.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "persona/" PERSONA_VERSION);
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
  curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(fetching.options.max_bytes));
  curl_easy_setopt(easy, CURLOPT_PROXY, "");  // else the proxy's address is all that would be judged
  curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!fetching.guard.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, fetching.guard.ca_file.c_str());
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
#if LIBCURL_VERSION_NUM >= 0x075700
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_fetch_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &fetching);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_fetch_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &fetching);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_fetch_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &fetching);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_fetch_progress);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &fetching);
}

// Until libcurl is done, the context says no more, or the time is over.
Result<CURLcode> perform(CURLM* multi, const Context& context, std::chrono::steady_clock::time_point end) {
  const std::stop_callback wake(context.stop, [multi] { curl_multi_wakeup(multi); });
  const auto until = std::min(end, context.deadline);
  for (int running = 1;;) {
    curl_multi_perform(multi, &running);
    int left = 0;
    if (const CURLMsg* message = curl_multi_info_read(multi, &left)) return message->data.result;
    if (auto going = context.check(); !going) return tl::unexpected(std::move(going.error()));
    const auto now = std::chrono::steady_clock::now();
    if (now >= end) return CURLE_OPERATION_TIMEDOUT;
    const auto wait = std::min<std::chrono::nanoseconds>(until - now, std::chrono::hours(1));
    curl_multi_poll(multi, nullptr, 0, static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(wait).count()),
                    nullptr);
  }
}

Status outcome(const Fetching& fetching, CURLcode code, const Target& target) {
  if (fetching.too_large || code == CURLE_FILESIZE_EXCEEDED) {
    return fail(Errc::invalid_output, "the page of " + target.origin + " is larger than allowed");
  }
  const int status = fetching.hop.status;
  const bool found = status >= 200 && status < 300;
  if (found && !is_readable(fetching.hop.media_type) && (code == CURLE_OK || fetching.unwanted)) {
    return fail(Errc::unsupported,
                "the page of " + target.origin + " is '" + fetching.hop.media_type + "', neither text, HTML nor JSON");
  }
  if (code == CURLE_OK || fetching.unwanted) return {};
  if (!fetching.refused_address.empty() && code == CURLE_COULDNT_CONNECT) {
    return fail(Errc::permission_denied,
                "the host '" + target.host + "' is at " + fetching.refused_address + ", which is not a public address");
  }
  const bool timed_out = code == CURLE_OPERATION_TIMEDOUT;
  const std::string why =
      timed_out ? "it took longer than " + in_words(fetching.options.timeout) : curl_easy_strerror(code);
  return tl::unexpected(
      service_error(Errc::unavailable, "the page of " + target.origin + " cannot be had: " + why, true, status != 0));
}

}  // namespace

Result<Hop> fetch_hop(const Target& target, const FetchOptions& options, const Context& context, const Guard& guard,
                      std::chrono::steady_clock::time_point end) {
  if (!curl_is_ready()) return fail(Errc::unavailable, "libcurl cannot start");
  const std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi(curl_multi_init(), &curl_multi_cleanup);
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy(curl_easy_init(), &curl_easy_cleanup);
  if (multi == nullptr || easy == nullptr) return fail(Errc::unavailable, "no memory for HTTP");
  Fetching fetching{.options = options, .guard = guard, .easy = easy.get()};
  configure_fetch(easy.get(), fetching, target);
  curl_multi_add_handle(multi.get(), easy.get());
  const auto code = perform(multi.get(), context, end);
  curl_multi_remove_handle(multi.get(), easy.get());
  if (!code) return tl::unexpected(code.error());
  if (auto good = outcome(fetching, *code, target); !good) return tl::unexpected(std::move(good.error()));
  return std::move(fetching.hop);
}

}  // namespace persona::http
