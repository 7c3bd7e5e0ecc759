//! Runs of prompt optimizers in a file that outlives its process.
#include <persona/storage/sqlite_prompt.hpp>

#include "run_ledger_checks.hpp"
#include "temporary_folder.hpp"

using namespace persona;
using persona::test::TemporaryFolder;

namespace {

test::OpenLedger in_folder(const TemporaryFolder& folder) {
  return [&folder](const std::string& name) { return sqlite::open_run_ledger(folder / (name + ".db")); };
}

}  // namespace

TEST_CASE("a ledger in a file gives back what was put, also to those who open it later") {
  const TemporaryFolder folder;
  test::check_ledger(in_folder(folder));
}

TEST_CASE("killed at any call, a run in a file goes on: the same report, nothing paid twice") {
  const TemporaryFolder folder;
  test::check_killed_runs(in_folder(folder));
}
