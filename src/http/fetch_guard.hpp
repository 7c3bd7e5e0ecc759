//! The guarded fetch, with the one door that its tests need.
#pragma once

#include <persona/http/fetch.hpp>

#include <string>

struct sockaddr;

namespace persona::http {

//! What is let through beyond the public rules: nothing, outside of tests.
struct Guard {
  int loopback_port = 0;     //!< of 127.0.0.1
  std::string ca_file = {};  //!< instead of the system's

  bool allows_port(int port) const;
  bool allows(const sockaddr& address) const;
};

[[nodiscard]] Result<Page> fetch_guarded(std::string_view url, const FetchOptions& options, const Context& context,
                                         const Guard& guard);

}  // namespace persona::http
