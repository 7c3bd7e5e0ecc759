//! `persona db migrate` and `rollback`: the version of a schema, up and down.
#include "db.hpp"
#include "place.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace persona::cli {
namespace {

struct VersionArguments {
  PlaceArguments place;
  int to = 0;
  bool yes = false;
};

Status check_version(const Place& place, int version) {
  const int newest = place.steps().back().version;
  if (version >= 1 && version <= newest) return {};
  return fail(Errc::invalid_argument, fmt::format("there is no schema version {}: 1 to {}", version, newest));
}

Result<ExitCode> migrate(const VersionArguments& arguments) {
  auto place = place_of(arguments.place);
  if (!place) return tl::unexpected(place.error());
  const auto before = (*place)->exists() ? (*place)->version() : Result<int>(0);
  if (!before) return tl::unexpected(before.error());
  const int to = arguments.to == 0 ? (*place)->steps().back().version : arguments.to;
  if (Status sound = check_version(**place, to); !sound) return tl::unexpected(sound.error());
  if (to < *before)
    return fail(Errc::invalid_argument,
                fmt::format("it has version {}: 'persona db rollback --to {}' goes back", *before, to));
  if (Status done = (*place)->migrate(to); !done) return tl::unexpected(done.error());
  for (const SchemaStep& step : (*place)->steps())
    if (step.version > *before && step.version <= to) fmt::print("  {}  {}\n", step.version, step.name);
  fmt::print("{}: schema version {}{}\n", (*place)->name(), to, to == *before ? ", as before" : "");
  return exit_ok;
}

// What going back to a version loses.
Status print_losses(const Place& place, int to, int from, const Context& context) {
  const auto contents = place.contents(context);
  if (!contents) return tl::unexpected(contents.error());
  for (const SchemaStep& step : place.steps()) {
    if (step.version <= to || step.version > from) continue;
    std::int64_t rows = 0;
    for (const TableContent& table : *contents)
      if (std::ranges::count(step.tables, table.table) > 0) rows += table.rows;
    const auto loss = step.tables.empty() ? std::string("what only it can hold")
                                          : fmt::format("{} in {}", counted(static_cast<std::uint64_t>(rows), "row"),
                                                        counted(step.tables.size(), "table"));
    fmt::print("  {}  {}: {}\n", step.version, step.name, loss);
  }
  return {};
}

Result<ExitCode> roll_back(const VersionArguments& arguments, const Context& context) {
  auto place = place_there(arguments.place);
  if (!place) return tl::unexpected(place.error());
  const auto before = (*place)->version();
  if (!before) return tl::unexpected(before.error());
  const int to = arguments.to == 0 ? *before - 1 : arguments.to;
  if (Status sound = check_version(**place, to); !sound) return tl::unexpected(sound.error());
  if (to > *before)
    return fail(Errc::invalid_argument, fmt::format("it has version {}: 'persona db migrate' goes up", *before));
  fmt::print("from version {} to {} goes for good:\n", *before, to);
  if (Status told = print_losses(**place, to, *before, context); !told) return tl::unexpected(told.error());
  if (!arguments.yes) {
    fmt::print("nothing was done; --yes does it\n");
    return exit_no;
  }
  if (Status done = (*place)->migrate(to); !done) return tl::unexpected(done.error());
  fmt::print("{}: schema version {}\n", (*place)->name(), to);
  return exit_ok;
}

}  // namespace

Command add_db_migrate(CLI::App& db) {
  auto* command = db.add_subcommand("migrate", "Bring a schema up to date, or make it");
  const auto arguments = std::make_shared<VersionArguments>();
  add_place(*command, arguments->place);
  command->add_option("--to", arguments->to, "The version; the newest where none is given")->type_name("VERSION");
  command->footer(
      "All or nothing, under a lock: any number of processes may try at once. Whoever opens a database does the same.\n"
      "\n"
      "Examples:\n"
      "  persona db migrate people.db\n"
      "  persona db migrate postgresql://me@localhost/work --schema town");
  return {command, [arguments](const Context&) { return migrate(*arguments); }};
}

Command add_db_rollback(CLI::App& db) {
  auto* command = db.add_subcommand("rollback", "Bring a schema to an earlier version, for an earlier persona");
  const auto arguments = std::make_shared<VersionArguments>();
  add_place(*command, arguments->place);
  command->add_option("--to", arguments->to, "The version; one below where none is given")->type_name("VERSION");
  command->add_flag("--yes", arguments->yes, "Do it: without, it is only told what would be dropped");
  command->footer(
      "What only the later versions can hold is dropped: make a backup before.\n"
      "\n"
      "Examples:\n"
      "  persona db rollback people.db\n"
      "  persona db rollback people.db --to 5 --yes");
  return {command, [arguments](const Context& context) { return roll_back(*arguments, context); }};
}

}  // namespace persona::cli
