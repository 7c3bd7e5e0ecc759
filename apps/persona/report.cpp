//! `persona report`: do people keep to their specification?
#include "arguments.hpp"
#include "command.hpp"
#include "database.hpp"
#include "progress_bar.hpp"
#include "report_file.hpp"
#include "terminal.hpp"

#include <persona/population/arrow.hpp>
#include <persona/population/export.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

namespace persona::cli {
namespace {

struct ReportArguments {
  SpecArguments spec;
  DrawArguments draw{.count = 100'000};
  std::string data, schema = "persona", name, html, json;
  bool exact = false;
};

// Hands the people to measure on, batch by batch.
using Take = std::function<Status(const Population&)>;
using People = std::function<Status(const Take&)>;

Result<FidelityReport> measure(const PersonaGenerator& generator, const ReportArguments& arguments, std::uint64_t count,
                               const People& people) {
  auto check = FidelityCheck::make(generator.model(), {.exact = arguments.exact});
  if (!check) return tl::unexpected(check.error());
  ProgressBar bar;
  std::uint64_t done = 0;
  const auto status = people([&](const Population& batch) -> Status {
    auto added = check->add(batch, {arguments.draw.threads});
    done += static_cast<std::uint64_t>(batch.size());
    bar.on_progress({"measuring", done, count});
    return added;
  });
  if (!status) return tl::unexpected(status.error());
  return check->finish();
}

Result<FidelityReport> measure_drawn(const PersonaGenerator& generator, const ReportArguments& arguments,
                                     const Context& context) {
  return measure(generator, arguments, arguments.draw.count, [&](const Take& take) {
    return generator.stream(arguments.draw.options(), take, {.stop = context.stop});
  });
}

Result<FidelityReport> measure_arrow(const PersonaGenerator& generator, const ReportArguments& arguments,
                                     const Context& context) {
  const auto people = read_arrow(arguments.data);
  if (!people) return tl::unexpected(people.error());
  return measure(generator, arguments, static_cast<std::uint64_t>(people->size()), [&](const Take& take) -> Status {
    constexpr std::int64_t batch = 65'536;
    for (std::int64_t first = 0; first < people->size(); first += batch) {
      if (auto alive = context.check(); !alive) return alive;
      const auto taken = take(people->slice(first, std::min(batch, people->size() - first)));
      if (!taken) return taken;
    }
    return {};
  });
}

Result<FidelityReport> measure_stored(const PersonaGenerator& generator, const ReportArguments& arguments,
                                      const Context& context) {
  const auto storage = open_database({arguments.data, arguments.schema});
  if (!storage) return tl::unexpected(storage.error());
  const auto record = choose_population(**storage, shown(arguments.data), arguments.name);
  if (!record) return tl::unexpected(record.error());
  return measure(generator, arguments, static_cast<std::uint64_t>(record->count),
                 [&](const Take& take) { return read_pages(**storage, *record, 0, {.stop = context.stop}, take); });
}

Result<FidelityReport> measure(const PersonaGenerator& generator, const ReportArguments& arguments,
                               const Context& context) {
  if (arguments.data.empty()) return measure_drawn(generator, arguments, context);
  const auto format = format_of(arguments.data);
  if (!format || *format != FileFormat::arrow) return measure_stored(generator, arguments, context);
  if (!arguments.name.empty()) throw WrongUsage("--name goes with a .db file");
  return measure_arrow(generator, arguments, context);
}

Result<ExitCode> report(const ReportArguments& arguments, const Context& context) {
  const auto generator = compile(arguments.spec, context);
  if (!generator) return tl::unexpected(generator.error());
  const auto began = std::chrono::steady_clock::now();
  auto report = measure(*generator, arguments, context);
  if (!report) return tl::unexpected(report.error());
  report->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  for (const auto& path : {arguments.html, arguments.json})
    if (!path.empty())
      if (auto written = write_report(*report, path); !written) return tl::unexpected(written.error());
  fmt::print("{}", to_text(*report, width(Stream::out), has_color(Stream::out)));
  return report->passed() ? exit_ok : exit_no;
}

void describe_arguments(CLI::App& app, ReportArguments& arguments) {
  add_spec_arguments(app, arguments.spec);
  auto* data = app.add_option("--data", arguments.data,
                              "Measure the people in this database or .arrow file instead of drawing some")
                   ->type_name("FILE");
  add_schema_argument(app, arguments.schema);
  app.add_option("--name", arguments.name, "Which population of the database")->needs(data)->type_name("NAME");
  app.add_option("-n,--count", arguments.draw.count, "How many people to draw")
      ->transform(whole_number())
      ->check(CLI::PositiveNumber)
      ->excludes(data)
      ->type_name("N")
      ->capture_default_str();
  add_draw_arguments(app, arguments.draw);
  app.get_option("--seed")->excludes(data);
  app.get_option("--start")->excludes(data);
  app.add_option("--html", arguments.html, "Write the report as one self-contained page")
      ->check(report_path({".html"}))
      ->type_name("FILE");
  app.add_option("--json", arguments.json, "Write the report as JSON")
      ->check(report_path({".json"}))
      ->type_name("FILE");
  app.add_flag("--exact", arguments.exact, "Sort instead of sketch: slower, holds all values in memory");
}

}  // namespace

Command add_report(CLI::App& app) {
  auto* command = app.add_subcommand("report", "Measure people against a specification, line by line");
  const auto arguments = std::make_shared<ReportArguments>();
  describe_arguments(*command, *arguments);
  command->footer(
      "Every line is judged with its sampling error. A right population fails one time in a hundred,\n"
      "all lines taken together.\n"
      "\n"
      "Examples:\n"
      "  persona report town.json --html report.html\n"
      "  persona report town.json --data town.db --name adults --json report.json\n"
      "  persona report town.json --data survey.arrow\n"
      "\n"
      "Exit code 1 if a line fails.");
  return {command, [arguments](const Context& context) { return report(*arguments, context); }};
}

}  // namespace persona::cli
