//! Writers that are killed at any moment, and what must be there afterwards.
#pragma once

#include <persona/core/hash.hpp>
#include <persona/storage/records.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace persona::test {

//! What a writer said it had committed.
struct Acknowledged {
  int record = 0;
  std::int64_t version = 0;
};

// Long enough to span pages; a torn one does not fit its hash.
inline std::string body_of(int record, std::int64_t draw) {
  const std::string text(static_cast<std::size_t>(200 + draw % 5000), static_cast<char>('a' + record % 26));
  return "{\"hash\":\"" + content_hash(text) + "\",\"text\":\"" + text + "\"}";
}

inline bool is_whole(const std::string& body) {
  constexpr std::size_t before = 9, hash = 64, between = 10;
  if (body.size() < before + hash + between + 2) return false;
  const std::string text = body.substr(before + hash + between, body.size() - before - hash - between - 2);
  return body.substr(before, hash) == content_hash(text);
}

//! A process that changes 20 records at random, 1,000 times, and says after each commit what it has done.
inline pid_t start_writer(const std::function<std::unique_ptr<Records>()>& open, unsigned seed, int& said) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto records = open();
    std::mt19937_64 bits(seed);
    for (int i = 0; i < 1000; ++i) {
      const int record = static_cast<int>(bits() % 20);
      const auto version = records->put({{.kind = "r",
                                          .id = std::to_string(record),
                                          .body = {body_of(record, static_cast<std::int64_t>(bits() % 100'000))},
                                          .actor = "writer"}});
      const Acknowledged done{record, version ? version->front() : 0};
      if (!version || ::write(ends[1], &done, sizeof done) != sizeof done) ::_exit(1);
    }
    ::_exit(0);
  }
  ::close(ends[1]);
  said = ends[0];
  return child;
}

//! Each round lets a writer begin, kills it after some of its commits, and looks at everything that was said.
inline void check_killed_writers(const std::function<std::unique_ptr<Records>()>& open, int rounds) {
  std::mt19937_64 bits(11);
  std::array<std::int64_t, 20> last{};  // the greatest version that was acknowledged
  open();
  for (int round = 0; round < rounds; ++round) {
    int said = -1;
    const pid_t writer = start_writer(open, static_cast<unsigned>(round), said);
    Acknowledged done;
    const auto note = [&] {
      last[static_cast<std::size_t>(done.record)] = std::max(last[static_cast<std::size_t>(done.record)], done.version);
    };
    for (std::uint64_t left = 1 + bits() % 40; left > 0 && ::read(said, &done, sizeof done) == sizeof done; --left)
      note();
    ::kill(writer, SIGKILL);
    while (::read(said, &done, sizeof done) == sizeof done) note();
    int status = 0;
    ::waitpid(writer, &status, 0);
    ::close(said);
    CHECK(WIFSIGNALED(status));
    const auto records = open();
    for (int record = 0; record < 20; ++record) {
      const std::int64_t wanted = last[static_cast<std::size_t>(record)];
      const auto history = records->history("r", std::to_string(record));
      if (!history) {
        CHECK(wanted == 0);
        continue;
      }
      // One more may have been committed than was said; none may be missing, and each must be whole.
      CHECK(static_cast<std::int64_t>(history->size()) >= wanted);
      for (std::size_t i = 0; i < history->size(); ++i) {
        if ((*history)[i].version != static_cast<std::int64_t>(i) + 1) FAIL_CHECK("a version is missing");
        if (!is_whole((*history)[i].body.text)) FAIL_CHECK("a version is torn");
      }
    }
  }
}

}  // namespace persona::test
