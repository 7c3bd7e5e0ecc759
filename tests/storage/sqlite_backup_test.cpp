//! Backups of a file that is in use, and what comes back from them.
#include <persona/storage/sqlite_backup.hpp>
#include <persona/storage/sqlite_database.hpp>

#include "database_checks.hpp"
#include "temporary_folder.hpp"

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <fstream>
#include <thread>

using namespace persona;
using persona::test::TemporaryFolder;

namespace {

std::unique_ptr<Database> open_rooms(const std::string& path) {
  auto database = sqlite::open_database(path);
  if (!database) FAIL(to_string(database.error()));
  return *std::move(database);
}

std::size_t files_in(const TemporaryFolder& folder) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    files += entry.path().string().find(".db-") == std::string::npos;
  return files;
}

class StopAtOnce final : public Observer {
 public:
  explicit StopAtOnce(std::stop_source stop) : stop_(std::move(stop)) {}
  void on_progress(const Progress&) override { stop_.request_stop(); }

 private:
  std::stop_source stop_;
};

}  // namespace

TEST_CASE("a backup holds one state of a file that others write to, and gives it back") {
  const TemporaryFolder folder;
  const auto database = open_rooms(folder / "a.db");
  test::fill_rooms(*database);
  std::atomic<bool> enough = false;
  std::jthread writer([&] {
    for (int i = 0; !enough; ++i)
      CHECK(database->records().put({{.kind = "busy", .id = std::to_string(i), .actor = "ana"},
                                     {.kind = "twin", .id = std::to_string(i), .actor = "ana"}}));
  });
  for (int i = 0; i < 5; ++i) {
    const auto made = sqlite::backup(folder / "a.db", folder / "b.db");
    REQUIRE_MESSAGE(made, to_string(made.error()));
    CHECK(*sqlite::contents(folder / "b.db") == made->tables);
    CHECK(made->bytes == std::filesystem::file_size(folder / "b.db"));
  }
  enough = true;
  writer.join();
  CHECK(files_in(folder) == 2);
  const auto restored = sqlite::restore(folder / "b.db", folder / "c.db");
  REQUIRE_MESSAGE(restored, to_string(restored.error()));
  CHECK(restored->tables == *sqlite::contents(folder / "c.db"));
  const auto status = open_rooms(folder / "c.db")->status();
  REQUIRE(status->records.size() >= 1);
  std::int64_t busy = 0, twins = 0;
  for (const auto& [kind, count] : status->records) {
    if (kind == "busy") busy = count;
    if (kind == "twin") twins = count;
  }
  CHECK(busy == twins);  // no transaction was cut
}

TEST_CASE("what a database holds is replaced only where that was asked, under the eyes of those who have it open") {
  const TemporaryFolder folder;
  const auto from = open_rooms(folder / "a.db"), to = open_rooms(folder / "b.db");
  test::fill_rooms(*from);
  REQUIRE(put(to->populations(), {.name = "old"}, testing::mixed_population(10)));
  REQUIRE(sqlite::backup(folder / "a.db", folder / "backup.db"));
  CHECK(sqlite::restore(folder / "backup.db", folder / "b.db").error().code == Errc::already_exists);
  CHECK(to->populations().find("old"));
  const auto restored = sqlite::restore(folder / "backup.db", folder / "b.db", {.replace = true});
  REQUIRE_MESSAGE(restored, to_string(restored.error()));
  CHECK(to->populations().find("old").error().code == Errc::not_found);
  test::check_same_rooms(*from, *to);
  CHECK(to->records().put({{.kind = "group", .id = "new", .actor = "ana"}}));
}

TEST_CASE("a stopped backup or restoration leaves what was there") {
  const TemporaryFolder folder;
  const auto database = open_rooms(folder / "a.db"), other = open_rooms(folder / "b.db");
  test::fill_rooms(*database);
  REQUIRE(put(database->populations(), {.name = "many"}, testing::mixed_population(20'000)));
  REQUIRE(put(other->populations(), {.name = "old"}, testing::mixed_population(10)));
  const auto stopped = [&](const auto& work) {
    std::stop_source stop;
    StopAtOnce observer(stop);
    const auto done = work(Context{.stop = stop.get_token(), .observer = &observer});
    REQUIRE(!done);
    CHECK(done.error().code == Errc::cancelled);
    CHECK(files_in(folder) == 2);
  };
  stopped([&](const Context& context) { return sqlite::backup(folder / "a.db", folder / "c.db", context); });
  stopped([&](const Context& context) { return sqlite::restore(folder / "a.db", folder / "c.db", {}, context); });
  stopped([&](const Context& context) {
    return sqlite::restore(folder / "a.db", folder / "b.db", {.replace = true}, context);
  });
  CHECK(other->populations().list()->size() == 1);
  CHECK(other->populations().read("old")->size() == 10);
}

TEST_CASE("a backup takes the place of nothing but a backup, and a damaged one is not restored") {
  const TemporaryFolder folder;
  const auto database = open_rooms(folder / "a.db");
  test::fill_rooms(*database);
  std::ofstream(folder / "letter.txt") << "dear ana";
  CHECK(sqlite::backup(folder / "a.db", folder / "letter.txt").error().code == Errc::already_exists);
  CHECK(sqlite::backup(folder / "a.db", folder / "a.db").error().code == Errc::invalid_argument);
  REQUIRE(sqlite::backup(folder / "a.db", folder / "b.db"));
  REQUIRE(sqlite::backup(folder / "a.db", folder / "b.db"));
  {
    std::fstream file(folder / "b.db", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(32768 + 5);
    file << std::string(20'000, '\xff');
  }
  const auto damaged = sqlite::restore(folder / "b.db", folder / "c.db");
  REQUIRE(!damaged);
  CHECK(damaged.error().code == Errc::corrupted);
  CHECK(!std::filesystem::exists(folder / "c.db"));
  CHECK(!sqlite::restore(folder / "letter.txt", folder / "c.db"));
}

TEST_CASE("what was erased leaves no trace in a file that was vacuumed") {
  const TemporaryFolder folder;
  const auto database = open_rooms(folder / "a.db");
  const std::string secret = "Ms Unmistakable-Name";
  REQUIRE(database->records().put(
      {{.kind = "note", .id = "1", .body = {"\"" + secret + "\""}, .person = "p", .actor = "ana"}}));
  REQUIRE(put(database->populations(), {.name = "many"}, testing::mixed_population(20'000)));
  REQUIRE(database->populations().remove("many"));
  REQUIRE(database->records().erase_person("p", "officer"));
  const auto smaller = sqlite::vacuum(folder / "a.db");
  REQUIRE_MESSAGE(smaller, to_string(smaller.error()));
  CHECK(*smaller > 100'000);
  for (const char* suffix : {"", "-wal"}) {
    std::ifstream file(folder / (std::string("a.db") + suffix), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    CHECK(bytes.find(secret) == std::string::npos);
  }
}
