//! From a URL that somebody named to a page, step by step.
#include "fetch_guard.hpp"
#include "fetch_hop.hpp"
#include "public_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <algorithm>
#include <cctype>
#include <utility>

namespace persona::http {
namespace {

bool is_one_of(std::string_view host, const std::vector<std::string>& allowed) {
  while (host.ends_with('.')) host.remove_suffix(1);
  return std::any_of(allowed.begin(), allowed.end(), [&](const std::string& one) {
    std::string name(one);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return !name.empty() && (host == name || host.ends_with("." + name));
  });
}

Status judge(const Target& target, const FetchOptions& options, const Guard& guard) {
  if (target.has_user) return fail(Errc::invalid_argument, "the URL of " + target.origin + " names a user");
  if (!guard.allows_port(target.port)) {
    return fail(Errc::permission_denied, target.origin + " is neither at port 80 nor 443");
  }
  if (!options.hosts.empty() && !is_one_of(target.host, options.hosts)) {
    return fail(Errc::permission_denied, "the host '" + target.host + "' is not one of those allowed");
  }
  return {};
}

Result<Target> follow(const Target& from, const Hop& hop) {
  auto to = parse_target(hop.location, from.url);
  if (!to) {
    return fail(Errc::permission_denied, from.origin + " redirects to what is not a URL of http or https");
  }
  if (from.encrypted && !to->encrypted) {
    return fail(Errc::permission_denied, from.origin + " redirects to " + to->origin + ", which is without TLS");
  }
  return to;
}

bool is_redirect(const Hop& hop) {
  return (hop.status >= 301 && hop.status <= 303) || hop.status == 307 || hop.status == 308;
}

Error status_failure(const Target& target, int status) {
  const bool gone = status == 404 || status == 410;
  Error error{
      gone ? Errc::not_found : Errc::unavailable, target.origin + " answers the status " + std::to_string(status), {}};
  error.service =
      ServiceFailure{.status = status, .retryable = status == 408 || status == 429 || status >= 500, .sent = true};
  return error;
}

}  // namespace

bool Guard::allows_port(int port) const {
  return port == 80 || port == 443 || (port != 0 && port == loopback_port);
}

bool Guard::allows(const sockaddr& address) const {
  if (loopback_port != 0 && address.sa_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(address);
    if (ntohl(four.sin_addr.s_addr) == INADDR_LOOPBACK && ntohs(four.sin_port) == loopback_port) return true;
  }
  return is_public_address(address);
}

Result<Page> fetch_guarded(std::string_view url, const FetchOptions& options, const Context& context,
                           const Guard& guard) {
  const auto end =
      std::chrono::steady_clock::now() + std::min<std::chrono::milliseconds>(options.timeout, std::chrono::hours(24));
  auto target = parse_target(url);
  if (!target) return tl::unexpected(std::move(target.error()));
  for (int redirects = 0;; ++redirects) {
    if (auto allowed = judge(*target, options, guard); !allowed) return tl::unexpected(std::move(allowed.error()));
    auto hop = fetch_hop(*target, options, context, guard, end);
    if (!hop) return tl::unexpected(std::move(hop.error()));
    if (hop->status >= 200 && hop->status < 300) {
      return Page{.url = target->url, .media_type = std::move(hop->media_type), .body = std::move(hop->body)};
    }
    if (!is_redirect(*hop) || hop->location.empty()) return tl::unexpected(status_failure(*target, hop->status));
    if (redirects >= options.max_redirects) {
      return fail(Errc::unavailable,
                  target->origin + " redirects more than " + std::to_string(options.max_redirects) + " times");
    }
    auto next = follow(*target, *hop);
    if (!next) return tl::unexpected(std::move(next.error()));
    *target = std::move(*next);
  }
}

Result<Page> fetch(std::string_view url, const FetchOptions& options, const Context& context) {
  return fetch_guarded(url, options, context, {});
}

}  // namespace persona::http
