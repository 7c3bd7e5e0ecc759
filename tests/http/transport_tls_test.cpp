//! Certificates are checked; HTTP/2 shares one connection.
#include "calls.hpp"
#include "tls_server.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

using namespace persona;
using namespace persona::testing;
using namespace std::chrono_literals;

namespace {

http::Request state_request(const TlsServer& server, const std::string& host = "localhost") {
  return {.method = "GET",
          .url = server.url("/state", host),
          .secrets = {{"Authorization", "Bearer ", Secret(canary)}},
          .connect_timeout = 30s};
}

std::string state(http::Transport& transport, const TlsServer& server) {
  const auto answer = transport.send(state_request(server));
  REQUIRE(answer);
  return std::string(http::header(answer->headers, "x-version")) + " " + answer->body;
}

void await_waiting(http::Transport& transport, const TlsServer& server, int count) {
  const std::string mark = "\"waiting\":" + std::to_string(count);
  while (state(transport, server).find(mark) == std::string::npos) std::this_thread::yield();
}

}  // namespace

TEST_CASE("a certificate nobody vouches for is refused, and so is another host's") {
  const TlsServer server;
  const auto untrusting = make_transport();
  const auto refused = untrusting->send(state_request(server));
  check_failure(refused, Errc::unavailable, false, false);
  CHECK(refused.error().message.find("certificate") != std::string::npos);
  const auto trusting = make_transport({.ca_file = server.certificate()});
  CHECK(trusting->send(state_request(server)));
  check_failure(trusting->send(state_request(server, "other.test")), Errc::unavailable, false, false);
}

TEST_CASE("a burst shares one HTTP/2 connection") {
  const TlsServer server;
  const auto transport = make_transport({.ca_file = server.certificate()});
  std::vector<std::thread> callers;
  std::atomic<int> served = 0;
  for (int i = 0; i < 64; ++i) {
    callers.emplace_back(
        [&] { served += transport->send({.url = server.url("/state"), .connect_timeout = 30s}).has_value(); });
  }
  for (auto& caller : callers) caller.join();
  CHECK(served == 64);
  CHECK(state(*transport, server) == "2.0 {\"connections\":1,\"waiting\":0}");
}

TEST_CASE("over HTTP/1.1 a burst opens as many as allowed, though the first answer is held back") {
  const TlsServer server(true);
  const auto transport = make_transport({.ca_file = server.certificate(), .connections_per_host = 4});
  std::vector<std::thread> callers;
  std::atomic<int> served = 0;
  for (int i = 0; i < 3; ++i) {
    callers.emplace_back(
        [&] { served += transport->send({.url = server.url("/wait"), .connect_timeout = 30s}).has_value(); });
  }
  await_waiting(*transport, server, 3);
  CHECK(transport->send({.url = server.url("/release")}));
  for (auto& caller : callers) caller.join();
  CHECK(served == 3);
  CHECK(state(*transport, server) == "1.1 {\"connections\":4,\"waiting\":0}");
}

TEST_CASE("a stream over HTTP/2 that nobody reads does not hold up the others") {
  const TlsServer server;
  const auto transport = make_transport({.ca_file = server.certificate()});
  std::size_t total = 0, largest = 0;
  bool first = true;
  const auto answer = transport->send({.url = server.url("/large")}, [&](std::string_view bytes) -> Status {
    total += bytes.size();
    largest = std::max(largest, bytes.size());
    for (int i = 0; first && i < 30; ++i) CHECK(state(*transport, server).starts_with("2.0"));
    first = false;
    return {};
  });
  REQUIRE(answer);
  CHECK(total == (std::size_t{48} << 20));
  CHECK(largest <= (256 << 10) + (64 << 10));
}

TEST_CASE("streams over HTTP/2 are cancelled one by one") {
  const TlsServer server;
  const auto transport = make_transport({.ca_file = server.certificate()});
  std::stop_source stop;
  Result<http::Response> first, second;
  std::thread one([&] { first = transport->send({.url = server.url("/wait")}, {}, {.stop = stop.get_token()}); });
  std::thread two([&] { second = transport->send({.url = server.url("/wait")}); });
  await_waiting(*transport, server, 2);
  stop.request_stop();
  one.join();
  check_failure(first, Errc::cancelled, false, true);
  CHECK(transport->send({.url = server.url("/release")}));
  two.join();
  REQUIRE(second);
  CHECK(second->body == "data: one\n\ndata: two\n\n");
  CHECK(state(*transport, server) == "2.0 {\"connections\":1,\"waiting\":0}");
}

TEST_CASE("a request that meets a dying HTTP/2 connection fails or is resent, and the next one works") {
  const TlsServer server;
  const auto transport = make_transport({.ca_file = server.certificate()});
  CHECK(state(*transport, server).starts_with("2.0"));
  check_failure(transport->send({.url = server.url("/die")}), Errc::unavailable, true, true);
  CHECK(state(*transport, server).starts_with("2.0"));
}

TEST_CASE("after a silent HTTP/2 connection a new one is opened") {
  const TlsServer server;
  const auto transport = make_transport({.ca_file = server.certificate()});
  CHECK(state(*transport, server).find("\"connections\":1,") != std::string::npos);
  in_good_time([&](auto time) {
    const auto failed = transport->send({.url = server.url("/silent"), .timeout = time});
    REQUIRE(!failed);
    return failed.error().service->sent;
  });
  CHECK(state(*transport, server).find("\"connections\":1,") == std::string::npos);
}
