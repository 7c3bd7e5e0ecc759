//! What the tests of the transport share.
#pragma once

#include <persona/http/curl.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace persona::testing {

//! A key that must turn up nowhere but on the wire.
inline constexpr const char* canary = "sk-canary-7f3a9b";

inline std::shared_ptr<http::Transport> make_transport(http::CurlOptions options = {}) {
  auto transport = http::curl_transport(std::move(options));
  REQUIRE(transport);
  return *transport;
}

//! A POST with a key in a header, and one in the query.
inline http::Request keyed_request(std::string url) {
  return {.url = std::move(url) + "?key=" + canary,
          .headers = {{"Content-Type", "application/json"}},
          .secrets = {{"Authorization", "Bearer ", Secret(canary)}},
          .body = "{\"model\": \"m\"}"};
}

//! Tries with a short time, and longer ones where this machine is too slow for it, until what must happen first has.
template <class Attempt>
void in_good_time(const Attempt& attempt) {
  std::chrono::milliseconds time{30};
  while (!attempt(time)) REQUIRE((time *= 2) < std::chrono::minutes(1));
}

//! A failure of the kind expected, that says nothing secret.
inline const ServiceFailure& check_failure(const Result<http::Response>& answer, Errc code, bool retryable, bool sent) {
  REQUIRE(!answer);
  const Error& error = answer.error();
  CAPTURE(to_string(error));
  CHECK(error.code == code);
  REQUIRE(error.service);
  CHECK(error.service->status == 0);
  CHECK(error.service->retryable == retryable);
  CHECK(error.service->sent == sent);
  CHECK(to_string(error).find(canary) == std::string::npos);
  CHECK(!error.message.ends_with("."));
  return *error.service;
}

}  // namespace persona::testing
