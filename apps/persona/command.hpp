//! What a subcommand of `persona` is.
#pragma once

#include <persona/core/context.hpp>
#include <persona/core/result.hpp>

#include <CLI/CLI.hpp>
#include <functional>

namespace persona::cli {

//! What the shell is told; docs/cli.md describes them.
enum ExitCode { exit_ok = 0, exit_no = 1, exit_usage = 2, exit_interrupted = 130 };

//! A subcommand: how it is called, and what it does once its arguments are read.
struct Command {
  CLI::App* app = nullptr;
  std::function<Result<ExitCode>(const Context&)> run;
};

//! A call that the arguments allow one by one, but not together. Ends with `exit_usage`.
struct WrongUsage : CLI::ValidationError {
  explicit WrongUsage(const std::string& message) : CLI::ValidationError(message) {}
};

Command add_generate(CLI::App& app);
Command add_check(CLI::App& app);
Command add_report(CLI::App& app);
Command add_describe(CLI::App& app);
Command add_schema(CLI::App& app);
Command add_optimize(CLI::App& app);
Command add_evaluate_prompt(CLI::App& app);
Command add_report_run(CLI::App& app);
Command add_convert_prompt(CLI::App& app);
Command add_chat(CLI::App& app);
Command add_models(CLI::App& app);
Command add_price(CLI::App& app);
Command add_db(CLI::App& app);

}  // namespace persona::cli
