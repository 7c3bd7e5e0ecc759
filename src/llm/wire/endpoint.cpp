//! Sends requests.
#include "llm/wire/endpoint.hpp"

#include <persona/core/clock.hpp>

#include <algorithm>
#include <cctype>
#include <utility>

namespace persona::llm::wire {
namespace {

http::Request as_request(const Endpoint& endpoint, Outgoing&& outgoing) {
  http::Request request;
  request.method = std::move(outgoing.method);
  request.url = endpoint.base_url + outgoing.path;
  request.headers = endpoint.headers;
  if (!outgoing.body.empty()) request.headers.push_back({"Content-Type", std::move(outgoing.content_type)});
  request.headers.push_back({"Accept", std::move(outgoing.accept)});
  request.secrets = endpoint.secrets;
  request.body = std::move(outgoing.body);
  request.timeout = endpoint.timeout;
  request.max_bytes = outgoing.max_bytes;
  return request;
}

Error transport_error(const Endpoint& endpoint, Error error) {
  error.message = endpoint.name + ": " + error.message;
  if (!error.service) error.service = ServiceFailure{.retryable = error.code == Errc::unavailable};
  return without_keys(endpoint, std::move(error));
}

struct UrlParts {
  std::string_view host, path;
};

UrlParts parts_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  const auto end = std::min(url.find_first_of("/?#"), url.size());
  std::string_view host = url.substr(0, end), path = url.substr(end, url.find_first_of("?#") - end);
  host.remove_prefix(host.find('@') + 1);  // nobody's password belongs into a name
  return {host, path};
}

}  // namespace

std::string base_url_of(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  return std::string(url);
}

std::string provider_name(std::string_view name, std::string_view base_url, std::string_view usual_base_url) {
  const std::string url = base_url_of(base_url), usual = base_url_of(usual_base_url);
  if (url == usual) return std::string(name);
  const UrlParts parts = parts_of(url);
  std::string found = std::string(name) + '@' + std::string(parts.host);
  if (parts.path != parts_of(usual).path) found += parts.path.empty() ? "/" : redact(parts.path);
  return found;
}

std::string path_segment(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string segment;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || std::string_view("-._~:@").find(c) != std::string_view::npos) {
      segment += c;
    } else {
      segment += '%';
      segment += digits[byte >> 4];
      segment += digits[byte & 15];
    }
  }
  return segment;
}

Result<http::Response> exchange(const Endpoint& endpoint, Outgoing outgoing, ReadComplaint read_complaint,
                                const http::OnBytes& on_bytes, const Context& context) {
  if (const auto may_go = context.check(); !may_go) return tl::unexpected(may_go.error());
  if (endpoint.needs_key && endpoint.secrets.empty()) {
    return fail(Errc::unauthenticated, endpoint.name + ": no key was given");
  }
  auto response = endpoint.transport->send(as_request(endpoint, std::move(outgoing)), on_bytes, context);
  if (!response) return tl::unexpected(transport_error(endpoint, std::move(response.error())));
  if (response->status >= 200 && response->status < 300) return response;
  return tl::unexpected(
      without_keys(endpoint, error_of(*response, endpoint.name, read_complaint, system_clock()->today())));
}

Error without_keys(const Endpoint& endpoint, Error error) {
  std::vector<Secret> known;
  for (const http::SecretHeader& header : endpoint.secrets) known.push_back(header.value);
  error.message = redact(error.message, known);
  if (error.service) {
    error.service->type = redact(error.service->type, known);
    error.service->request_id = redact(error.service->request_id, known);
  }
  return error;
}

}  // namespace persona::llm::wire
