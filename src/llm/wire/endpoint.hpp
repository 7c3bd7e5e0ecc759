//! Where a provider's requests go, and with what they are let in.
#pragma once

#include "llm/wire/complaint.hpp"

#include <persona/core/context.hpp>
#include <persona/http/transport.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace persona::llm::wire {

struct Endpoint {
  std::shared_ptr<http::Transport> transport = {};
  std::string base_url = {};  //!< without a slash at its end
  std::string name = {};      //!< of the provider, in errors
  std::vector<http::Header> headers = {};
  std::vector<http::SecretHeader> secrets = {};
  std::chrono::milliseconds timeout{600'000};
  bool needs_key = false;  //!< without one nothing is sent
};

//! What goes to an endpoint.
struct Outgoing {
  std::string method = "POST";
  std::string path = {};
  std::string content_type = "application/json";
  std::string accept = "application/json";
  std::string body = {};
  std::size_t max_bytes = std::size_t{64} << 20;
};

//! "openai", or "openai@127.0.0.1:8080" where the server is not the usual one, or "openai@proxy.example/team-a/v1"
//! where the path is not either: answers of two servers are never taken for one another.
std::string provider_name(std::string_view name, std::string_view base_url, std::string_view usual_base_url);

//! Without the slashes at its end.
std::string base_url_of(std::string_view url);

//! One segment of a path. @source{RFC 3986, section 2.1}
std::string path_segment(std::string_view text);

//! Sends, if the context still allows it. Errors begin with the provider's name and hold no key.
//! @errors what the service answered outside 2xx, and what `Transport::send` has
[[nodiscard]] Result<http::Response> exchange(const Endpoint& endpoint, Outgoing outgoing, ReadComplaint read_complaint,
                                              const http::OnBytes& on_bytes, const Context& context);

//! The same error without the keys that a server may have repeated.
Error without_keys(const Endpoint& endpoint, Error error);

}  // namespace persona::llm::wire
