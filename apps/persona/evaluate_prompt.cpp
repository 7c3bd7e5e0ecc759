//! `persona evaluate-prompt`: how good is a prompt program, and how sure is that?
#include "command.hpp"
#include "progress_bar.hpp"
#include "prompt_arguments.hpp"
#include "table.hpp"
#include "terminal.hpp"

#include <persona/prompt/evaluation.hpp>

#include <fmt/format.h>

#include <optional>

namespace persona::cli {
namespace {

// What stands in a ledger for a run that only evaluates: as its facts, and as its report.
constexpr const char* facts = R"({"persona_evaluation":1})";

struct EvaluateArguments {
  PromptArguments prompt;
  std::string against;
  std::optional<double> at_least;
  bool failures = false;
};

std::string percent(const prompt::Interval& interval) {
  return fmt::format("{:.1f} % [{:.1f}, {:.1f}]", 100 * interval.value, 100 * interval.lower, 100 * interval.upper);
}

void print_evaluation(const std::string& name, const prompt::Evaluation& evaluation) {
  fmt::print("{}: {} on {}", name, percent(evaluation.score), counted(evaluation.outcomes.size(), "example"));
  if (evaluation.failures > 0) fmt::print(", {} without an answer", with_commas(evaluation.failures));
  fmt::print("\n  {} calls, {} tokens, {}; latency {:.0f} ms, 95 of 100 below {:.0f} ms\n",
             with_commas(static_cast<std::uint64_t>(evaluation.calls)),
             with_commas(static_cast<std::uint64_t>(evaluation.tokens)),
             evaluation.cost ? to_string(*evaluation.cost) : "unknown cost",
             static_cast<double>(evaluation.latency_p50.count()) / 1000,
             static_cast<double>(evaluation.latency_p95.count()) / 1000);
  Table table({"segment", ">examples", "score", "drawn together"});
  for (const auto& segment : evaluation.segments)
    if (!segment.segment.empty())
      table.row({segment.segment, with_commas(segment.examples), percent(segment.score), percent(segment.pooled)});
  if (!table.empty()) fmt::print("{}", table.text());
}

void print_failures(const prompt::Evaluation& evaluation) {
  Table table({"example", ">score", "why"});
  for (const auto& outcome : evaluation.outcomes)
    if (outcome.score < 1) table.row({outcome.example, fmt::format("{:.2f}", outcome.score), outcome.feedback});
  if (!table.empty()) fmt::print("{}", table.text());
}

Result<prompt::Evaluation> run(const prompt::Program& program, const prompt::Dataset& data,
                               const prompt::Metric& metric, prompt::Session& session, const Context& context) {
  ProgressBar bar;
  return prompt::evaluate(program, data, metric, session, 0, {.stop = context.stop, .observer = &bar});
}

Status print_comparison(const EvaluateArguments& arguments, const prompt::Evaluation& first,
                        const prompt::Dataset& data, const prompt::Metric& metric, prompt::Session& session,
                        const Context& context) {
  const auto other = read_program(arguments.against);
  if (!other) return tl::unexpected(other.error());
  const auto second = run(*other, data, metric, session, context);
  if (!second) return tl::unexpected(second.error());
  print_evaluation(arguments.against, *second);
  const auto compared = prompt::compare(*second, first);
  if (!compared) return tl::unexpected(compared.error());
  fmt::print("difference: {:+.1f} points [{:+.1f}, {:+.1f}], p = {:.2g}; {} wins, {} losses, {} ties\n",
             100 * compared->difference.value, 100 * compared->difference.lower, 100 * compared->difference.upper,
             compared->p_value, compared->wins, compared->losses, compared->ties);
  return {};
}

Result<ExitCode> evaluate(const EvaluateArguments& arguments, const Context& context) {
  const auto program = read_program(arguments.prompt);
  if (!program) return tl::unexpected(program.error());
  const auto data = read_data(arguments.prompt, arguments.prompt.data);
  if (!data) return tl::unexpected(data.error());
  const auto metric = read_metric(arguments.prompt, *program);
  if (!metric) return tl::unexpected(metric.error());
  auto options = read_session(arguments.prompt, "evaluate");
  if (!options) return tl::unexpected(options.error());
  const auto ledger = options->ledger;
  const auto name = options->run;
  if (ledger)
    if (auto begun = ledger->begin(name, facts); !begun) return tl::unexpected(begun.error());
  auto session = prompt::Session::open(*std::move(options));
  if (!session) return tl::unexpected(session.error());
  const auto evaluation = run(*program, *data, **metric, **session, context);
  if (!evaluation) return tl::unexpected(evaluation.error());
  print_evaluation(arguments.prompt.program, *evaluation);
  if (arguments.failures) print_failures(*evaluation);
  if (!arguments.against.empty())
    if (auto compared = print_comparison(arguments, *evaluation, *data, **metric, **session, context); !compared)
      return tl::unexpected(compared.error());
  if (ledger)
    if (auto kept = ledger->finish(name, facts); !kept) return tl::unexpected(kept.error());
  return arguments.at_least && evaluation->score.value < *arguments.at_least ? exit_no : exit_ok;
}

}  // namespace

Command add_evaluate_prompt(CLI::App& app) {
  auto* command = app.add_subcommand("evaluate-prompt", "Score a prompt program, with an interval");
  const auto arguments = std::make_shared<EvaluateArguments>();
  add_prompt_arguments(*command, arguments->prompt, false);
  command->add_option("--against", arguments->against, "Compare with this saved program, example by example")
      ->type_name("FILE.json");
  command->add_option("--at-least", arguments->at_least, "Exit code 1 where the score is below: 0.8")
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("SHARE");
  command->add_flag("--failures", arguments->failures, "List what was not right, and why");
  command->footer(
      "Examples:\n"
      "  persona evaluate-prompt better.json --data test.jsonl --model openai/gpt-4o-mini --budget 0.50\n"
      "  persona evaluate-prompt better.json --against program.json --data test.jsonl --model offline\n"
      "  persona evaluate-prompt \"text -> label\" --data test.csv --model ollama/llama3.2 --at-least 0.8");
  return {command, [arguments](const Context& context) { return evaluate(*arguments, context); }};
}

}  // namespace persona::cli
