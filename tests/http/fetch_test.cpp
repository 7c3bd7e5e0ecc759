//! A page may be anywhere on the web and nowhere else.
#include "http/fetch_guard.hpp"
#include "mock_server.hpp"
#include "names.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <thread>

using namespace persona;
using namespace persona::testing;
using namespace std::chrono_literals;
using http::FetchOptions;

namespace {

Answer page(std::string_view body, std::string_view media_type = "text/html; charset=utf-8") {
  return Answer::whole(200, body, {{"Content-Type", std::string(media_type)}});
}

Answer redirect(const std::string& location, int status = 302) {
  return Answer::whole(status, "", {{"Location", location}});
}

Result<http::Page> fetch_from(const MockServer& server, std::string_view path, const FetchOptions& options = {},
                              const Context& context = {}) {
  return http::fetch_guarded(server.url(path), options, context, {.loopback_port = server.port()});
}

void check_code(const Result<http::Page>& page, Errc code, std::string_view named = "") {
  REQUIRE(!page);
  CAPTURE(to_string(page.error()));
  CHECK(page.error().code == code);
  CHECK(page.error().message.find(named) != std::string::npos);
}

}  // namespace

TEST_CASE("a page comes with its type and where it was found") {
  MockServer server([](const Asked& asked) {
    if (asked.target == "/a") return redirect("b?x=1#part", 301);
    if (asked.target == "/b?x=1") return redirect("/c", 308);
    return page("<p>hello", "Text/HTML; charset=utf-8");
  });
  const auto got = fetch_from(server, "/a");
  REQUIRE(got);
  CHECK(got->url == server.url("/c"));
  CHECK(got->media_type == "text/html");
  CHECK(got->body == "<p>hello");
  const Asked asked = server.asked().back();
  CHECK(asked.method == "GET");
  for (const char* absent : {"cookie", "authorization", "referer", "proxy-authorization"})
    CHECK(asked.header(absent).empty());
  CHECK(server.connections() == 3);  // one each: a connection that is reused would not be judged
}

TEST_CASE("no spelling of a private address is connected to") {
  const MockServer server({page("secret")});
  const std::string port = ":80/";
  for (const char* host :
       {"127.0.0.1",   "localhost",          "2130706433",      "0x7f.1",   "0177.0.0.1",        "127.1",
        "[::1]",       "[::ffff:127.0.0.1]", "169.254.169.254", "10.1.2.3", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]",
        "[fd00::1]",   "[fe80::1]",          "0.0.0.0",         "[::]",     "inside.test",       "v6.test",
        "192.168.0.1", "[2002:7f00:1::]",    "100.64.0.1"}) {
    CAPTURE(host);
    check_code(http::fetch("http://" + std::string(host) + port), Errc::permission_denied, "not a public address");
    check_code(http::fetch("https://" + std::string(host) + "/"), Errc::permission_denied, "not a public address");
  }
  // The door for tests is one port of one address wide.
  const auto door = [&](const std::string& url) {
    return http::fetch_guarded(url, {}, {}, {.loopback_port = server.port()});
  };
  check_code(door("http://127.0.0.2:" + std::to_string(server.port())), Errc::permission_denied, "127.0.0.2");
  check_code(door("http://127.0.0.1/"), Errc::permission_denied, "127.0.0.1");
  CHECK(server.connections() == 0);
}

TEST_CASE("other ports, schemes, users and what is no URL are refused before a connection") {
  const MockServer server({page("secret")});
  check_code(http::fetch(server.url()), Errc::permission_denied, "neither at port 80 nor 443");
  for (const char* url : {"file:///etc/passwd", "gopher://127.0.0.1/", "ftp://example.com/", "dict://127.0.0.1:11211/",
                          "/etc/passwd", "http://user:pass@example.com/", "http://user@example.com/", "", "http://"}) {
    CAPTURE(url);
    check_code(http::fetch(url), Errc::invalid_argument);
  }
  CHECK(server.connections() == 0);
}

TEST_CASE("a redirect is judged like the first URL") {
  std::string location;
  MockServer server([&](const Asked&) { return redirect(location); });
  for (const char* to : {"http://127.0.0.2/", "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd",
                         "http://inside.test/", "http://127.0.0.1:6379/", "gopher://127.0.0.1/", "//[::1]/"}) {
    CAPTURE(to);
    location = to;
    check_code(fetch_from(server, "/"), Errc::permission_denied);
  }
  location = "http://user:pass@example.com/";
  check_code(fetch_from(server, "/"), Errc::invalid_argument);
  location = "/again";
  const auto before = server.asked().size();
  check_code(fetch_from(server, "/", {.max_redirects = 2}), Errc::unavailable, "more than 2");
  CHECK(server.asked().size() == before + 3);
}

