//! Requests that are answered, and those that must not be sent.
#include "calls.hpp"
#include "mock_server.hpp"
#include "names.hpp"

#include <algorithm>
#include <cstdlib>

using namespace persona;
using namespace persona::testing;

TEST_CASE("a request arrives as it was made, and its answer comes back whole") {
  const MockServer server({Answer::whole(200, "{\"ok\": true}", {{"X-Request-Id", "r1"}, {"x-empty", ""}})});
  const auto transport = make_transport();
  auto request = keyed_request(server.url("/v1/chat"));
  request.headers.push_back({"X-Empty", ""});
  const auto answer = transport->send(request);
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->body == "{\"ok\": true}");
  CHECK(http::header(answer->headers, "x-request-id") == "r1");
  CHECK(answer->headers.front().name == "X-Request-Id");
  CHECK(answer->first_byte.count() > 0);
  CHECK(answer->total >= answer->first_byte);

  REQUIRE(server.asked().size() == 1);
  const Asked asked = server.asked().front();
  CHECK(asked.method == "POST");
  CHECK(asked.target == std::string("/v1/chat?key=") + canary);
  CHECK(asked.body == request.body);
  CHECK(asked.header("authorization") == std::string("Bearer ") + canary);
  CHECK(asked.header("content-type") == "application/json");
  CHECK(asked.header("user-agent").starts_with("persona/"));
  for (const auto& header : asked.headers) CHECK(header.name != "Expect");
  CHECK(std::any_of(asked.headers.begin(), asked.headers.end(), [](const auto& one) {
    return one == http::Header{"X-Empty", ""};
  }));
}

TEST_CASE("every status is an answer, a redirect too, and keeps its body") {
  MockServer server([](const Asked& asked) {
    const int status = std::atoi(asked.target.substr(1).c_str());
    return Answer::whole(status, "why", {{"Location", "/elsewhere"}});
  });
  const auto transport = make_transport();
  int pieces = 0;
  for (const int status : {201, 301, 307, 400, 401, 404, 429, 500, 503, 529}) {
    const auto answer = transport->send({.url = server.url("/" + std::to_string(status)), .body = "{}"},
                                        [&](std::string_view) -> Status { return ++pieces, Status(); });
    REQUIRE(answer);
    CHECK(answer->status == status);
    CHECK(answer->body == (status == 201 ? "" : "why"));
  }
  CHECK(pieces == 1);
  CHECK(server.asked().size() == 10);
  CHECK(server.connections() == 1);
}

TEST_CASE("methods and bodies of every size") {
  MockServer server([](const Asked& asked) { return Answer::whole(200, asked.method == "HEAD" ? "" : asked.body); });
  const auto transport = make_transport();
  const std::string large(3 << 20, 'x');
  for (const char* method : {"GET", "POST", "PUT", "DELETE", "HEAD"}) {
    for (const std::string& body : {std::string(), std::string("a\0b", 3), large}) {
      CAPTURE(method);
      const auto answer = transport->send({.method = method, .url = server.url(), .body = body});
      REQUIRE(answer);
      CHECK(answer->body.size() == (std::string(method) == "HEAD" ? 0 : body.size()));
      CHECK(server.asked().back().method == method);
    }
  }
}

TEST_CASE("an early hint is not the answer") {
  const MockServer server(
      {Answer().raw("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")});
  const auto answer = make_transport()->send({.method = "GET", .url = server.url()});
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(http::header(answer->headers, "link").empty());
  CHECK(answer->body == "ok");
}

TEST_CASE("what is not a request is refused and not sent") {
  MockServer server({Answer::json("{}")});
  const auto transport = make_transport();
  const auto refused = [&](const http::Request& request) {
    check_failure(transport->send(request), Errc::invalid_argument, false, false);
  };
  for (const char* url : {"", "v1/chat", "api.example.com/v1", "ftp://127.0.0.1/", "file:///etc/passwd",
                          "http://user:pass@127.0.0.1/", "http://a b/", "http://127.0.0.1:99999/"}) {
    refused({.url = url});
  }
  refused(keyed_request("https//sk:" + std::string(canary) + "@host"));
  refused({.url = server.url(), .headers = {{"X", "a\r\nAuthorization: b"}}});
  refused({.url = server.url(), .headers = {{"X Y", "a"}}});
  refused({.url = server.url(), .secrets = {{"X", "", Secret(std::string(canary) + "\n")}}});
  refused({.method = "GET / HTTP/1.1\r\nX:", .url = server.url()});
  check_failure(transport->send({.url = server.url(), .secrets = {{"X", "", Secret()}}}), Errc::unauthenticated, false,
                false);
  CHECK(server.connections() == 0);
}

TEST_CASE("a key leaves the machine without TLS only when told to") {
  MockServer server({Answer::json("{}")});
  const std::string port = ":" + std::to_string(server.port());
  check_failure(make_transport()->send(keyed_request("http://other.test" + port + "/")), Errc::invalid_argument, false,
                false);
  CHECK(server.connections() == 0);
  CHECK(make_transport({.plain_http = true})->send(keyed_request("http://other.test" + port + "/")));
  for (const char* here : {"localhost", "127.0.0.1", "0x7f.1", "127.1"}) {
    CAPTURE(here);
    CHECK(make_transport()->send(keyed_request("http://" + std::string(here) + port + "/")));
  }
  CHECK(make_transport()->send({.url = "http://other.test" + port + "/"}));  // without a key: anywhere
}

TEST_CASE("a key is read anew for every call") {
  MockServer server({Answer::json("{}")});
  const auto transport = make_transport();
  int calls = 0;
  const Secret rotating = Secret::from([&]() -> Result<std::string> { return "key" + std::to_string(++calls); });
  for (int i = 0; i < 2; ++i) CHECK(transport->send({.url = server.url(), .secrets = {{"api-key", "", rotating}}}));
  CHECK(server.asked()[0].header("api-key") == "key1");
  CHECK(server.asked()[1].header("api-key") == "key2");
}

TEST_CASE("a proxy is used for other machines, never for this one") {
  MockServer proxy({Answer::json("\"from the proxy\"")});
  MockServer server({Answer::json("\"direct\"")});
  const auto transport = make_transport({.proxy = proxy.url()});
  const auto through = transport->send({.url = "http://other.test/path"});
  REQUIRE(through);
  CHECK(through->body == "\"from the proxy\"");
  CHECK(proxy.asked().front().target == "http://other.test/path");
  const auto direct = transport->send(keyed_request(server.url()));
  REQUIRE(direct);
  CHECK(direct->body == "\"direct\"");

  ::setenv("http_proxy", proxy.url().c_str(), 1);
  ::setenv("no_proxy", "spared.test", 1);
  const auto from_environment = make_transport();
  CHECK(from_environment->send({.url = "http://other.test/"})->body == "\"from the proxy\"");
  CHECK(from_environment->send({.url = server.url()})->body == "\"direct\"");
  CHECK(from_environment->send({.url = "http://spared.test:" + std::to_string(server.port())})->body == "\"direct\"");
  ::unsetenv("http_proxy");
  ::unsetenv("no_proxy");
}
