//! Both ways to wait do the same.
#include "http/poller.hpp"

#include <doctest/doctest.h>

#include <sys/socket.h>
#include <unistd.h>
#include <thread>

using namespace persona::http;
using namespace std::chrono_literals;

TEST_CASE("a poller tells what is ready, when it is time, and when it is woken") {
  for (const auto make : {make_poller, make_portable_poller}) {
    const auto poller = make();
    REQUIRE(poller);
    int pair[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    std::vector<Ready> ready = {{}};
    poller->wait(1ms, ready);
    CHECK(ready.empty());

    poller->watch(pair[0], true, false);
    REQUIRE(::write(pair[1], "x", 1) == 1);
    poller->wait(-1ms, ready);
    REQUIRE(ready.size() == 1);
    CHECK(ready[0].socket == pair[0]);
    CHECK(ready[0].readable);
    CHECK(!ready[0].writable);

    poller->watch(pair[0], false, true);
    poller->wait(-1ms, ready);
    REQUIRE(ready.size() == 1);
    CHECK(ready[0].writable);
    CHECK(!ready[0].readable);

    poller->watch(pair[0], true, true);
    ::close(pair[1]);
    poller->wait(-1ms, ready);
    REQUIRE(ready.size() == 1);
    CHECK(ready[0].readable);

    poller->watch(pair[0], false, false);
    poller->wake();
    poller->wait(-1ms, ready);  // ends because it was woken before
    CHECK(ready.empty());
    std::thread other([&] { poller->wake(); });
    poller->wait(-1ms, ready);
    other.join();
    CHECK(ready.empty());
    ::close(pair[0]);
  }
}
