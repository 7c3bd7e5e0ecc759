//! `persona describe`: what is in a database file?
#include "arguments.hpp"
#include "command.hpp"
#include "database.hpp"
#include "table.hpp"
#include "terminal.hpp"

#include <persona/population/summary.hpp>

#include <fmt/format.h>

namespace persona::cli {
namespace {

struct DescribeArguments {
  PlaceArguments place;
  std::string name;
  std::int64_t rows = 1'000'000;
};

std::string list(const std::vector<PopulationRecord>& records) {
  Table table({"population", "kept as", ">people", ">seed", ">start", "specification", "created"});
  for (const auto& record : records)
    table.row({record.name, record.form == StorageForm::recipe ? "recipe" : "rows",
               with_commas(static_cast<std::uint64_t>(record.count)), std::to_string(record.seed),
               std::to_string(record.start), record.spec_hash.substr(0, 12), record.created_at});
  return table.text();
}

Result<Population> read(const Storage& storage, const PopulationRecord& record, std::int64_t rows,
                        const Context& context) {
  std::vector<Population> pages;
  const auto status = read_pages(storage, record, rows, context, [&](const Population& page) -> Status {
    pages.push_back(page);
    return {};
  });
  if (!status) return tl::unexpected(status.error());
  return Population::concatenate(pages);
}

Result<std::string> statistics(const Storage& storage, const PopulationRecord& record, std::int64_t rows,
                               const Context& context) {
  std::string text = fmt::format("\n{}\n", record.name);
  if (record.count == 0) return text + "  nobody is in it\n";
  const auto population = read(storage, record, rows, context);
  if (!population) return tl::unexpected(population.error());
  const auto summary = summarize(*population);
  if (!summary) return tl::unexpected(summary.error());
  text += to_text(*summary, width(Stream::out));
  if (population->size() < record.count)
    text += fmt::format("of the first {} people; --rows 0 takes all\n",
                        with_commas(static_cast<std::uint64_t>(population->size())));
  return text;
}

Result<ExitCode> describe(const DescribeArguments& arguments, const Context& context) {
  const auto storage = open_database(arguments.place);
  if (!storage) return tl::unexpected(storage.error());
  const auto records = (*storage)->list();
  if (!records) return tl::unexpected(records.error());
  if (arguments.name.empty() && records->size() != 1) {
    fmt::print("{}: {}\n\n{}", shown(arguments.place.address), counted(records->size(), "population"), list(*records));
    if (!records->empty()) fmt::print("\n--name shows what is in one of them\n");
    return exit_ok;
  }
  const auto record = choose_population(**storage, shown(arguments.place.address), arguments.name);
  if (!record) return tl::unexpected(record.error());
  const auto text = statistics(**storage, *record, arguments.rows, context);
  if (!text) return tl::unexpected(text.error());
  fmt::print("{}: {}\n\n{}{}", shown(arguments.place.address), counted(records->size(), "population"), list({*record}),
             *text);
  return exit_ok;
}

}  // namespace

Command add_describe(CLI::App& app) {
  auto* command = app.add_subcommand("describe", "Show what a .db file holds, with summary statistics");
  const auto arguments = std::make_shared<DescribeArguments>();
  add_place(*command, arguments->place);
  command->add_option("--name", arguments->name, "Which population, where there are several")->type_name("NAME");
  command->add_option("--rows", arguments->rows, "Statistics of the first N people; 0 is all")
      ->transform(whole_number())
      ->type_name("N")
      ->capture_default_str();
  command->footer(
      "Examples:\n"
      "  persona describe people.db\n"
      "  persona describe people.db --name adults --rows 0");
  return {command, [arguments](const Context& context) { return describe(*arguments, context); }};
}

}  // namespace persona::cli
