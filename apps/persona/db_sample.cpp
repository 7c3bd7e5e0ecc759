//! `persona db sample`: a database full of made-up things, to try the other verbs on.
#include "db.hpp"
#include "place.hpp"
#include "terminal.hpp"

#include <persona/testing/sample_rooms.hpp>

#include <fmt/format.h>

namespace persona::cli {
namespace {

struct SampleArguments {
  PlaceArguments place;
  testing::SampleRooms sizes;
};

Result<ExitCode> fill_sample(const SampleArguments& arguments) {
  auto place = place_of(arguments.place);
  if (!place) return tl::unexpected(place.error());
  const bool is_new = !(*place)->exists();
  auto database = (*place)->open({});
  if (!database) return tl::unexpected(database.error());
  const Status filled = testing::fill_rooms(**database, arguments.sizes);
  database->reset();
  if (!filled && is_new) (*place)->remove();
  if (!filled) return tl::unexpected(filled.error());
  fmt::print("{}: {}, {} and {} of sample\n", (*place)->name(),
             counted(static_cast<std::uint64_t>(arguments.sizes.people), "person", "people"),
             counted(static_cast<std::uint64_t>(arguments.sizes.records), "record"),
             counted(static_cast<std::uint64_t>(arguments.sizes.jobs), "job"));
  return exit_ok;
}

}  // namespace

Command add_db_sample(CLI::App& db) {
  auto* command =
      db.add_subcommand("sample", "Fill a database with made-up people, records and jobs, to try things on");
  const auto arguments = std::make_shared<SampleArguments>();
  add_place(*command, arguments->place, "The database; made where there is none");
  command->add_option("--people", arguments->sizes.people, "Rows; a recipe has a thousand times as many")
      ->check(CLI::Range(1, 100'000'000))
      ->capture_default_str()
      ->type_name("N");
  command->add_option("--records", arguments->sizes.records, "Groups, templates, evidence, usage, notes")
      ->check(CLI::Range(0, 100'000'000))
      ->capture_default_str()
      ->type_name("N");
  command->add_option("--jobs", arguments->sizes.jobs, "In every state, in the queue 'sample'")
      ->check(CLI::Range(0, 100'000'000))
      ->capture_default_str()
      ->type_name("N");
  command->add_option("--seed", arguments->sizes.seed, "The same seed, the same sample")
      ->capture_default_str()
      ->type_name("N");
  command->footer(
      "Once in a database. All but times and API keys depends on the seed alone.\n"
      "\n"
      "Example:\n"
      "  persona db sample demo.db --people 5000");
  return {command, [arguments](const Context&) { return fill_sample(*arguments); }};
}

}  // namespace persona::cli
