//! `persona db erase` and `export`: what is known of one person.
#include "db.hpp"
#include "place.hpp"
#include "terminal.hpp"
#include "text_file.hpp"

#include <fmt/format.h>

namespace persona::cli {
namespace {

struct PersonArguments {
  PlaceArguments place;
  std::string person, actor, out;
  bool yes = false;
};

Result<std::unique_ptr<Database>> open_there(const PersonArguments& arguments, bool read_only) {
  auto place = place_there(arguments.place);
  if (!place) return tl::unexpected(place.error());
  return (*place)->open({.read_only = read_only});
}

Result<ExitCode> export_person(const PersonArguments& arguments) {
  const auto database = open_there(arguments, true);
  if (!database) return tl::unexpected(database.error());
  const auto known = (*database)->records().export_person(arguments.person);
  if (!known) return tl::unexpected(known.error());
  if (arguments.out == "-") {
    fmt::print("{}\n", known->text);
    return exit_ok;
  }
  if (Status written = write_text_file(arguments.out, known->text + "\n"); !written)
    return tl::unexpected(written.error());
  fmt::print("{}: all that is known of '{}', {}\n", arguments.out, arguments.person, file_size(known->text.size() + 1));
  return exit_ok;
}

Result<ExitCode> erase_person(const PersonArguments& arguments) {
  if (!arguments.yes) {
    fmt::print(
        "every record about '{}' would go for good, with its history; 'persona db export' shows them\n"
        "nothing was done; --yes does it\n",
        arguments.person);
    return exit_no;
  }
  const auto database = open_there(arguments, false);
  if (!database) return tl::unexpected(database.error());
  const auto erased = (*database)->records().erase_person(arguments.person, arguments.actor);
  if (!erased) return tl::unexpected(erased.error());
  fmt::print("'{}': {} erased with every version; nothing about them can be put again\n", arguments.person,
             counted(static_cast<std::uint64_t>(erased->records), "record"));
  return exit_ok;
}

}  // namespace

Command add_db_erase(CLI::App& db) {
  auto* command = db.add_subcommand("erase", "Erase every record about a person, with its history");
  const auto arguments = std::make_shared<PersonArguments>();
  add_place(*command, arguments->place);
  command->add_option("--person", arguments->person, "Whom the records are about")->required()->type_name("ID");
  command->add_option("--actor", arguments->actor, "Who does it: the audit trail keeps it")
      ->required()
      ->type_name("NAME");
  command->add_flag("--yes", arguments->yes, "Do it");
  command->footer(
      "A hash of the id stays, so that nothing about the person can be put again. Backups are not reached: erase "
      "again\n"
      "after restoring one. 'persona db vacuum' clears what a file's free pages may still show.\n"
      "\n"
      "Example:\n"
      "  persona db erase people.db --person p-17 --actor ana --yes");
  return {command, [arguments](const Context&) { return erase_person(*arguments); }};
}

Command add_db_export(CLI::App& db) {
  auto* command = db.add_subcommand("export", "Write all that is known of a person as JSON");
  const auto arguments = std::make_shared<PersonArguments>();
  add_place(*command, arguments->place);
  command->add_option("--person", arguments->person, "Whom the records are about")->required()->type_name("ID");
  command->add_option("-o,--out", arguments->out, "The file; - is stdout")->required()->type_name("FILE");
  command->footer(
      "Every record about the person with all versions, and its lines of the audit trail.\n"
      "\n"
      "Example:\n"
      "  persona db export people.db --person p-17 --out p-17.json");
  return {command, [arguments](const Context&) { return export_person(*arguments); }};
}

}  // namespace persona::cli
