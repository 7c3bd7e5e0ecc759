//! Where a database is: a file, or a schema of Postgres.
#include "place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace persona::cli {

bool is_postgres(const std::string& address) {
  if (address.starts_with("postgresql://") || address.starts_with("postgres://")) return true;
  for (const char* key : {"host=", "hostaddr=", "dbname=", "user=", "service=", "port="})
    if (address.starts_with(key)) return true;
  return false;
}

std::string shown(const std::string& address) {
  if (!is_postgres(address)) return address;
  const auto scheme = address.find("://");
  if (scheme == address.npos) return "Postgres";
  std::string rest = address.substr(scheme + 3);
  rest.resize(std::min(rest.size(), rest.find('?')));
  const auto at = rest.rfind('@'), colon = rest.find(':');
  if (at != rest.npos && colon < at) rest.erase(colon, at - colon);
  return "postgresql://" + rest;
}

void add_schema_argument(CLI::App& app, std::string& schema) {
  app.add_option("--schema", schema, "The schema of a Postgres database")->capture_default_str()->type_name("NAME");
}

void add_place(CLI::App& app, PlaceArguments& arguments, const std::string& description) {
  app.add_option("database", arguments.address, description + ": FILE.db, or postgresql://user@host/name")
      ->required()
      ->type_name("DATABASE");
  add_schema_argument(app, arguments.schema);
}

Secret database_key() {
  constexpr const char* variable = "PERSONA_DATABASE_KEY";  // an empty one is an error, lest a file be plain by mistake
  return std::getenv(variable) == nullptr ? Secret() : Secret::from_environment(variable);
}

Result<std::unique_ptr<Place>> place_of(const PlaceArguments& arguments) {
  return is_postgres(arguments.address) ? schema_place(arguments.address, arguments.schema)
                                        : file_place(arguments.address, arguments.key);
}

Result<std::unique_ptr<Place>> place_there(const PlaceArguments& arguments) {
  auto place = place_of(arguments);
  if (!place) return place;
  const auto version = (*place)->version();
  if (!version) return tl::unexpected(version.error());
  if (*version == 0)
    return fail(Errc::not_found,
                fmt::format("{} holds nothing of persona: 'persona db migrate' makes it", (*place)->name()));
  return place;
}

}  // namespace persona::cli
