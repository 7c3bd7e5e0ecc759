//! `persona db backup` and `restore`.
#include "db.hpp"
#include "place.hpp"
#include "progress_bar.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace persona::cli {
namespace {

struct BackupArguments {
  PlaceArguments place;
  std::string file;
  bool replace = false;
};

std::string told(const BackupReport& report) {
  std::uint64_t rows = 0;
  for (const TableContent& table : report.tables) rows += static_cast<std::uint64_t>(table.rows);
  return fmt::format("{} of {}, the same on both sides", counted(rows, "row"), counted(report.tables.size(), "table"));
}

Result<ExitCode> back_up(const BackupArguments& arguments, const Context& context) {
  auto place = place_there(arguments.place);
  if (!place) return tl::unexpected(place.error());
  Result<BackupReport> report;
  {
    ProgressBar bar;
    report = (*place)->backup(arguments.file, {.stop = context.stop, .deadline = context.deadline, .observer = &bar});
  }
  if (!report) return tl::unexpected(report.error());
  fmt::print("{}: {}, {}\n", arguments.file, told(*report), file_size(report->bytes));
  return exit_ok;
}

Result<ExitCode> restore(const BackupArguments& arguments, const Context& context) {
  auto place = place_of(arguments.place);
  if (!place) return tl::unexpected(place.error());
  Result<BackupReport> report;
  {
    ProgressBar bar;
    report = (*place)->restore(arguments.file, {.replace = arguments.replace},
                               {.stop = context.stop, .deadline = context.deadline, .observer = &bar});
  }
  if (!report && report.error().code == Errc::already_exists)
    return fail(Errc::already_exists,
                fmt::format("{} is not empty: --replace lets what it holds give way", (*place)->name()));
  if (!report) return tl::unexpected(report.error());
  fmt::print("{}: {}\n", (*place)->name(), told(*report));
  return exit_ok;
}

}  // namespace

Command add_db_backup(CLI::App& db) {
  auto* command = db.add_subcommand("backup", "Write one state of a database into a file, while it is in use");
  const auto arguments = std::make_shared<BackupArguments>();
  add_place(*command, arguments->place);
  command->add_option("-o,--out", arguments->file, "The backup")->required()->type_name("FILE");
  command->footer(
      "A file is copied page by page into a database of its own; of Postgres, pg_dump writes its custom format. The\n"
      "backup is read back and compared, table by table, before it takes its name: there is never half a file.\n"
      "\n"
      "Examples:\n"
      "  persona db backup people.db --out monday.db\n"
      "  persona db backup postgresql://me@localhost/work --out monday.dump");
  return {command, [arguments](const Context& context) { return back_up(*arguments, context); }};
}

Command add_db_restore(CLI::App& db) {
  auto* command = db.add_subcommand("restore", "Make a database what a backup of it was");
  const auto arguments = std::make_shared<BackupArguments>();
  add_place(*command, arguments->place);
  command->add_option("--from", arguments->file, "The backup")->required()->type_name("FILE");
  command->add_flag("--replace", arguments->replace, "What the database holds gives way");
  command->footer(
      "In one transaction: others see what was there before or all of the backup, and so does Ctrl-C leave it. Then\n"
      "the tables are compared with the backup's. People who were erased after the backup must be erased again.\n"
      "\n"
      "Examples:\n"
      "  persona db restore people.db --from monday.db --replace\n"
      "  persona db restore postgresql://me@localhost/work --from monday.dump");
  return {command, [arguments](const Context& context) { return restore(*arguments, context); }};
}

}  // namespace persona::cli
