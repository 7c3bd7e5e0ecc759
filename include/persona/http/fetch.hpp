//! Reads a page of the web that somebody else named, without being led into one's own house. Component `persona::http`.
#pragma once

#include <persona/core/context.hpp>
#include <persona/core/result.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace persona::http {

struct FetchOptions {
  std::vector<std::string> hosts = {};  //!< only these and their subdomains; empty is any public host
  std::chrono::milliseconds timeout{10'000};
  std::size_t max_bytes = std::size_t{2} << 20;          //!< on the wire
  std::size_t max_decoded_bytes = std::size_t{8} << 20;  //!< after decompression
  int max_redirects = 3;
};

struct Page {
  std::string url = {};  //!< where the redirects led
  std::string media_type = {};
  std::string body = {};  //!< not to be trusted
};

//! Fetches http or https at ports 80 and 443. The address that is connected to is judged, at every
//! redirect: none that is private, loopback, link-local or reserved. No proxy, cookies, credentials,
//! user-info, nor a step from https to http.
//!
//! @errors
//!   - invalid_argument: not such a URL
//!   - permission_denied: an address or host that may not be reached; the message names it
//!   - unsupported: neither text, HTML nor JSON
//!   - invalid_output: larger than allowed
//!   - not_found: the server says so
//!   - unavailable, cancelled, deadline_exceeded
[[nodiscard]] PERSONA_EXPORT Result<Page> fetch(std::string_view url, const FetchOptions& options = {},
                                                const Context& context = {});

//! Whether an address, as text, belongs to the public Internet.
//! @source{IANA IPv4 and IPv6 special-purpose address registries}
PERSONA_EXPORT bool is_public_address(std::string_view address);

//! A page's text for a prompt: no markup, scripts, comments, hidden elements, zero-width and
//! bidirectional characters; at most `max_bytes`.
PERSONA_EXPORT std::string readable_text(const Page& page, std::size_t max_bytes = 32'768);

}  // namespace persona::http
