//! A transport in a process that forks.
#include "calls.hpp"
#include "mock_server.hpp"

#include <sys/wait.h>
#include <unistd.h>
#include <thread>

using namespace persona;
using namespace persona::testing;

#if !defined(__SANITIZE_THREAD__)  // it does not let a forked child start threads
TEST_CASE("a forked child's calls are its own, and the parent's go on") {
  MockServer server([](const Asked& asked) {
    return asked.target == "/stream" ? Answer::stream().piece("one").wait().piece("two").end() : Answer::json("1");
  });
  auto transport = make_transport();
  REQUIRE(transport->send({.url = server.url("/parent")}));
  Result<http::Response> stream;
  std::thread caller([&] { stream = transport->send({.url = server.url("/stream")}); });
  REQUIRE(server.await_waiting(1));

  const pid_t child = ::fork();
  if (child == 0) {
    bool good = true;
    for (int i = 0; i < 3; ++i) good = good && transport->send({.url = server.url("/child")}).has_value();
    transport.reset();  // nor does its end wait for the parent's thread
    ::_exit(good ? 0 : 1);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);

  server.release();
  caller.join();
  REQUIRE(stream);
  CHECK(stream->body == "onetwo");
  REQUIRE(transport->send({.url = server.url("/parent")}));
  for (const Asked& asked : server.asked()) {
    CHECK((asked.target == "/child") == (asked.connection == 2));  // none of the parent's connections
  }
}
#endif
