//! All rooms of an SQLite file together.
#include <persona/storage/sqlite_database.hpp>

#include "database_checks.hpp"
#include "sample_rooms_checks.hpp"
#include "temporary_folder.hpp"
#include "typed_room_checks.hpp"

#include <thread>

using namespace persona;
using persona::test::TemporaryFolder;

namespace {

std::unique_ptr<Database> open_rooms(const std::string& path, const sqlite::Options& options = {}) {
  auto database = sqlite::open_database(path, options);
  if (!database) FAIL(to_string(database.error()));
  return *std::move(database);
}

}  // namespace

TEST_CASE("rooms of a file change together or not at all") {
  const TemporaryFolder folder;
  test::check_transactions(*open_rooms(folder / "a.db"));
  test::check_savepoints(*open_rooms(folder / "b.db"));
  test::check_rooms_outside(*open_rooms(folder / "c.db"));
}

TEST_CASE("a file tells what it holds, also to who may only read") {
  const TemporaryFolder folder;
  const auto database = open_rooms(folder / "a.db");
  test::check_status(*database);
  const auto reader = open_rooms(folder / "a.db", {.read_only = true});
  CHECK(reader->status()->populations.size() == 2);
  CHECK(reader->records().find("group", "a"));
  CHECK(!reader->records().put({{.kind = "group", .id = "b", .actor = "ana"}}));
}

TEST_CASE("a file is copied into another with all its history") {
  const TemporaryFolder folder;
  const auto from = open_rooms(folder / "from.db"), to = open_rooms(folder / "to.db");
  test::check_copy(*from, *to);
  CHECK(from->copy_rooms(*from).error().code == Errc::invalid_argument);
}

TEST_CASE("samples fill all rooms of a file, the same for the same seed") {
  const TemporaryFolder folder;
  test::check_sample_rooms(*open_rooms(folder / "a.db"), *open_rooms(folder / "b.db"), *open_rooms(folder / "c.db"));
}

TEST_CASE("typed rooms keep what they say in a file") {
  const TemporaryFolder folder;
  test::check_typed_rooms(*open_rooms(folder / "a.db"));
}

TEST_CASE("a worker that waits is woken by what a transaction enqueued") {
  const TemporaryFolder folder;
  const auto database = open_rooms(folder / "a.db");
  std::jthread sender([&] {
    CHECK(database->transact(
        [](const Rooms& rooms) -> Status { return enqueue(rooms.jobs, {.kind = "send"}).map([](std::int64_t) {}); }));
  });
  std::vector<Job> claimed;
  while (claimed.empty()) {
    claimed = *database->jobs().claim({});
    if (claimed.empty()) database->jobs().wait("default", std::chrono::seconds(30), {});
  }
  CHECK(claimed.front().work.kind == "send");
}
