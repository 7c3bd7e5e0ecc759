//! Where a URL leads.
#pragma once

#include <persona/core/result.hpp>

#include <string>
#include <string_view>

namespace persona::http {

struct Target {
  std::string url = {};   //!< normalised, without a fragment
  std::string host = {};  //!< in lower case; an IPv6 address without brackets
  int port = 0;
  bool encrypted = false;   //!< https
  bool has_user = false;    //!< "https://user@..."
  std::string origin = {};  //!< "https://host:port", for messages: a path or query may hold secrets
};

//! @param base  what a relative `url` starts from; may be empty
//! @errors invalid_argument: no URL of http or https
[[nodiscard]] Result<Target> parse_target(std::string_view url, std::string_view base = {});

//! This machine, by its name or number.
bool is_loopback(std::string_view host);

}  // namespace persona::http
