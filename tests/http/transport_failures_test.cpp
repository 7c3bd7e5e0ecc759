//! Calls that come to nothing: whose fault, whether to try again, whether the server has seen them.
#include "calls.hpp"
#include "mock_server.hpp"
#include "names.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cstdlib>
#include <map>
#include <thread>

using namespace persona;
using namespace persona::testing;
using namespace std::chrono_literals;

namespace {

// Ends every connection it accepts: at once with a reset, or politely after it has read something.
class RudeServer {
 public:
  explicit RudeServer(bool polite) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(socket_, raw, size) == 0);
    REQUIRE(::listen(socket_, 16) == 0);
    REQUIRE(::getsockname(socket_, raw, &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, polite] {
      for (int peer = 0; (peer = ::accept(socket_, nullptr, nullptr)) >= 0;) {
        char bytes[4096];
        const linger at_once{1, 0};
        if (polite ? ::read(peer, bytes, sizeof bytes) < 0
                   : ::setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) != 0) {
          std::abort();
        }
        ::close(peer);
      }
    });
  }
  ~RudeServer() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }
  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  int socket_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace

TEST_CASE("no address, no listener, no TLS") {
  const auto transport = make_transport({.plain_http = true});
  check_failure(transport->send(keyed_request("http://nowhere.test/")), Errc::unavailable, true, false);

  std::string gone;
  {
    const MockServer server({Answer()});
    gone = server.url();
  }
  const auto refused = transport->send(keyed_request(gone));
  check_failure(refused, Errc::unavailable, true, false);
  CHECK(refused.error().message.find("refused") != std::string::npos);

  for (const bool polite : {false, true}) {
    const RudeServer server(polite);
    check_failure(transport->send(keyed_request("https://" + server.host() + "/")), Errc::unavailable, true, false);
  }
}

TEST_CASE("a connection that breaks is told by how far it came") {
  const auto transport = make_transport();
  const auto fails_at = [&](Answer answer, Errc code, bool retryable) {
    const MockServer server({std::move(answer)});
    const auto failed = transport->send(keyed_request(server.url()));
    check_failure(failed, code, retryable, true);
    CHECK(server.asked().size() == 1);  // no second try on a connection that was new
    return failed.error().message;
  };
  CHECK(fails_at(Answer().close(), Errc::unavailable, true).find("before answering") != std::string::npos);
  CHECK(fails_at(Answer().reset(), Errc::unavailable, true).find("before answering") != std::string::npos);
  const char* head = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf";
  CHECK(fails_at(Answer().raw(head).close(), Errc::unavailable, true).find("middle") != std::string::npos);
  CHECK(fails_at(Answer().raw(head).reset(), Errc::unavailable, true).find("middle") != std::string::npos);
  CHECK(fails_at(Answer::stream().piece("data: 1\n\n").close(), Errc::unavailable, true).find("middle") !=
        std::string::npos);
  CHECK(fails_at(Answer().raw("HTTP/1.1 200 OK\r\nContent-").close(), Errc::unavailable, true).size() > 0);
  CHECK(fails_at(Answer().raw("\x15\x03\x01 what").close(), Errc::unavailable, false).find("not HTTP") !=
        std::string::npos);
}

TEST_CASE("what dies on a used connection is sent once more, on a new one") {
  for (const bool resets : {false, true}) {
    std::map<int, int> served;
    MockServer server([&](const Asked& asked) {
      if (++served[asked.connection] == 1) return Answer::json("1");
      return resets ? Answer().reset() : Answer().close();
    });
    const auto transport = make_transport();
    REQUIRE(transport->send(keyed_request(server.url())));
    REQUIRE(transport->send(keyed_request(server.url())));
    const auto asked = server.asked();
    REQUIRE(asked.size() == 3);
    CHECK(asked[1].connection == 1);
    CHECK(asked[2].connection == 2);
    CHECK(asked[2].body == asked[1].body);
  }
}

