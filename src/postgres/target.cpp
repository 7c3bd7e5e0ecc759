//! Which database to connect to, and as what.
#include "postgres/target.hpp"

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <libpq-fe.h>

namespace persona::postgres {
namespace {

struct FreeSettings {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

bool is_schema_name(const std::string& name) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !name.empty() && name.size() <= 63 && std::ranges::all_of(name, fits) && !(name[0] >= '0' && name[0] <= '9') &&
         !name.starts_with("pg_");
}

std::string setting(const Target& target, std::string_view key) {
  for (const auto& [name, value] : target.settings)
    if (name == key) return value;
  return {};
}

void set(Target& target, const std::string& key, const std::string& value) {
  std::erase_if(target.settings, [&](const auto& one) { return one.first == key; });
  target.settings.emplace_back(key, value);
}

// What every session of ours is given at its start, so that nothing it does can undo it.
std::string session_settings(const Options& options) {
  return fmt::format(
      " -c search_path=\"{}\" -c statement_timeout={} -c lock_timeout={} -c random_page_cost=1.1"
      " -c client_min_messages=warning -c idle_in_transaction_session_timeout=0{}",
      options.schema, options.statement_timeout.count(), options.lock_timeout.count(),
      options.read_only ? " -c default_transaction_read_only=on" : "");
}

std::string named(const Target& target) {
  const std::string database = setting(target, "dbname"), host = setting(target, "host"),
                    port = setting(target, "port");
  return fmt::format("'{}' at {}{}{}", database.empty() ? "its default database" : database,
                     host.empty() ? "its default host" : host, port.empty() ? "" : ":", port);
}

}  // namespace

Result<Target> parse_target(const std::string& connection, const Options& options) {
  if (!is_schema_name(options.schema))
    return fail(Errc::invalid_argument,
                fmt::format("'{}' is no name of a schema: lower case letters, digits and _ make one", options.schema));
  char* complaint = nullptr;
  const std::unique_ptr<PQconninfoOption, FreeSettings> parsed(PQconninfoParse(connection.c_str(), &complaint));
  PQfreemem(complaint);  // it quotes the string, which may hold a password
  if (parsed == nullptr)
    return fail(Errc::invalid_argument,
                "this is no connection string of Postgres: neither a postgresql:// address nor "
                "key=value pairs (it is not shown, because it may hold a password)");
  Target target{.settings = {}, .where = {}, .schema = options.schema, .password = options.password};
  for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    if (std::string_view(option->keyword) == "password" && !options.password.is_set())
      target.password = Secret(option->val);
    else if (std::string_view(option->keyword) != "password")
      target.settings.emplace_back(option->keyword, option->val);
  }
  target.where = named(target);
  set(target, "options", setting(target, "options") + session_settings(options));
  set(target, "client_encoding", "UTF8");
  if (setting(target, "application_name").empty()) set(target, "application_name", "persona");
  if (setting(target, "connect_timeout").empty())
    set(target, "connect_timeout", std::to_string(std::max<std::int64_t>(2, options.connect_timeout.count() / 1000)));
  return target;
}

}  // namespace persona::postgres
