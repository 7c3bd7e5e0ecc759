//! `persona db status` and `vacuum`: what a database holds, and how much room it takes.
#include "db.hpp"
#include "place.hpp"
#include "progress_bar.hpp"
#include "table.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

namespace persona::cli {
namespace {

std::string size_text(std::int64_t bytes) {
  return file_size(static_cast<std::uint64_t>(std::max<std::int64_t>(0, bytes)));
}

void print_counts(const std::string& what, const std::vector<std::pair<std::string, std::int64_t>>& counts) {
  std::string text;
  for (const auto& [name, count] : counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", with_commas(static_cast<std::uint64_t>(count)), name);
  fmt::print("{}: {}\n", what, text.empty() ? "none" : text);
}

void print_populations(const DatabaseStatus& status) {
  fmt::print("populations: {}\n", status.populations.empty() ? "none" : std::to_string(status.populations.size()));
  Table table({"population", "form", ">people", ">size"});
  for (const auto& [record, bytes] : status.populations)
    table.row({record.name, record.form == StorageForm::recipe ? "recipe" : "rows",
               with_commas(static_cast<std::uint64_t>(record.count)), bytes ? size_text(*bytes) : "unknown"});
  if (!table.empty()) fmt::print("{}", table.text());
}

Result<ExitCode> show_status(const PlaceArguments& arguments) {
  auto place = place_there(arguments);
  if (!place) return tl::unexpected(place.error());
  const auto version = (*place)->version();
  if (!version) return tl::unexpected(version.error());
  const int newest = (*place)->steps().back().version;
  if (*version < newest) {
    fmt::print("{}: schema version {} of {}; 'persona db migrate' brings it up to date, then status says more\n",
               (*place)->name(), *version, newest);
    return exit_ok;
  }
  const auto database = (*place)->open({.read_only = true});
  if (!database) return tl::unexpected(database.error());
  const auto status = (*database)->status();
  if (!status) return tl::unexpected(status.error());
  fmt::print("{}: schema version {}, {}\n", (*place)->name(), *version, size_text(status->bytes));
  print_populations(*status);
  print_counts("jobs", status->jobs);
  print_counts("records", status->records);
  print_counts("runs", status->runs == 0 ? std::vector<std::pair<std::string, std::int64_t>>{}
                                         : std::vector<std::pair<std::string, std::int64_t>>{
                                               {"finished", status->finished_runs},
                                               {"not finished", status->runs - status->finished_runs}});
  return exit_ok;
}

Result<ExitCode> vacuum(const PlaceArguments& arguments, const Context& context) {
  auto place = place_there(arguments);
  if (!place) return tl::unexpected(place.error());
  ProgressBar bar;
  const auto smaller = (*place)->vacuum({.stop = context.stop, .deadline = context.deadline, .observer = &bar});
  if (!smaller) return tl::unexpected(smaller.error());
  fmt::print("{}: smaller by {}\n", (*place)->name(), size_text(*smaller));
  return exit_ok;
}

}  // namespace

Command add_db_status(CLI::App& db) {
  auto* command = db.add_subcommand("status", "Schema version, populations, jobs, records, runs, size on disk");
  const auto arguments = std::make_shared<PlaceArguments>();
  add_place(*command, *arguments);
  command->footer(
      "Only reads; a schema of an earlier version is left as it is.\n"
      "\n"
      "Examples:\n"
      "  persona db status people.db\n"
      "  persona db status postgresql://me@localhost/work --schema persona");
  return {command, [arguments](const Context&) { return show_status(*arguments); }};
}

Command add_db_vacuum(CLI::App& db) {
  auto* command = db.add_subcommand("vacuum", "Give back the room of what was removed");
  const auto arguments = std::make_shared<PlaceArguments>();
  add_place(*command, *arguments);
  command->footer(
      "In a file, no trace is left of what was removed or erased; it needs as much free disk as the file takes, and\n"
      "nobody who writes meanwhile. In Postgres, others go on; the room is kept for new rows.\n"
      "\n"
      "Example:\n"
      "  persona db vacuum people.db");
  return {command, [arguments](const Context& context) { return vacuum(*arguments, context); }};
}

}  // namespace persona::cli
