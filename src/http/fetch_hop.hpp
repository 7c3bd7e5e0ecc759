//! One request of a guarded fetch.
#pragma once

#include "fetch_guard.hpp"
#include "target.hpp"

#include <chrono>
#include <string>

namespace persona::http {

//! What a URL answers: a page, or where to look for it.
struct Hop {
  int status = 0;
  std::string location = {};
  std::string media_type = {};  //!< in lower case, without parameters
  std::string body = {};        //!< of 2xx alone
};

//! On a connection of its own, which nothing else has used or will.
[[nodiscard]] Result<Hop> fetch_hop(const Target& target, const FetchOptions& options, const Context& context,
                                    const Guard& guard, std::chrono::steady_clock::time_point end);

}  // namespace persona::http
