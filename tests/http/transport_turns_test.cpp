//! Who moves the requests: callers that wait alone, and the loop's thread where they do not.
#include "calls.hpp"
#include "mock_server.hpp"

#include "http/no_broken_pipe.hpp"

#include <atomic>
#include <csignal>
#include <future>
#include <thread>

using namespace persona;
using namespace persona::testing;

TEST_CASE("a call that is cancelled while its listener is busy ends at once for the server") {
  MockServer server({Answer::stream().piece("one").wait().piece("two").end()});
  const auto transport = make_transport();
  std::stop_source stop;
  const auto busy = [&](std::string_view) -> Status {
    stop.request_stop();
    CHECK(server.await_closed(1));
    return {};
  };
  check_failure(transport->send(keyed_request(server.url()), busy, {.stop = stop.get_token()}), Errc::cancelled, false,
                true);
}

TEST_CASE("a listener may call, and others are served while it is busy") {
  MockServer server([](const Asked& asked) {
    return asked.target == "/stream" ? Answer::stream().piece("one").wait().piece("two").end() : Answer::json("1");
  });
  const auto transport = make_transport();
  std::string text;
  int served = 0;
  const auto busy = [&](std::string_view bytes) -> Status {
    text += bytes;
    if (served > 0) return {};
    served += transport->send({.url = server.url()}).has_value() ? 1 : 0;
    served += std::async(std::launch::async, [&] { return transport->send({.url = server.url()}); }).get() ? 1 : 0;
    server.release();
    return {};
  };
  CHECK(transport->send({.url = server.url("/stream")}, busy));
  CHECK(text == "onetwo");
  CHECK(served == 2);
}

TEST_CASE("callers that come and go while others wait are all served") {
  MockServer server([](const Asked& asked) {
    return asked.target == "/late" ? Answer().wait().raw("HTTP/1.1 204 No Content\r\n\r\n") : Answer::json("1");
  });
  const auto transport = make_transport();
  std::atomic<int> late = 0, served = 0;
  for (int round = 0; round < 50; ++round) {
    std::jthread first([&] { late += transport->send({.url = server.url("/late")}).has_value() ? 1 : 0; });
    std::jthread second([&] {
      for (int call = 0; call < 3; ++call) served += transport->send({.url = server.url()}).has_value() ? 1 : 0;
    });
    REQUIRE(server.await_waiting(1));
    second.join();
    server.release();
  }
  CHECK(late == 50);
  CHECK(served == 150);
}

TEST_CASE("a broken pipe is no signal to the application, others are") {
  sigset_t before, after, pending;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  {
    const http::NoBrokenPipe quiet;
    pthread_kill(pthread_self(), SIGPIPE);
    sigpending(&pending);
    CHECK(sigismember(&pending, SIGPIPE) == 1);
  }
  sigpending(&pending);
  CHECK(sigismember(&pending, SIGPIPE) == 0);
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  CHECK(sigismember(&after, SIGPIPE) == sigismember(&before, SIGPIPE));
}
