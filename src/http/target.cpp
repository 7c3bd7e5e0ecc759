//! URLs, read by libcurl's own reader: what is judged is what is connected to.
#include "target.hpp"

#include <curl/curl.h>

#include <arpa/inet.h>
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <memory>

namespace persona::http {
namespace {

using UrlHandle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part_of(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return {};
  std::string part(text);
  curl_free(text);
  return part;
}

tl::unexpected<Error> not_a_url(std::string_view url) {
  std::string shown(url.substr(0, std::min(url.find_first_of("?#"), std::size_t{80})));
  if (shown.find('@') != std::string::npos) shown = "...";  // a password may stand there
  return fail(Errc::invalid_argument, "'" + shown + "' is not a URL of http or https");
}

}  // namespace

Result<Target> parse_target(std::string_view url, std::string_view base) {
  const UrlHandle handle(curl_url(), &curl_url_cleanup);
  if (handle == nullptr || url.find('\0') != std::string_view::npos) return not_a_url(url);
  if (!base.empty() && curl_url_set(handle.get(), CURLUPART_URL, std::string(base).c_str(), 0) != CURLUE_OK) {
    return not_a_url(base);
  }
  if (curl_url_set(handle.get(), CURLUPART_URL, std::string(url).c_str(), 0) != CURLUE_OK) return not_a_url(url);
  const std::string scheme = part_of(handle.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") return not_a_url(url);
  curl_url_set(handle.get(), CURLUPART_FRAGMENT, nullptr, 0);

  Target target;
  target.encrypted = scheme == "https";
  target.url = part_of(handle.get(), CURLUPART_URL);
  target.host = part_of(handle.get(), CURLUPART_HOST);
  std::transform(target.host.begin(), target.host.end(), target.host.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::string port = part_of(handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  target.port = std::atoi(port.c_str());
  target.has_user =
      !part_of(handle.get(), CURLUPART_USER).empty() || !part_of(handle.get(), CURLUPART_PASSWORD).empty();
  target.origin = scheme + "://" + target.host + ":" + port;
  if (target.host.starts_with('[')) target.host = target.host.substr(1, target.host.size() - 2);
  if (target.host.empty() || target.url.empty()) return not_a_url(url);
  return target;
}

bool is_loopback(std::string_view host) {
  const std::string name(host);
  in_addr four{};
  in6_addr six{};
  if (::inet_pton(AF_INET, name.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
  if (::inet_pton(AF_INET6, name.c_str(), &six) == 1) return IN6_IS_ADDR_LOOPBACK(&six);
  return name == "localhost";
}

}  // namespace persona::http
