//! Answers in pieces: on the caller's thread, with back-pressure, and stopped at any moment.
#include "calls.hpp"
#include "mock_server.hpp"

#include <sys/resource.h>
#include <algorithm>
#include <atomic>
#include <fstream>
#include <stdexcept>
#include <thread>

using namespace persona;
using namespace persona::testing;
using namespace std::chrono_literals;

namespace {

int threads_now() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word == "Threads:") return status >> word, std::stoi(word);
  }
  return 0;
}

}  // namespace

TEST_CASE("pieces come on the caller's thread while the answer goes on") {
  MockServer server({Answer::stream().piece("one").wait().piece("two").end()});
  const auto transport = make_transport();
  std::vector<std::string> pieces;
  const auto answer =
      transport->send(keyed_request(server.url()), [&, caller = std::this_thread::get_id()](auto bytes) -> Status {
        CHECK(std::this_thread::get_id() == caller);
        if (pieces.empty()) {
          CHECK(server.await_waiting(1));
          server.release();
        }
        pieces.emplace_back(bytes);
        return {};
      });
  REQUIRE(answer);
  CHECK(pieces == std::vector<std::string>{"one", "two"});
  CHECK(answer->body.empty());
}

TEST_CASE("a slow listener holds back the server, and still gets every byte") {
  const std::string chunk(1 << 20, 'x');
  MockServer server([&](const Asked& asked) {
    if (asked.target != "/large") return Answer::json("1");
    Answer answer = Answer::stream();
    for (int i = 0; i < 32; ++i) answer.piece(chunk);
    return answer.end();
  });
  const auto transport = make_transport();
  std::size_t total = 0, largest = 0, calls = 0;
  const auto answer = transport->send({.url = server.url("/large")}, [&](std::string_view bytes) -> Status {
    total += bytes.size();
    largest = std::max(largest, bytes.size());
    for (int i = 0; ++calls <= 20 && i < 20; ++i)
      CHECK(transport->send({.url = server.url()}));  // turns for the thread
    return {};
  });
  REQUIRE(answer);
  CHECK(total == 32 * chunk.size());
  CHECK(largest <= (256 << 10) + (64 << 10));  // the queue's bound and one piece more
}

TEST_CASE("a listener's error or exception ends the call with it") {
  MockServer server({Answer::stream().piece("one").wait()});
  const auto transport = make_transport();
  const auto ended =
      transport->send(keyed_request(server.url()), [](auto) -> Status { return fail(Errc::refused, "enough"); });
  REQUIRE(!ended);
  CHECK(ended.error().code == Errc::refused);
  CHECK(ended.error().message == "enough");
  CHECK_THROWS_AS(static_cast<void>(transport->send(keyed_request(server.url()),
                                                    [](auto) -> Status { throw std::runtime_error("no"); })),
                  std::runtime_error);
  CHECK(server.await_closed(2));  // both were let go
}

TEST_CASE("a call is cancelled wherever it is") {
  MockServer server([](const Asked& asked) {
    return asked.target.starts_with("/silent") ? Answer() : Answer::stream().piece("one").wait();
  });
  const auto transport = make_transport({.connections_per_host = 1});
  for (const char* path : {"/silent", "/stream"}) {
    for (const bool streams : {false, true}) {
      std::stop_source stop;
      Result<http::Response> answer, queued;
      const auto take = [](std::string_view) -> Status { return {}; };
      const int before = static_cast<int>(server.asked().size());
      std::thread caller([&] {
        answer = transport->send(keyed_request(server.url(path)), streams ? http::OnBytes(take) : http::OnBytes(),
                                 {.stop = stop.get_token()});
      });
      CHECK(server.await_asked(before + 1));
      std::thread second([&] { queued = transport->send({.url = server.url(path)}, {}, {.stop = stop.get_token()}); });
      stop.request_stop();
      caller.join();
      second.join();  // there is one connection: it had none
      check_failure(answer, Errc::cancelled, false, true);
      REQUIRE(!queued);
      CHECK(queued.error().code == Errc::cancelled);
      CHECK(server.await_closed(server.connections()));
    }
  }
  std::stop_source stop;
  stop.request_stop();
  check_failure(transport->send({.url = server.url()}, {}, {.stop = stop.get_token()}), Errc::cancelled, false, false);
}

TEST_CASE("the context's deadline ends a call, also one that waits for a connection") {
  MockServer server({Answer()});
  const auto transport = make_transport({.connections_per_host = 1});
  in_good_time([&](auto time) {
    const auto failed =
        transport->send(keyed_request(server.url()), {}, {.deadline = std::chrono::steady_clock::now() + time});
    REQUIRE(!failed);
    const bool was_sent = failed.error().service->sent;
    check_failure(failed, Errc::deadline_exceeded, false, was_sent);
    return was_sent;
  });

  std::stop_source stop;
  std::thread first([&] { static_cast<void>(transport->send({.url = server.url()}, {}, {.stop = stop.get_token()})); });
  CHECK(server.await_asked(2));
  const Context soon{.deadline = std::chrono::steady_clock::now() + 30ms};
  check_failure(transport->send(keyed_request(server.url()), {}, soon), Errc::deadline_exceeded, false, false);
  stop.request_stop();
  first.join();
  const Context past{.deadline = std::chrono::steady_clock::now() - 1ms};
  check_failure(transport->send(keyed_request(server.url()), {}, past), Errc::deadline_exceeded, false, false);
}

TEST_CASE("no more connections are opened than allowed, and all calls are served") {
  MockServer server({Answer::json("1")});
  const auto transport = make_transport({.connections_per_host = 3});
  std::vector<std::thread> callers;
  std::atomic<int> served = 0;
  for (int i = 0; i < 16; ++i) {
    callers.emplace_back([&] {
      for (int call = 0; call < 20; ++call) served += transport->send(keyed_request(server.url())).has_value();
    });
  }
  for (auto& caller : callers) caller.join();
  CHECK(served == 320);
  CHECK(server.connections() <= 3);
}

TEST_CASE("a thousand streams at once are moved by one thread") {
  rlimit files{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &files) == 0);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  constexpr int streams = 1000;
  MockServer server({Answer::stream().piece("one").wait().piece("two").end()});
  const int before = threads_now();
  const auto transport = make_transport({.connections_per_host = streams});
  std::vector<std::thread> callers;
  std::atomic<int> whole = 0;
  for (int i = 0; i < streams; ++i) {
    callers.emplace_back([&] {
      std::string text;
      const auto answer = transport->send({.url = server.url(), .connect_timeout = 60s},
                                          [&](std::string_view bytes) -> Status { return text += bytes, Status(); });
      whole += answer.has_value() && text == "onetwo";
    });
  }
  CHECK(server.await_waiting(streams));
  CHECK(threads_now() == before + streams + 1);
  server.release();
  for (auto& caller : callers) caller.join();
  CHECK(whole == streams);
}
