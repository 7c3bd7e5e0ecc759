//! `persona db copy`: from one database into another, which may be of the other kind.
#include "db.hpp"
#include "place.hpp"
#include "progress_bar.hpp"
#include "table.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace persona::cli {
namespace {

struct CopyArguments {
  PlaceArguments from, to;
  std::vector<std::string> populations;
  bool replace = false, populations_only = false;
};

struct Copied {
  std::vector<CopiedPopulation> populations;
  std::int64_t rows = 0;
};

Result<Copied> copy_into(Database& source, Database& target, const CopyArguments& arguments, const Context& context) {
  Copied copied;
  auto populations = copy(source.populations(), target.populations(),
                          {.populations = arguments.populations, .replace = arguments.replace}, context);
  if (!populations) return tl::unexpected(populations.error());
  copied.populations = *std::move(populations);
  if (arguments.populations_only) return copied;
  const auto rows = source.copy_rooms(target, context);
  if (rows) {
    copied.rows = *rows;
    return copied;
  }
  if (!arguments.replace)
    for (const CopiedPopulation& one : copied.populations) static_cast<void>(target.populations().remove(one.name));
  return tl::unexpected(rows.error());
}

// Rooms that hold something are told before anything is written; those that only an audit trail shows, after.
Status check_rooms(const Database& target, const CopyArguments& arguments) {
  const auto status = target.status();
  if (!status) return tl::unexpected(status.error());
  if (arguments.populations_only || (status->jobs.empty() && status->records.empty() && status->runs == 0)) return {};
  return fail(Errc::already_exists,
              "the target holds jobs, records or runs, and history is never overwritten: --populations-only copies the "
              "rest");
}

// A population whose name is taken too.
Status check_names(Database& source, Database& target, const CopyArguments& arguments) {
  const auto records = source.populations().list();
  if (!records) return tl::unexpected(records.error());
  if (arguments.replace) return {};
  for (const PopulationRecord& record : *records) {
    const bool is_meant = arguments.populations.empty() ||
                          std::find(arguments.populations.begin(), arguments.populations.end(), record.name) !=
                              arguments.populations.end();
    if (is_meant && target.populations().find(record.name))
      return fail(Errc::already_exists,
                  fmt::format("there is a population '{}' already: --replace lets it give way", record.name));
  }
  return {};
}

void print_copied(const Copied& copied, const Place& to) {
  Table table({"population", "form", ">people", "content"});
  for (const CopiedPopulation& one : copied.populations)
    table.row({one.name, one.form == StorageForm::recipe ? "recipe" : "rows",
               with_commas(static_cast<std::uint64_t>(one.count)), one.content.substr(0, 16)});
  if (!table.empty()) fmt::print("{}", table.text());
  fmt::print("{}: {} and {} of other rooms, the same on both sides\n", to.name(),
             counted(copied.populations.size(), "population"), counted(static_cast<std::uint64_t>(copied.rows), "row"));
}

Result<Copied> copy_between(Place& from, Place& to, const CopyArguments& arguments, const Context& context) {
  const auto source = from.open({.read_only = true});
  if (!source) return tl::unexpected(source.error());
  const auto target = to.open({.replace = arguments.replace});
  if (!target) return tl::unexpected(target.error());
  if (Status free = check_names(**source, **target, arguments); !free) return tl::unexpected(free.error());
  if (Status free = check_rooms(**target, arguments); !free) return tl::unexpected(free.error());
  ProgressBar bar;
  return copy_into(**source, **target, arguments,
                   {.stop = context.stop, .deadline = context.deadline, .observer = &bar});
}

// Of another key than TO, or of none: so a plain file becomes an encrypted one.
Secret from_key() {
  constexpr const char* variable = "PERSONA_FROM_KEY";
  const char* given = std::getenv(variable);
  if (given == nullptr) return database_key();
  return *given == '\0' ? Secret() : Secret::from_environment(variable);
}

Result<ExitCode> copy_database(const CopyArguments& arguments, const Context& context) {
  auto from = place_there(arguments.from), to = place_of(arguments.to);
  if (!from) return tl::unexpected(from.error());
  if (!to) return tl::unexpected(to.error());
  if (arguments.from.address == arguments.to.address && arguments.from.schema == arguments.to.schema)
    throw WrongUsage("a database is no copy of itself");
  const bool is_new = !(*to)->exists();
  const auto copied = copy_between(**from, **to, arguments, context);
  if (!copied && is_new) (*to)->remove();
  if (!copied) return tl::unexpected(copied.error());
  print_copied(*copied, **to);
  return exit_ok;
}

}  // namespace

Command add_db_copy(CLI::App& db) {
  auto* command = db.add_subcommand("copy", "Copy a database into another: SQLite to Postgres, or back");
  const auto arguments = std::make_shared<CopyArguments>();
  arguments->from.key = from_key();
  command->add_option("from", arguments->from.address, "The database that is read")->required()->type_name("FROM");
  command->add_option("to", arguments->to.address, "The database that is written; made where there is none")
      ->required()
      ->type_name("TO");
  command->add_option("--from-schema", arguments->from.schema, "The schema of FROM in Postgres")
      ->capture_default_str()
      ->type_name("NAME");
  command->add_option("--schema", arguments->to.schema, "The schema of TO in Postgres")
      ->capture_default_str()
      ->type_name("NAME");
  command->add_option("--population", arguments->populations, "Only this one; may be given again")
      ->take_all()
      ->allow_extra_args(false)
      ->type_name("NAME");
  command->add_flag("--replace", arguments->replace, "Populations of the same name give way");
  command->add_flag("--populations-only", arguments->populations_only, "No records, jobs, runs, answers, accounts");
  command->footer(
      "Populations go page by page, recipes as recipes; records with their history and audit trail, jobs as they are,\n"
      "into rooms that are empty. All is read back and compared. Ctrl-C leaves no half population.\n"
      "The key of a FROM that has another than TO comes from PERSONA_FROM_KEY; empty, it has none.\n"
      "\n"
      "Examples:\n"
      "  persona db copy people.db postgresql://me@localhost/work\n"
      "  persona db copy postgresql://me@localhost/work people.db --population town --populations-only");
  return {command, [arguments](const Context& context) { return copy_database(*arguments, context); }};
}

}  // namespace persona::cli
