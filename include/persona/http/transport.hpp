//! How bytes reach a server.
#pragma once

#include <persona/core/context.hpp>
#include <persona/core/secret.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace persona::http {

struct Header {
  std::string name = {};
  std::string value = {};
  bool operator==(const Header&) const = default;
};

//! A header whose value is known to the wire alone: `prefix` then the secret, "Bearer " + key.
struct SecretHeader {
  std::string name = {};
  std::string prefix = {};
  Secret value = {};
};

struct Request {
  std::string method = "POST";
  std::string url = {};
  std::vector<Header> headers = {};
  std::vector<SecretHeader> secrets = {};  //!< sent to `url` only, never to where it redirects
  std::string body = {};
  std::chrono::milliseconds timeout{600'000};  //!< the whole call
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds idle_timeout{60'000};  //!< without a byte, once the answer has begun
  std::size_t max_bytes = std::size_t{64} << 20;   //!< of the answer
};

struct Response {
  int status = 0;
  std::vector<Header> headers = {};  //!< in order, as the server spelled them
  std::string body = {};             //!< empty where it was streamed
  std::chrono::microseconds first_byte{0}, total{0};
};

//! The value of a header, whatever its case; empty where there is none.
PERSONA_EXPORT std::string_view header(const std::vector<Header>& headers, std::string_view name);

//! Takes bytes of the body as they come, if the status is 2xx; an error ends the call with it.
using OnBytes = std::function<Status(std::string_view bytes)>;

//! Sends requests. Every member may be called from any thread. A redirect is an answer, not followed.
class Transport {
 public:
  virtual ~Transport() = default;

  //! Any answer of the server is a Response, 500 as well.
  //! @param on_bytes  called on the caller's thread; empty collects the body
  //! @errors with `Error::service`, whose `sent` tells whether the server may have read the request
  //!   - unavailable: no connection, or it broke; no first byte in time; silence for `idle_timeout`
  //!   - invalid_argument: not a URL, or one that would send a secret without TLS beyond this machine
  //!   - invalid_output: more than `max_bytes`
  //!   - cancelled, deadline_exceeded: the context's
  [[nodiscard]] virtual Result<Response> send(const Request& request, const OnBytes& on_bytes = {},
                                              const Context& context = {}) = 0;

 protected:
  Transport() = default;
  Transport(const Transport&) = default;
  Transport& operator=(const Transport&) = default;
};

}  // namespace persona::http
