//! Files with a key: encrypted where the tests run on SQLCipher, refused where they run on SQLite.
#include <persona/storage/sqlite_backup.hpp>
#include <persona/storage/sqlite_database.hpp>

#include "database_checks.hpp"
#include "temporary_folder.hpp"

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace persona;
using persona::test::TemporaryFolder;

namespace {

const std::string key_text = "it's a \"key\" of '' Zürich -- ";

bool runs_on_sqlcipher() {
  SQLite::Database database(":memory:");
  SQLite::Statement version(database, "PRAGMA cipher_version");
  return version.executeStep();
}

template <class T>
Error error_without_key(const Result<T>& result) {
  REQUIRE(!result);
  CHECK(to_string(result.error()).find("Zürich") == std::string::npos);
  return result.error();
}

void check_refused_by_sqlite() {
  const TemporaryFolder folder;
  const Secret key(key_text);
  const std::string path = folder / "a.db";
  const Error refused = error_without_key(sqlite::open(path, {.key = key}));
  CHECK(refused.code == Errc::unsupported);
  CHECK(refused.message.find(path) != std::string::npos);
  CHECK(error_without_key(sqlite::open_database(path, {.key = key})).code == Errc::unsupported);
  CHECK(std::filesystem::is_empty(folder.path()));
  REQUIRE(sqlite::open_database(path));
  CHECK(error_without_key(sqlite::open_database(path, {.key = key})).code == Errc::unsupported);
  CHECK(error_without_key(sqlite::backup(path, folder / "b.db", {}, key)).code == Errc::unsupported);
  CHECK(error_without_key(sqlite::restore(path, folder / "b.db", {}, {}, key)).code == Errc::unsupported);
  CHECK(!std::filesystem::exists(folder / "b.db"));
}

constexpr const char* telling[] = {"SQLite format 3", "persona_population", "CREATE TABLE", "officer"};

// How many of these texts are in which of the files: in logs too, which nobody has closed.
std::size_t plain_texts(const TemporaryFolder& folder) {
  std::size_t found = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    for (const char* text : telling) found += bytes.find(text) == std::string::npos ? 0 : 1;
  }
  return found;
}

void check_kept_from_others(const std::string& path) {
  const auto before = std::filesystem::file_size(path);
  CHECK(error_without_key(sqlite::open(path)).code == Errc::corrupted);
  CHECK(error_without_key(sqlite::contents(path)).code == Errc::corrupted);
  for (const sqlite::Options& options : {sqlite::Options{.key = Secret(key_text + "!")},
                                         sqlite::Options{.read_only = true, .key = Secret(key_text + "!")}}) {
    const Error wrong = error_without_key(sqlite::open_database(path, options));
    CHECK(wrong.code == Errc::unauthenticated);
    CHECK(wrong.message.find(path) != std::string::npos);
  }
  CHECK(std::filesystem::file_size(path) == before);
}

void check_encrypted() {
  const TemporaryFolder folder;
  const Secret key(key_text);
  const std::string path = folder / "a.db", saved = folder / "saved.db", again = folder / "again.db";
  const auto database = sqlite::open_database(path, {.key = key});
  REQUIRE_MESSAGE(database, to_string(database.error()));
  test::fill_rooms(**database);
  const auto made = sqlite::backup(path, saved, {}, key);
  REQUIRE_MESSAGE(made, to_string(made.error()));
  CHECK(plain_texts(folder) == 0);
  REQUIRE(sqlite::backup(path, saved, {}, key));  // takes the place of one with its key, and of no other
  CHECK(error_without_key(sqlite::backup(path, saved, {}, Secret("other"))).code == Errc::unauthenticated);
  check_kept_from_others(path);
  check_kept_from_others(saved);
  REQUIRE(sqlite::restore(saved, again, {}, {}, key));
  REQUIRE(sqlite::restore(saved, again, {.replace = true}, {}, key));
  CHECK(*sqlite::contents(again, {}, key) == made->tables);
  REQUIRE(sqlite::vacuum(again, {}, key));
  const auto restored = sqlite::open_database(again, {.key = key});
  REQUIRE_MESSAGE(restored, to_string(restored.error()));
  test::check_same_rooms(**database, **restored);
  CHECK((*restored)->populations().read("people", {.limit = 0})->size() == 2500);
  CHECK(plain_texts(folder) == 0);
}

void check_key_is_changed() {
  const TemporaryFolder folder;
  const std::string path = folder / "a.db";
  const Secret old("old"), raw("x'" + std::string(64, 'a') + "'");
  REQUIRE(put(**sqlite::open(path, {.key = old}), {.name = "people"}, testing::mixed_population(10)));
  {
    SQLite::Database database(path, SQLite::OPEN_READWRITE);
    database.tryExec("PRAGMA key = 'old'");
    REQUIRE(database.tryExec("PRAGMA rekey = \"" + *raw.reveal() + "\"") == SQLite::OK);
  }
  CHECK(sqlite::open(path, {.key = old}).error().code == Errc::unauthenticated);
  REQUIRE(sqlite::migrate(path, sqlite::schema_version() - 1, raw));
  CHECK(*sqlite::schema_version(path, raw) == sqlite::schema_version() - 1);
  const auto opened = sqlite::open(path, {.key = raw});
  REQUIRE_MESSAGE(opened, to_string(opened.error()));
  CHECK((*opened)->count("people", {}) == 10);
}

}  // namespace

TEST_CASE("a file with a key is encrypted, or refused where SQLite cannot") {
  {
    const TemporaryFolder folder;
    test::fill_rooms(**sqlite::open_database(folder / "plain.db"));
    CHECK(plain_texts(folder) >= std::size(telling));  // what is looked for is there without a key
  }
  if (!runs_on_sqlcipher()) return check_refused_by_sqlite();
  check_encrypted();
  check_key_is_changed();
  const TemporaryFolder folder;
  const auto none = Secret::from([]() -> Result<std::string> { return std::string(); });
  const auto cut = Secret::from([]() -> Result<std::string> { return std::string("Zürich\0z", 9); });
  const auto lost = Secret::from_environment("PERSONA_NO_SUCH_KEY");
  CHECK(error_without_key(sqlite::open(folder / "a.db", {.key = none})).code == Errc::unauthenticated);
  CHECK(error_without_key(sqlite::open(folder / "a.db", {.key = cut})).code == Errc::invalid_argument);
  CHECK(error_without_key(sqlite::open(folder / "a.db", {.key = lost})).code == Errc::unauthenticated);
  CHECK(error_without_key(sqlite::open(folder / "a.db", {.page_bytes = 32'768, .key = Secret("k")})).code ==
        Errc::invalid_argument);
  CHECK(std::filesystem::is_empty(folder.path()));
  REQUIRE(sqlite::open(folder / "plain.db"));
  CHECK(error_without_key(sqlite::open(folder / "plain.db", {.key = Secret("k")})).code == Errc::unauthenticated);
}