TEST_CASE("only the hosts that are named, and their subdomains") {
  const MockServer server({page("x")});
  const std::string port = std::to_string(server.port());
  const auto from = [&](const std::string& host, std::vector<std::string> hosts) {
    return http::fetch_guarded("http://" + host + ":" + port, {.hosts = std::move(hosts)}, {},
                               {.loopback_port = server.port()});
  };
  CHECK(from("inside.test", {"other.org", "Inside.Test"}));
  CHECK(from("www.inside.test", {"inside.test"}));
  check_code(from("notinside.test", {"inside.test"}), Errc::permission_denied, "not one of those allowed");
  check_code(from("inside.test.evil.test", {"inside.test"}), Errc::permission_denied);
  check_code(from("inside.test", {""}), Errc::permission_denied);
}

TEST_CASE("no proxy comes between, whatever the environment says") {
  const MockServer proxy({page("from the proxy")}), server({page("direct")});
  for (const char* name : {"http_proxy", "all_proxy"}) ::setenv(name, proxy.url().c_str(), 1);
  const auto got = fetch_from(server, "/");
  check_code(http::fetch("http://inside.test/"), Errc::permission_denied, "127.0.0.1");
  for (const char* name : {"http_proxy", "all_proxy"}) ::unsetenv(name);
  REQUIRE(got);
  CHECK(got->body == "direct");
  CHECK(proxy.connections() == 0);
}

TEST_CASE("only text, HTML and JSON, and no more of it than allowed") {
  const std::string body(5000, 'x');
  MockServer server([&](const Asked& asked) {
    if (asked.target == "/whole") return page(body);
    if (asked.target == "/chunked") return Answer::stream("text/plain").piece(body).end();
    if (asked.target == "/head")
      return Answer::whole(200, "", {{"Content-Type", "text/plain"}, {"X", std::string(70'000, 'x')}});
    return page(asked.target == "/application/json" ? "{}" : "GIF89a", asked.target.substr(1));
  });
  for (const char* path : {"/whole", "/chunked"}) {
    CHECK(fetch_from(server, path, {.max_bytes = 6000}));
    check_code(fetch_from(server, path, {.max_bytes = 4000}), Errc::invalid_output, "larger");
    check_code(fetch_from(server, path, {.max_decoded_bytes = 4000}), Errc::invalid_output, "larger");
  }
  check_code(fetch_from(server, "/head"), Errc::invalid_output, "larger");
  CHECK(fetch_from(server, "/application/json"));
  for (const char* type : {"/image/gif", "/application/octet-stream", "/"})
    check_code(fetch_from(server, type), Errc::unsupported);
}

TEST_CASE("what unpacks to more than allowed is stopped while it unpacks") {
  // gzip of 100,000 times '0'.
  constexpr char bytes[] =
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xc1\x31\x01\x00\x00\x00\xc2\xa0\x4a\xeb\x9f\xce\x1a"
      "\x1e\x40\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
      "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
      "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
      "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
      "\x00\x00\x00\xaf\x06\x85\xc2\x4d\xc5\xa0\x86\x01\x00";
  const std::string packed(bytes, sizeof bytes - 1);
  const MockServer server({Answer::whole(200, packed, {{"Content-Type", "text/plain"}, {"Content-Encoding", "gzip"}})});
  const auto got = fetch_from(server, "/", {.max_bytes = packed.size(), .max_decoded_bytes = 100'000});
  REQUIRE(got);
  CHECK(got->body == std::string(100'000, '0'));
  check_code(fetch_from(server, "/", {.max_decoded_bytes = 99'999}), Errc::invalid_output, "larger");
  check_code(fetch_from(server, "/", {.max_bytes = packed.size() - 1}), Errc::invalid_output, "larger");
}

TEST_CASE("a server's refusal and failure, silence, and a caller who no longer waits") {
  MockServer server([](const Asked& asked) {
    if (asked.target == "/silent") return Answer();
    if (asked.target == "/half")
      return Answer().raw("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nx").close();
    return Answer::whole(std::atoi(asked.target.substr(1).c_str()), "no");
  });
  check_code(fetch_from(server, "/404"), Errc::not_found, "404");
  const auto failed = fetch_from(server, "/503");
  check_code(failed, Errc::unavailable, "503");
  CHECK(failed.error().service->status == 503);
  CHECK(failed.error().service->retryable);
  check_code(fetch_from(server, "/half"), Errc::unavailable);
  check_code(fetch_from(server, "/silent", {.timeout = 30ms}), Errc::unavailable, "30 ms");
  check_code(fetch_from(server, "/silent", {}, {.deadline = std::chrono::steady_clock::now() + 30ms}),
             Errc::deadline_exceeded);
  check_code(http::fetch("http://nowhere.test/"), Errc::unavailable);
  check_code(http::fetch("http://slow.test/", {.timeout = 30ms}), Errc::unavailable, "30 ms");
  let_slow_names_answer();

  std::stop_source stop;
  Result<http::Page> cancelled;
  const int before = static_cast<int>(server.asked().size());
  std::thread caller([&] { cancelled = fetch_from(server, "/silent", {}, {.stop = stop.get_token()}); });
  CHECK(server.await_asked(before + 1));
  stop.request_stop();
  caller.join();
  check_code(cancelled, Errc::cancelled);
}
