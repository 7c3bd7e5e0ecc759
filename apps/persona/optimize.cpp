//! `persona optimize`: a better prompt program, with proof and a cap.
#include "command.hpp"
#include "progress_bar.hpp"
#include "prompt_arguments.hpp"
#include "report_file.hpp"
#include "terminal.hpp"
#include "text_file.hpp"

#include <persona/prompt/optimizers.hpp>
#include <persona/prompt_optimizer.hpp>

#include <fmt/format.h>

namespace persona::cli {
namespace {

struct OptimizeArguments {
  PromptArguments prompt;
  std::string train, optimizer = "halving", out, html, json;
  double alpha = 0.05;
  bool dry_run = false;
};

Result<prompt::Task> task_of(const OptimizeArguments& arguments) {
  auto program = read_program(arguments.prompt);
  if (!program) return tl::unexpected(program.error());
  auto data = read_data(arguments.prompt, arguments.prompt.data);
  if (!data) return tl::unexpected(data.error());
  auto metric = read_metric(arguments.prompt, *program);
  if (!metric) return tl::unexpected(metric.error());
  prompt::Task task{.program = *std::move(program), .metric = *std::move(metric)};
  if (arguments.train.empty()) {
    task.train = *std::move(data);
    return task;
  }
  auto train = read_data(arguments.prompt, arguments.train);
  if (!train) return tl::unexpected(train.error());
  task.train = *std::move(train);
  task.validation = *std::move(data);
  return task;
}

void print_forecast(const prompt::Forecast& forecast) {
  const auto line = [](const char* name, const prompt::Interval& interval) {
    fmt::print("  {:<8}{:>12}   {} to {}\n", name, with_commas(static_cast<std::uint64_t>(interval.value)),
               with_commas(static_cast<std::uint64_t>(interval.lower)),
               with_commas(static_cast<std::uint64_t>(interval.upper)));
  };
  fmt::print("Expected, with a range that holds nine times in ten; nothing was spent:\n");
  line("calls", forecast.calls);
  line("tokens", forecast.tokens);
  if (forecast.price_known)
    fmt::print("  {:<8}{:>12.4f}   {:.4f} to {:.4f}\n", "dollars", forecast.dollars.value, forecast.dollars.lower,
               forecast.dollars.upper);
  else
    fmt::print("  dollars: no price is known for this model\n");
  fmt::print("{}\n", forecast.fits_budget ? "The budget is enough." : "The budget will end it before: best so far.");
}

Status write_results(const OptimizeArguments& arguments, const Optimized& optimized) {
  const auto& report = optimized.report;
  if (!arguments.out.empty())
    if (auto written = write_text_file(arguments.out, optimized.program.to_json()); !written) return written;
  if (!arguments.html.empty())
    if (auto written = write_text_file(arguments.html, to_html(report)); !written) return written;
  if (!arguments.json.empty())
    if (auto written = write_text_file(arguments.json, to_json(report) + "\n"); !written) return written;
  return {};
}

Result<ExitCode> optimize(const OptimizeArguments& arguments, const Context& context) {
  auto optimizer = prompt::optimizer_named(arguments.optimizer);
  if (!optimizer) throw WrongUsage(optimizer.error().message);
  auto task = task_of(arguments);
  if (!task) return tl::unexpected(task.error());
  auto session = read_session(arguments.prompt, "optimize");
  if (!session) return tl::unexpected(session.error());
  const PromptOptimizer optimization(
      *std::move(task), *std::move(session),
      {.optimizer = *std::move(optimizer), .seed = arguments.prompt.seed, .alpha = arguments.alpha});
  if (arguments.dry_run) {
    const auto forecast = optimization.forecast();
    if (!forecast) return tl::unexpected(forecast.error());
    print_forecast(*forecast);
    return forecast->fits_budget ? exit_ok : exit_no;
  }
  Result<Optimized> optimized = [&] {
    ProgressBar bar;
    return optimization.optimize({.stop = context.stop, .observer = &bar});
  }();
  if (!optimized) return tl::unexpected(optimized.error());
  if (auto written = write_results(arguments, *optimized); !written) return tl::unexpected(written.error());
  fmt::print("{}", to_text(optimized->report, width(Stream::out), has_color(Stream::out)));
  return context.stop.stop_requested() ? exit_interrupted : exit_ok;
}

void describe_arguments(CLI::App& app, OptimizeArguments& arguments) {
  add_prompt_arguments(app, arguments.prompt, true);
  app.add_option("--train", arguments.train, "Examples to learn from; else a part of --data is")->type_name("FILE");
  app.add_option("--optimizer", arguments.optimizer, fmt::format("{}", fmt::join(prompt::optimizer_names(), ", ")))
      ->capture_default_str()
      ->type_name("NAME");
  app.add_option("--alpha", arguments.alpha, "The chance of returning a program that is not better")
      ->check(CLI::Range(1e-6, 0.5))
      ->capture_default_str();
  app.add_flag("--dry-run", arguments.dry_run, "Say what it would take, and spend nothing");
  app.add_option("-o,--out", arguments.out, "Save the program that is returned")
      ->check(report_path({".json"}))
      ->type_name("FILE.json");
  app.add_option("--html", arguments.html, "Write the report as one self-contained page")
      ->check(report_path({".html"}))
      ->type_name("FILE");
  app.add_option("--json", arguments.json, "Write the report as JSON")
      ->check(report_path({".json"}))
      ->type_name("FILE");
}

}  // namespace

Command add_optimize(CLI::App& app) {
  auto* command = app.add_subcommand("optimize", "Make a prompt program better, and prove it");
  const auto arguments = std::make_shared<OptimizeArguments>();
  describe_arguments(*command, *arguments);
  command->footer(
      "The program comes back as it was unless a better one is proven on examples kept back. With --ledger, a run\n"
      "that was stopped goes on where it was: nothing is paid twice. Ctrl-C returns the best so far.\n"
      "\n"
      "Examples:\n"
      "  persona optimize \"sentence -> kind: 'animal'|'plant'|'tool'\" --data kinds.jsonl --model offline --calls "
      "2000\n"
      "  persona optimize program.json --data train.jsonl --model openai/gpt-4o-mini --budget 2 --dry-run\n"
      "  persona optimize program.json --data train.jsonl --model openai/gpt-4o-mini --budget 2 \\\n"
      "    --ledger runs.db --run first -o better.json --html report.html");
  return {command, [arguments](const Context& context) { return optimize(*arguments, context); }};
}

}  // namespace persona::cli
