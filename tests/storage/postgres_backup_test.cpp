//! Backups of a schema that is in use, and copies between the two databases.
#include <persona/storage/postgres_backup.hpp>
#include <persona/storage/postgres_database.hpp>
#include <persona/storage/sqlite_database.hpp>

#include "database_checks.hpp"
#include "postgres_ask.hpp"
#include "sample_rooms_checks.hpp"
#include "temporary_folder.hpp"
#include "typed_room_checks.hpp"

#include <filesystem>
#include <fstream>
#include <thread>

using namespace persona;
using persona::test::TemporaryFolder;
using persona::testing::fresh_schema;
using persona::testing::PostgresServer;
using persona::testing::with_password;

namespace {

std::string server() {
  return PostgresServer::shared().connection();
}

std::unique_ptr<Database> open_rooms(const std::string& schema) {
  auto database = postgres::open_database(server(), with_password(schema));
  if (!database) FAIL(to_string(database.error()));
  return *std::move(database);
}

class StopWhen final : public Observer {
 public:
  StopWhen(std::stop_source stop, std::string task) : stop_(std::move(stop)), task_(std::move(task)) {}
  void on_progress(const Progress& progress) override {
    if (progress.task == task_) stop_.request_stop();
  }

 private:
  std::stop_source stop_;
  std::string task_;
};

}  // namespace

TEST_CASE("rooms of a schema change together or not at all") {
  test::check_transactions(*open_rooms(fresh_schema()));
  test::check_savepoints(*open_rooms(fresh_schema()));
  test::check_rooms_outside(*open_rooms(fresh_schema()));
  test::check_status(*open_rooms(fresh_schema()));
}

TEST_CASE("samples fill all rooms of a schema as they do a file's") {
  const TemporaryFolder folder;
  const auto file = sqlite::open_database(folder / "a.db");
  REQUIRE(file);
  test::check_sample_rooms(*open_rooms(fresh_schema()), **file, *open_rooms(fresh_schema()));
}

TEST_CASE("typed rooms keep what they say in a schema") {
  test::check_typed_rooms(*open_rooms(fresh_schema()));
}

TEST_CASE("transactions across rooms that collide are run again") {
  const std::string schema = fresh_schema();
  const auto database = open_rooms(schema);
  REQUIRE(database->records().put({{.kind = "sum", .id = "a", .body = {"0"}, .actor = "x"},
                                   {.kind = "sum", .id = "b", .body = {"0"}, .actor = "x"}}));
  // Each locks both records, in opposite order: the database ends one of two in deadlock, and it tries again.
  const auto add = [&](const char* first, const char* second) {
    for (int i = 0; i < 20; ++i) {
      const Status done = database->transact([&](const Rooms& rooms) -> Status {
        for (const char* id : {first, second})
          if (const auto put = rooms.records.put({{.kind = "sum", .id = id, .actor = "x"}}); !put)
            return tl::unexpected(put.error());
        return enqueue(rooms.jobs, {.kind = "summed"}).map([](std::int64_t) {});
      });
      CHECK_MESSAGE(done, to_string(done.error()));
    }
  };
  {
    std::jthread one([&] { add("a", "b"); }), other([&] { add("b", "a"); });
  }
  CHECK(database->records().find("sum", "a")->version == 41);
  CHECK(database->jobs().list({})->size() == 40);
}

TEST_CASE("a file is copied into a schema and back, and is the same") {
  const TemporaryFolder folder;
  const auto file = sqlite::open_database(folder / "a.db"), back = sqlite::open_database(folder / "b.db");
  REQUIRE(file);
  const auto schema = open_rooms(fresh_schema()), another = open_rooms(fresh_schema());
  test::check_copy(**file, *schema);
  const auto copied = copy(schema->populations(), (*back)->populations());
  REQUIRE_MESSAGE(copied, to_string(copied.error()));
  CHECK(copied->front().content == *population_content((*file)->populations(), "people"));
  REQUIRE(schema->copy_rooms(**back));
  test::check_same_rooms(*schema, **back);
  REQUIRE(schema->copy_rooms(*another));
  test::check_same_rooms(*schema, *another);
}

