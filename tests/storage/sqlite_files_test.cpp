//! Several processes, sudden ends and full disks.
#include <persona/storage/sqlite.hpp>
#include <persona/storage/sqlite_database.hpp>
#include <persona/storage/sqlite_jobs.hpp>

#include "temporary_folder.hpp"
#include "testing/contract_check.hpp"

#include <SQLiteCpp/Database.h>
#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <functional>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace persona;
using persona::test::TemporaryFolder;
using persona::testing::mixed_population;

namespace {

// Runs `work` in another process, which ends with what it returns.
pid_t start_process(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  return child;
}

int wait_for(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void check_sound(const std::string& path) {
  SQLite::Database database(path, SQLite::OPEN_READWRITE);
  CHECK(database.execAndGet("PRAGMA integrity_check").getString() == "ok");
  CHECK(database
            .execAndGet("SELECT count(*) FROM persona_population p LEFT JOIN sqlite_schema s "
                        "ON s.name = p.table_name WHERE p.form = 'rows' AND s.name IS NULL")
            .getInt() == 0);
}

}  // namespace

TEST_CASE("many processes may make the same file at once") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.db";
  std::vector<pid_t> children;
  for (int i = 0; i < 8; ++i)
    children.push_back(start_process([&path, i] {
      const auto storage = sqlite::open(path, {.busy_timeout = std::chrono::seconds(30)});
      return storage && put(**storage, {.name = std::to_string(i)}, mixed_population(50)) ? 0 : 1;
    }));
  for (const pid_t child : children) CHECK(wait_for(child) == 0);
  CHECK((*sqlite::open(path))->list()->size() == 8);
  check_sound(path);
}

TEST_CASE("a process that is killed while it writes leaves nothing") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.db";
  REQUIRE(put(**sqlite::open(path), {.name = "before"}, mixed_population(100)));
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = start_process([&] {
    const auto storage = sqlite::open(path);
    auto sink = (*storage)->create({.name = "people"});
    // More than the page cache holds, so that pages have gone to the file.
    for (int i = 0; i < 40; ++i)
      if (!(*sink)->append(mixed_population(2000))) return 1;
    if (::write(ready[1], "x", 1) != 1) return 1;
    ::pause();
    return 1;
  });
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  {
    const auto meanwhile = sqlite::open(path);
    REQUIRE(meanwhile);
    CHECK((*meanwhile)->list()->size() == 1);
  }
  ::kill(child, SIGKILL);
  CHECK(wait_for(child) == -SIGKILL);
  ::close(ready[0]);
  ::close(ready[1]);
  const auto storage = sqlite::open(path);
  REQUIRE(storage);
  CHECK((*storage)->find("people").error().code == Errc::not_found);
  CHECK((*storage)->read("before", {.limit = 0})->size() == 100);
  CHECK(put(**storage, {.name = "people"}, mixed_population(10)));
  check_sound(path);
}

TEST_CASE("who writes while another does waits, and then says so") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.db";
  const auto storage = sqlite::open(path, {.busy_timeout = std::chrono::milliseconds(50)});
  REQUIRE(storage);
  REQUIRE(put(**storage, {.name = "people"}, mixed_population(10)));
  auto writing = (*storage)->create({.name = "first"});
  REQUIRE(writing);
  const auto second = (*storage)->create({.name = "second"});
  REQUIRE(!second);
  CHECK(second.error().code == Errc::unavailable);
  CHECK(second.error().path == path);
  CHECK((*storage)->remove("people").error().code == Errc::unavailable);
  CHECK((*storage)->read("people")->size() == 10);
  REQUIRE((*writing)->append(mixed_population(10)));
  REQUIRE((*writing)->finish());
  CHECK((*storage)->create({.name = "second"}));
}

TEST_CASE("a storage opened read-only writes nothing") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.db";
  REQUIRE(put(**sqlite::open(path), {.name = "people"}, mixed_population(10)));
  const auto storage = sqlite::open(path, {.read_only = true});
  REQUIRE(storage);
  CHECK((*storage)->create({.name = "more"}).error().code == Errc::io);
  CHECK((*storage)->remove("people").error().code == Errc::io);
  CHECK((*storage)->read("people")->size() == 10);
}

TEST_CASE("a full disk is an error and leaves what was there") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.db";
  REQUIRE(put(**sqlite::open(path), {.name = "before"}, mixed_population(100)));
  // A limit on the size of files does to a process what a full disk would.
  const pid_t child = start_process([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{2'000'000, 2'000'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto storage = sqlite::open(path);
    if (!storage) return 1;
    auto sink = (*storage)->create({.name = "people"});
    if (!sink) return 2;
    Status status;
    for (int i = 0; i < 100 && status; ++i) status = (*sink)->append(mixed_population(2000));
    if (status) status = (*sink)->finish();
    if (status || status.error().code != Errc::io) return 3;
    if (status.error().message.find(path) == std::string::npos) return 4;
    sink->reset();
    return (*storage)->read("before", {.limit = 0})->size() == 100 ? 0 : 5;
  });
  CHECK(wait_for(child) == 0);
  CHECK((*sqlite::open(path))->list()->size() == 1);
  check_sound(path);
}

TEST_CASE("a file that may only be read can be read") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.db";
  REQUIRE(put(**sqlite::open(path), {.name = "people"}, mixed_population(10)));
  const pid_t child = start_process([&] {
    // Nobody's rights in a folder that is not nobody's: as a file on a read-only medium.
    if (::chmod(path.c_str(), 0444) != 0 || ::chmod(folder.path().c_str(), 0555) != 0) return 1;
    if (::geteuid() == 0 && ::setuid(65534) != 0) return 2;
    const auto writing = sqlite::open(path);
    if (writing || writing.error().code != Errc::io) return 3;
    const auto storage = sqlite::open(path, {.read_only = true});
    if (!storage) return 4;
    return (*storage)->read("people")->size() == 10 ? 0 : 5;
  });
  CHECK(wait_for(child) == 0);
  ::chmod(folder.path().c_str(), 0755);
}

TEST_CASE("who makes a file gives it the pages it works well with") {
  const TemporaryFolder folder;
  const auto page_bytes = [](const std::string& path) {
    return SQLite::Database(path, SQLite::OPEN_READONLY).execAndGet("PRAGMA page_size").getInt();
  };
  const std::string people = folder / "people.db", jobs = folder / "jobs.db", all = folder / "all.db";
  REQUIRE(sqlite::open(people));
  REQUIRE(sqlite::open_jobs(people));
  CHECK(page_bytes(people) == 32'768);
  REQUIRE(sqlite::open_jobs(jobs));
  CHECK(put(**sqlite::open(jobs), {.name = "people"}, mixed_population(10)));
  CHECK(page_bytes(jobs) == 4'096);
  REQUIRE(sqlite::open_database(all));
  CHECK(page_bytes(all) == 32'768);
  REQUIRE(sqlite::open_database(folder / "asked.db", {.page_bytes = 8'192}));
  CHECK(page_bytes(folder / "asked.db") == 8'192);
  const auto refused = sqlite::open(folder / "none.db", {.page_bytes = 5'000});
  REQUIRE(!refused);
  CHECK(refused.error().code == Errc::invalid_argument);
  CHECK(!std::filesystem::exists(folder / "none.db"));
}
