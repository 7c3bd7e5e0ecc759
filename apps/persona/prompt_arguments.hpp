//! Arguments that the commands on prompts share: program, data, metric, models, budget.
#pragma once

#include <persona/prompt/metric.hpp>
#include <persona/prompt/program.hpp>
#include <persona/prompt/session.hpp>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

namespace persona::cli {

struct PromptArguments {
  std::string program;  //!< a file, or "question -> answer"
  std::string instructions, data, segment, metric = "exact_match";
  std::string model, proposer, judge, rubric;
  std::string money, time, ledger, schema = "persona", run;
  std::uint64_t calls = 0, tokens = 0;  //!< 0: no cap
  std::uint64_t seed = 0;
  unsigned threads = 4;
  bool reasons = false;
};

//! @param proposes  the command also has prompts written
void add_prompt_arguments(CLI::App& app, PromptArguments& arguments, bool proposes);

Result<prompt::Program> read_program(const PromptArguments& arguments);
Result<prompt::Program> read_program(const std::string& path);
//! With segments by a field, where one is named.
Result<prompt::Dataset> read_data(const PromptArguments& arguments, const std::string& path);
//! Of "NAME" or "NAME:FIELD"; the field is the program's last output where none is named.
Result<prompt::MetricPtr> read_metric(const PromptArguments& arguments, const prompt::Program& program);
//! Models, budget and ledger. @param run  its name where none is given
Result<prompt::SessionOptions> read_session(const PromptArguments& arguments, const std::string& run);

}  // namespace persona::cli