TEST_CASE("a backup of a schema that others write to gives it back") {
  const TemporaryFolder folder;
  const std::string schema = fresh_schema();
  auto database = open_rooms(schema);
  test::fill_rooms(*database);
  Result<BackupReport> made;
  {
    std::jthread writer([&](const std::stop_token& stop) {
      for (int i = 0; !stop.stop_requested(); ++i)
        CHECK(database->records().put({{.kind = "busy", .id = std::to_string(i), .actor = "ana"}}));
    });
    made = postgres::backup(server(), folder / "a.dump", with_password(schema));
  }
  REQUIRE_MESSAGE(made, to_string(made.error()));
  CHECK(made->bytes == std::filesystem::file_size(folder / "a.dump"));
  CHECK(postgres::restore(folder / "a.dump", server(), with_password(schema)).error().code == Errc::already_exists);
  REQUIRE(put(database->populations(), {.name = "later"}, testing::mixed_population(10)));
  const std::string number = testing::ask(schema, "SELECT last_value FROM persona_rows_number");
  const auto restored = postgres::restore(folder / "a.dump", server(), with_password(schema), {.replace = true});
  REQUIRE_MESSAGE(restored, to_string(restored.error()));
  CHECK(restored->tables == made->tables);
  CHECK(*postgres::contents(server(), with_password(schema)) == made->tables);
  CHECK(testing::ask(schema, "SELECT last_value FROM persona_rows_number") == number);
  database = open_rooms(schema);
  CHECK(database->populations().find("later").error().code == Errc::not_found);
  CHECK(database->populations().read("people", {.limit = 0})->size() == 2500);
  CHECK(put(database->populations(), {.name = "later"}, testing::mixed_population(10)));
  CHECK(database->records().put({{.kind = "group", .id = "new", .actor = "ana"}}));
  CHECK(postgres::vacuum(server(), with_password(schema)));
}

TEST_CASE("a stopped backup or restoration of a schema leaves what was there") {
  const TemporaryFolder folder;
  const std::string schema = fresh_schema();
  const auto database = open_rooms(schema);
  REQUIRE(put(database->populations(), {.name = "many"}, testing::mixed_population(30'000)));
  const auto before = postgres::contents(server(), with_password(schema));
  REQUIRE(postgres::backup(server(), folder / "a.dump", with_password(schema)));
  const auto stopped = [&](const char* task, const auto& work) {
    std::stop_source stop;
    StopWhen observer(stop, task);
    const auto done = work(Context{.stop = stop.get_token(), .observer = &observer});
    REQUIRE(!done);
    CHECK(done.error().code == Errc::cancelled);
  };
  stopped("comparing", [&](const Context& context) {
    return postgres::backup(server(), folder / "b.dump", with_password(schema), context);
  });
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
  for (const char* task : {"restoring", "comparing"})
    stopped(task, [&](const Context& context) {
      return postgres::restore(folder / "a.dump", server(), with_password(schema), {.replace = true}, context);
    });
  std::stop_source over;
  over.request_stop();
  const auto none = postgres::contents(server(), with_password(schema), {.stop = over.get_token()});
  CHECK(none.error().code == Errc::cancelled);
  CHECK(*postgres::contents(server(), with_password(schema)) == *before);
  CHECK(database->populations().read("many")->size() == 1000);
}

TEST_CASE("a backup that is none, is damaged, or of another schema is told apart and changes nothing") {
  const TemporaryFolder folder;
  const std::string schema = fresh_schema(), other = fresh_schema();
  const auto database = open_rooms(schema);
  REQUIRE(put(database->populations(), {.name = "many"}, testing::mixed_population(5000)));
  const auto before = postgres::contents(server(), with_password(schema));
  REQUIRE(postgres::backup(server(), folder / "a.dump", with_password(schema)));
  const auto restore = [&](const std::string& file, const std::string& into) {
    return postgres::restore(file, server(), with_password(into), {.replace = true}).error().code;
  };
  CHECK(restore(folder / "none.dump", schema) == Errc::not_found);
  CHECK(restore(folder / "a.dump", other) == Errc::invalid_argument);
  std::ofstream(folder / "letter.txt") << "dear ana";
  CHECK(restore(folder / "letter.txt", schema) == Errc::invalid_argument);
  CHECK(postgres::backup(server(), folder / "letter.txt", with_password(schema)).error().code == Errc::already_exists);
  std::filesystem::resize_file(folder / "a.dump", std::filesystem::file_size(folder / "a.dump") / 2);
  CHECK(restore(folder / "a.dump", schema) == Errc::invalid_argument);
  CHECK(*postgres::contents(server(), with_password(schema)) == *before);
  CHECK(postgres::contents(server(), with_password(other)).error().code == Errc::not_found);
}
