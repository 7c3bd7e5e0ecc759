//! A schema of a Postgres database, in builds that have it.
#include "place.hpp"

#ifdef PERSONA_CLI_POSTGRES
#include <persona/storage/postgres_backup.hpp>
#include <persona/storage/postgres_database.hpp>
#endif

#include <fmt/format.h>

#include <utility>

namespace persona::cli {

#ifdef PERSONA_CLI_POSTGRES
namespace {

// Without what may be secret: the user's password, and all parameters.
std::string without_secrets(const std::string& connection) {
  const auto scheme = connection.find("://");
  if (scheme == connection.npos) return "Postgres";
  std::string rest = connection.substr(scheme + 3);
  rest.resize(std::min(rest.size(), rest.find('?')));
  const auto at = rest.rfind('@'), colon = rest.find(':');
  if (at != rest.npos && colon < at) rest.erase(colon, at - colon);
  return "postgresql://" + rest;
}

class SchemaPlace final : public Place {
 public:
  SchemaPlace(std::string connection, std::string schema)
      : connection_(std::move(connection)), options_{.schema = std::move(schema), .password = {}, .names = {}} {}

  std::string name() const override {
    return fmt::format("schema '{}' of {}", options_.schema, without_secrets(connection_));
  }
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
