//! A schema of a Postgres database, in builds that have it.
#include "place.hpp"

#ifdef PERSONA_CLI_POSTGRES
#include <persona/storage/postgres_backup.hpp>
#include <persona/storage/postgres_database.hpp>
#include <persona/storage/postgres_prompt.hpp>
#endif

#include <fmt/format.h>

#include <utility>

namespace persona::cli {

#ifdef PERSONA_CLI_POSTGRES
namespace {

class SchemaPlace final : public Place {
 public:
  SchemaPlace(std::string connection, std::string schema)
      : connection_(std::move(connection)), options_{.schema = std::move(schema), .password = {}, .names = {}} {}

  std::string name() const override { return fmt::format("schema '{}' of {}", options_.schema, shown(connection_)); }
  bool exists() const override {
    const auto there = version();
    return !there || *there > 0;
  }
  Result<int> version() const override { return postgres::schema_version(connection_, options_); }
  std::vector<SchemaStep> steps() const override { return postgres::schema_steps(); }
  Status migrate(int version) override { return postgres::migrate(connection_, version, options_); }
  Result<std::unique_ptr<Database>> open(OpenPlace how) override {
    postgres::Options options = options_;
    options.read_only = how.read_only;
    options.replace = how.replace;
    return postgres::open_database(connection_, options);
  }
  Result<std::unique_ptr<Storage>> populations(bool create, bool replace) override {
    return postgres::open(connection_, with(create, replace));
  }
  Result<std::shared_ptr<prompt::RunLedger>> runs(bool create) override {
    return postgres::open_run_ledger(connection_, with(create, false));
  }
  Result<std::vector<TableContent>> contents(const Context& context) const override {
    return postgres::contents(connection_, options_, context);
  }
  Result<BackupReport> backup(const std::string& to, const Context& context) const override {
    return postgres::backup(connection_, to, options_, context);
  }
  Result<BackupReport> restore(const std::string& from, RestoreOptions how, const Context& context) override {
    return postgres::restore(from, connection_, options_, how, context);
  }
  Result<std::int64_t> vacuum(const Context& context) override {
    return postgres::vacuum(connection_, options_, context);
  }
  void remove() override {}  // an empty schema harms nobody

 private:
  postgres::Options with(bool create, bool replace) const {
    postgres::Options options = options_;
    options.create = create;
    options.replace = replace;
    return options;
  }

  std::string connection_;
  postgres::Options options_;
};

}  // namespace

Result<std::unique_ptr<Place>> schema_place(const std::string& connection, const std::string& schema) {
  return std::make_unique<SchemaPlace>(connection, schema);
}
#else
Result<std::unique_ptr<Place>> schema_place(const std::string&, const std::string&) {
  return fail(Errc::unsupported, "this persona was built without Postgres");
}
#endif

}  // namespace persona::cli
