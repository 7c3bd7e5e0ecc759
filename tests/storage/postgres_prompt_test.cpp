//! Runs of prompt optimizers in a schema that outlives its processes.
#include <persona/storage/postgres_prompt.hpp>

#include "postgres_ask.hpp"
#include "run_ledger_checks.hpp"

#include <map>

using namespace persona;
using persona::testing::PostgresServer;
using persona::testing::with_password;

namespace {

// Each name is a schema of its own.
test::OpenLedger in_schemas(std::map<std::string, std::string>& schemas) {
  return [&schemas](const std::string& name) {
    if (!schemas.contains(name)) schemas[name] = testing::fresh_schema();
    return postgres::open_run_ledger(PostgresServer::shared().connection(), with_password(schemas[name]));
  };
}

}  // namespace

TEST_CASE("a ledger in a schema gives back what was put, also to those who open it later") {
  std::map<std::string, std::string> schemas;
  test::check_ledger(in_schemas(schemas));
}

TEST_CASE("killed at any call, a run in a schema goes on: the same report, nothing paid twice") {
  std::map<std::string, std::string> schemas;
  test::check_killed_runs(in_schemas(schemas));
}
