//! The command `persona`: people from a specification, in a shell.
#include "command.hpp"
#include "interrupt.hpp"

#include <persona/core/version.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <iostream>
#include <vector>

namespace persona::cli {
namespace {

std::string failure(const CLI::App*, const CLI::Error& error) {
  return fmt::format("persona: {}\nTry 'persona --help', or 'persona COMMAND --help'\n", error.what());
}

void describe(CLI::App& app) {
  app.name("persona");
  app.set_version_flag("--version", std::string("persona ") + PERSONA_VERSION, "Print the version");
  app.set_help_flag("-h,--help", "Print this help");
  app.require_subcommand(0, 1);  // none is told below, after arguments that are no command
  app.failure_message(failure);
  app.footer(
      "Begin with:\n"
      "  persona check examples/massachusetts.json\n"
      "  persona generate examples/massachusetts.json --count 1e6 --seed 7 --out people.db --report report.html\n"
      "  persona describe people.db\n"
      "  persona chat --model offline/nearest --json-schema schema.json 'Somebody'\n"
      "\n"
      "Exit codes: 0 fine; 1 the answer is no, or it did not work; 2 wrong usage; 130 stopped by Ctrl-C.\n"
      "'persona COMMAND --help' explains each command with examples.");
}

void print_error(const Error& error) {
  const bool named = error.path.empty() || error.message.find(error.path) != error.message.npos;
  fmt::print(stderr, "persona: {}{}{}\n", named ? "" : error.path, named ? "" : ": ", error.message);
}

int finish(const Result<ExitCode>& result) {
  std::cout.flush();
  if (result) return *result;
  if (result.error().code == Errc::cancelled) {
    fmt::print(stderr, "persona: stopped; nothing was left behind\n");
    return exit_interrupted;
  }
  print_error(result.error());
  return exit_no;
}

int run(int argc, char** argv) {
  const Interrupt interrupt;
  on_closed_pipe(ClosedPipe::ends_process);
  std::ios::sync_with_stdio(false);
  CLI::App app("Synthetic people from a specification: statistically right, reproducible, fast.");
  describe(app);
  const std::vector<Command> commands = {
      add_generate(app),   add_check(app),          add_report(app), add_describe(app), add_schema(app),
      add_chat(app),       add_models(app),         add_price(app),  add_optimize(app), add_evaluate_prompt(app),
      add_report_run(app), add_convert_prompt(app), add_db(app)};
  try {
    app.parse(argc, argv);
    for (const auto& command : commands)
      if (command.app->parsed()) return finish(command.run({.stop = interrupt.token()}));
    throw WrongUsage(
        "a command is required: generate, check, report, describe, schema, chat, models, price, optimize, "
        "evaluate-prompt, report-run, convert-prompt or db");
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_ok : exit_usage;
  }
}

}  // namespace
}  // namespace persona::cli

int main(int argc, char** argv) {
  try {
    return persona::cli::run(argc, argv);
  } catch (const std::bad_alloc&) {
    std::fputs("persona: out of memory\n", stderr);
  } catch (const std::exception& error) {
    fmt::print(stderr, "persona: {}\n", error.what());
  }
  return persona::cli::exit_no;
}
