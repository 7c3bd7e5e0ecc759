//! A database in a file, in builds that have SQLite.
#include "place.hpp"

#include <persona/core/secret.hpp>

#ifdef PERSONA_CLI_SQLITE
#include <persona/storage/sqlite_backup.hpp>
#include <persona/storage/sqlite_database.hpp>
#include <persona/storage/sqlite_prompt.hpp>
#endif

#include <filesystem>
#include <system_error>
#include <utility>

namespace persona::cli {

#ifdef PERSONA_CLI_SQLITE
namespace {

class FilePlace final : public Place {
 public:
  FilePlace(std::string path, Secret key) : path_(std::move(path)), key_(std::move(key)) {}

  std::string name() const override { return path_; }
  bool exists() const override {
    std::error_code ignored;
    return std::filesystem::exists(path_, ignored);
  }
  Result<int> version() const override { return sqlite::schema_version(path_, key_); }
  std::vector<SchemaStep> steps() const override { return sqlite::schema_steps(); }
  Status migrate(int version) override {
    if (!exists())
      if (const auto made = sqlite::open(path_, {.key = key_}); !made) return tl::unexpected(made.error());
    return sqlite::migrate(path_, version, key_);
  }
  Result<std::unique_ptr<Database>> open(OpenPlace how) override {
    return sqlite::open_database(path_, {.read_only = how.read_only, .replace = how.replace, .key = key_});
  }
  Result<std::unique_ptr<Storage>> populations(bool create, bool replace) override {
    if (!create && !exists()) return fail(Errc::not_found, "there is no such file", path_);
    return sqlite::open(path_, {.create = create, .replace = replace, .key = key_});
  }
  Result<std::shared_ptr<prompt::RunLedger>> runs(bool create) override {
    return sqlite::open_run_ledger(path_, {.create = create, .key = key_});
  }
  Result<std::vector<TableContent>> contents(const Context& context) const override {
    return sqlite::contents(path_, context, key_);
  }
  Result<BackupReport> backup(const std::string& to, const Context& context) const override {
    return sqlite::backup(path_, to, context, key_);
  }
  Result<BackupReport> restore(const std::string& from, RestoreOptions how, const Context& context) override {
    return sqlite::restore(from, path_, how, context, key_);
  }
  Result<std::int64_t> vacuum(const Context& context) override { return sqlite::vacuum(path_, context, key_); }
  void remove() override {
    std::error_code ignored;
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(path_ + suffix, ignored);
  }

 private:
  std::string path_;
  Secret key_;
};

}  // namespace

Result<std::unique_ptr<Place>> file_place(const std::string& path, Secret key) {
  return std::make_unique<FilePlace>(path, std::move(key));
}
#else
Result<std::unique_ptr<Place>> file_place(const std::string& path, Secret) {
  return fail(Errc::unsupported, "this persona was built without SQLite", path);
}
#endif

}  // namespace persona::cli
