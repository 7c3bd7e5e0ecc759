//! HTTP by libcurl. Component `persona::http`.
#pragma once

#include <persona/http/transport.hpp>

#include <memory>
#include <string>

namespace persona::http {

struct CurlOptions {
  std::string proxy = {};    //!< empty: what the environment says (HTTPS_PROXY, NO_PROXY)
  std::string ca_file = {};  //!< certificates to trust instead of the system's
  int connections_per_host = 8;
  bool plain_http = false;  //!< secrets may go out without TLS to other machines: a proxy does it
};

//! One event thread, pooled connections, HTTP/2 where the server has it. A caller that waits alone
//! moves its own request, and wakes no other thread. Certificates are always checked, and no proxy
//! comes before this machine itself. A request that dies at once on a reused connection, without a
//! byte of an answer, is sent once more, on a new one. In a forked child it starts anew.
//!
//! @errors
//!   - unavailable: libcurl cannot start
//!   - not_found: there is no `ca_file` that can be read
[[nodiscard]] PERSONA_EXPORT Result<std::shared_ptr<Transport>> curl_transport(CurlOptions options = {});

}  // namespace persona::http
