//! `persona generate`: people from a specification into a file.
#include "arguments.hpp"
#include "command.hpp"
#include "interrupt.hpp"
#include "output.hpp"
#include "place.hpp"
#include "progress_bar.hpp"
#include "report_file.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <thread>

namespace persona::cli {
namespace {

struct GenerateArguments {
  SpecArguments spec;
  DrawArguments draw;
  OutputArguments output;
  std::vector<std::string> reports;
  bool quiet = false;
};

// Where each batch goes. Writing and measuring share nothing, so they run side by side.
struct Receivers {
  PopulationSink* sink = nullptr;
  std::optional<FidelityCheck> check;

  Status take(const Population& batch) {
    if (!check) return sink->append(batch);
    if (sink == nullptr) return check->add(batch);
    Status checked, written;
    {
      const std::jthread checking([&] { checked = check->add(batch, {1}); });
      written = sink->append(batch);
    }
    return written ? checked : written;
  }
};

Status draw_into(Receivers& receivers, const PersonaGenerator& generator, const GenerateArguments& arguments,
                 const Context& context) {
  std::optional<ProgressBar> bar;
  if (!arguments.quiet && !(arguments.output.is_stdout() && is_terminal(Stream::out))) bar.emplace();
  std::uint64_t done = 0;
  const auto take = [&](const Population& batch) -> Status {
    auto taken = receivers.take(batch);
    done += static_cast<std::uint64_t>(batch.size());
    if (bar) bar->on_progress({"generating", done, arguments.draw.count});
    return taken;
  };
  return generator.stream(arguments.draw.options(), take, {.stop = context.stop, .deadline = context.deadline});
}

PopulationRecord record_of(const PersonaGenerator& generator, const GenerateArguments& arguments) {
  PopulationRecord record;
  record.name = arguments.output.name;
  if (record.name.empty()) record.name = generator.spec().name;
  if (record.name.empty()) record.name = std::filesystem::path(arguments.spec.path).stem().string();
  record.form = arguments.output.recipe ? StorageForm::recipe : StorageForm::rows;
  record.spec = to_json(generator.spec());
  record.spec_hash = generator.model().spec_hash();
  record.names_hash = generator.model().names_hash();
  record.seed = arguments.draw.seed;
  record.start = arguments.draw.start;
  record.count = static_cast<std::int64_t>(arguments.draw.count);
  return record;
}

void print_summary(const PersonaGenerator& generator, const GenerateArguments& arguments, double seconds) {
  const auto& output = arguments.output;
  std::string text = fmt::format("{}: {} x {}", output.is_stdout() ? "stdout" : shown(output.path),
                                 counted(arguments.draw.count, "person", "people"),
                                 counted(generator.model().fields().size(), "attribute"));
  if (output.recipe) text += " as a recipe";
  text += fmt::format(" in {}", duration(seconds));
  if (!output.recipe) text += fmt::format(" ({}/s)", short_rate(static_cast<double>(arguments.draw.count) / seconds));
  std::error_code error;
  const auto bytes =
      output.is_stdout() || is_postgres(output.path) ? 0 : std::filesystem::file_size(output.path, error);
  if (!error && bytes > 0) text += ", " + file_size(bytes);
  if (!generator.spec().constraints.empty())
    text += fmt::format("\nconstraints: {:.1f} % of candidates accepted", 100 * generator.report().acceptance);
  fmt::print(stderr, "{}\n", text);
}

Status write_reports(const Receivers& receivers, const GenerateArguments& arguments, double seconds) {
  if (!receivers.check) return {};
  auto report = receivers.check->finish();
  if (!report) return tl::unexpected(report.error());
  report->seconds = seconds;
  for (const auto& path : arguments.reports)
    if (auto written = write_report(*report, path); !written) return written;
  if (!arguments.quiet) fmt::print(stderr, "{}: {}\n", fmt::join(arguments.reports, ", "), verdict_line(*report));
  return {};
}

Result<ExitCode> generate(const GenerateArguments& arguments, const Context& context) {
  const auto format = output_format(arguments.output);
  if (!arguments.output.is_stdout()) on_closed_pipe(ClosedPipe::fails);
  const auto began = std::chrono::steady_clock::now();
  const auto generator = compile(arguments.spec, context);
  if (!generator) return tl::unexpected(generator.error());
  auto sink = open_output(arguments.output, format, record_of(*generator, arguments));
  if (!sink) return tl::unexpected(sink.error());

  Receivers receivers{arguments.output.recipe ? nullptr : sink->get(), {}};
  if (!arguments.reports.empty()) {
    auto check = FidelityCheck::make(generator->model());
    if (!check) return tl::unexpected(check.error());
    receivers.check = std::move(*check);
  }
  Status status;
  if (receivers.sink != nullptr || receivers.check) status = draw_into(receivers, *generator, arguments, context);
  if (status) status = context.check();
  if (status) status = (*sink)->finish();
  sink->reset();
  if (!status) return tl::unexpected(status.error());

  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  if (!arguments.quiet) print_summary(*generator, arguments, seconds);
  return write_reports(receivers, arguments, seconds).map([] { return exit_ok; });
}

void describe_arguments(CLI::App& app, GenerateArguments& arguments) {
  add_spec_arguments(app, arguments.spec);
  app.add_option("-n,--count", arguments.draw.count, "How many people: 1000000, 1_000_000, 1e6, 10M")
      ->required()
      ->transform(whole_number())
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  add_draw_arguments(app, arguments.draw);
  add_output_arguments(app, arguments.output);
  app.add_option("--report", arguments.reports,
                 "Also measure the people against the specification: .html, .json or .txt; may be given again")
      ->check(report_path({".html", ".json", ".txt"}))
      ->take_all()
      ->allow_extra_args(false)
      ->type_name("FILE");
  app.add_flag("-q,--quiet", arguments.quiet, "No progress bar, no summary");
}

}  // namespace

Command add_generate(CLI::App& app) {
  auto* command = app.add_subcommand("generate", "Draw people into a .csv, .ndjson, .arrow or .db file, or to stdout");
  const auto arguments = std::make_shared<GenerateArguments>();
  describe_arguments(*command, *arguments);
  command->footer(
      "Examples:\n"
      "  persona generate town.json --count 1e6 --seed 7 --out town.db --report town.html\n"
      "  persona generate town.json -n 10M --out people.arrow\n"
      "  persona generate town.json -n 5 --out - --format ndjson | jq .age\n"
      "  persona generate town.json -n 1e9 --recipe --name everybody --out town.db\n"
      "\n"
      "A file appears whole or not at all: Ctrl-C leaves what was there before. A .db file is added to.");
  return {command, [arguments](const Context& context) { return generate(*arguments, context); }};
}

}  // namespace persona::cli