TEST_CASE("it is sent no third time") {
  int requests = 0;
  MockServer server([&](const Asked&) { return ++requests <= 2 ? Answer::json("1") : Answer().close(); });
  const auto transport = make_transport();
  REQUIRE(transport->send(keyed_request(server.url())));
  REQUIRE(transport->send(keyed_request(server.url())));
  check_failure(transport->send(keyed_request(server.url())), Errc::unavailable, true, true);
  CHECK(server.asked().size() == 4);
}

TEST_CASE("nor is it resent when some of the answer has come") {
  int requests = 0;
  MockServer server(
      [&](const Asked&) { return ++requests == 1 ? Answer::json("1") : Answer().raw("HTTP/1.1 200 OK\r\n").close(); });
  const auto transport = make_transport();
  REQUIRE(transport->send(keyed_request(server.url())));
  check_failure(transport->send(keyed_request(server.url())), Errc::unavailable, true, true);
  CHECK(server.asked().size() == 2);
}

TEST_CASE("silence ends in time: before the answer, and within it") {
  const auto transport = make_transport();
  const MockServer silent({Answer()});
  in_good_time([&](auto time) {
    auto request = keyed_request(silent.url());
    request.timeout = time;
    const auto failed = transport->send(request);
    REQUIRE(!failed);
    const bool was_sent = failed.error().service->sent;
    check_failure(failed, Errc::unavailable, true, was_sent);
    return was_sent;
  });

  const MockServer stops({Answer::stream().piece("data: 1\n\n").wait()});
  in_good_time([&](auto time) {
    auto request = keyed_request(stops.url());
    request.idle_timeout = time;
    std::string seen;
    const auto streamed = transport->send(request, [&](auto bytes) -> Status { return seen += bytes, Status(); });
    check_failure(streamed, Errc::unavailable, true, true);
    CHECK(streamed.error().message.find("silent for") != std::string::npos);
    return seen == "data: 1\n\n";
  });
  auto request = keyed_request(stops.url());
  request.idle_timeout = 30ms;
  check_failure(transport->send(request), Errc::unavailable, true, true);
}

TEST_CASE("an answer may be as large as allowed and no larger") {
  const std::string body(100'000, 'x');
  MockServer server([&](const Asked& asked) {
    return asked.target == "/chunked" ? Answer::stream().piece(body).end() : Answer::whole(200, body);
  });
  const auto transport = make_transport();
  for (const char* path : {"/whole", "/chunked"}) {
    http::Request request{.url = server.url(path), .max_bytes = 110'000};
    CHECK(transport->send(request));
    request.max_bytes = 90'000;
    check_failure(transport->send(request), Errc::invalid_output, false, true);
    check_failure(transport->send(request, [](std::string_view) -> Status { return {}; }), Errc::invalid_output, false,
                  true);
  }
}

TEST_CASE("a name without an answer costs the connect time, and holds up nobody else") {
  const MockServer server({Answer::json("1")});
  const auto transport = make_transport();
  check_failure(transport->send({.url = "http://slow.test/", .connect_timeout = 30ms}), Errc::unavailable, true, false);

  std::stop_source stop;
  Result<http::Response> slow;
  std::thread caller([&] { slow = transport->send({.url = "http://slow.test/"}, {}, {.stop = stop.get_token()}); });
  CHECK(await_slow_name());
  CHECK(transport->send(keyed_request(server.url())));
  stop.request_stop();
  caller.join();  // although the name has no answer yet
  check_failure(slow, Errc::cancelled, false, false);
  CHECK(transport->send(keyed_request(server.url())));
  let_slow_names_answer();
}

TEST_CASE("a file of certificates that is not there is said at once") {
  const auto transport = http::curl_transport({.ca_file = "/nowhere/ca.pem"});
  REQUIRE(!transport);
  CHECK(transport.error().code == Errc::not_found);
  CHECK(transport.error().path == "/nowhere/ca.pem");
}
