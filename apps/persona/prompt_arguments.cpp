//! Arguments that the commands on prompts share.
#include "prompt_arguments.hpp"

#include "arguments.hpp"
#include "command.hpp"
#include "models_here.hpp"
#include "place.hpp"
#include "text_file.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace persona::cli {
namespace {

// "90s", "10m", "2h".
std::optional<std::chrono::milliseconds> parse_time(const std::string& text) {
  double amount = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  const std::string unit(end, text.data() + text.size());
  const double seconds = unit == "s" || unit.empty() ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
  if (error != std::errc() || !(amount > 0) || seconds == 0 || amount > 1e6) return {};
  return std::chrono::milliseconds(static_cast<std::int64_t>(amount * seconds * 1000));
}

CLI::Validator money_amount() {
  return CLI::Validator(
      [](std::string& text) {
        return parse_money(text) ? std::string() : "'" + text + "' is not an amount of dollars";
      },
      "");
}

CLI::Validator time_span() {
  return CLI::Validator(
      [](std::string& text) { return parse_time(text) ? std::string() : "'" + text + "' is no time: 90s, 10m, 2h"; },
      "");
}

Status add_model(const std::string& given, llm::Provider& provider, std::string& model) {
  const std::string name = given == "offline" ? "offline/nearest" : given;
  auto opened = open_model(name, {});
  if (!opened) return tl::unexpected(opened.error());
  provider = *std::move(opened);
  model = name;
  return {};
}

// Before and after a colon.
std::pair<std::string, std::string> cut_at_colon(const std::string& text) {
  const auto colon = text.find(':');
  return {text.substr(0, colon), colon == std::string::npos ? std::string() : text.substr(colon + 1)};
}

}  // namespace

void add_prompt_arguments(CLI::App& app, PromptArguments& arguments, bool proposes) {
  app.add_option("program", arguments.program,
                 "A program saved as JSON, or a signature: \"question -> answer: 'yes'|'no'\"")
      ->required()
      ->type_name("PROGRAM");
  app.add_option("--instructions", arguments.instructions, "What the signature's model is told")->type_name("TEXT");
  app.add_flag("--reason", arguments.reasons, "Let the signature's model think aloud first");
  app.add_option("--data", arguments.data, "Labelled examples: .jsonl, .json or .csv")->required()->type_name("FILE");
  app.add_option("--segment", arguments.segment, "Score each value of this field apart")->type_name("FIELD");
  app.add_option(
         "--metric", arguments.metric,
         "exact_match, token_f1, contains, matches_pattern, edit_similarity, near, rouge_l, bleu, chrf, or "
         "judged; NAME:FIELD judges another field than the last output, NAME:FIELD:REFERENCES by a list of all that "
         "is right")
      ->capture_default_str()
      ->type_name("NAME[:FIELD[:REFERENCES]]");
  app.add_option("--model", arguments.model, "openai/gpt-4o-mini, anthropic/..., ollama/..., or offline")
      ->required()
      ->type_name("MODEL");
  if (proposes)
    app.add_option("--proposer", arguments.proposer, "The model that writes prompts; the same where none is named")
        ->type_name("MODEL");
  auto* judge = app.add_option("--judge", arguments.judge, "The model that --metric judged asks")->type_name("MODEL");
  app.add_option("--rubric", arguments.rubric, "What makes an answer good, for the judge")
      ->needs(judge)
      ->type_name("TEXT");
  app.add_option("--budget", arguments.money, "Spend no more dollars than this")
      ->check(money_amount())
      ->type_name("DOLLARS");
  app.add_option("--calls", arguments.calls, "Make no more calls than this")
      ->transform(whole_number())
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  app.add_option("--tokens", arguments.tokens, "Use no more tokens than this")
      ->transform(whole_number())
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  app.add_option("--time", arguments.time, "Begin nothing after this: 90s, 10m, 2h")
      ->check(time_span())
      ->type_name("TIME");
  auto* ledger = app.add_option("--ledger", arguments.ledger,
                                "Keep every answer in this database; the same command goes on where it stopped")
                     ->type_name("DATABASE");
  add_schema_argument(app, arguments.schema);
  app.add_option("--run", arguments.run, "The run's name in the ledger")->needs(ledger)->type_name("NAME");
  app.add_option("--seed", arguments.seed, "Another seed, another search")->capture_default_str()->type_name("N");
  app.add_option("--threads", arguments.threads, "Calls at a time; the result does not depend on it")
      ->check(CLI::Range(1U, 256U))
      ->capture_default_str()
      ->type_name("N");
}

Result<prompt::Program> read_program(const std::string& path) {
  const auto text = read_text_file(path);
  if (!text) return tl::unexpected(text.error());
  auto program = prompt::parse_program(*text);
  if (!program) program.error().path = path + program.error().path;
  return program;
}

Result<prompt::Program> read_program(const PromptArguments& arguments) {
  const bool is_signature = arguments.program.find("->") != std::string::npos;
  if (is_signature)
    return arguments.reasons ? prompt::chain_of_thought(arguments.program, arguments.instructions)
                             : prompt::predict(arguments.program, arguments.instructions);
  if (!arguments.instructions.empty() || arguments.reasons)
    throw WrongUsage("--instructions and --reason go with a signature; a saved program has its own");
  return read_program(arguments.program);
}

Result<prompt::Dataset> read_data(const PromptArguments& arguments, const std::string& path) {
  auto data = prompt::read_dataset(path);
  if (!data) {
    if (data.error().path.empty()) data.error().path = path;
    return data;
  }
  if (arguments.segment.empty()) return data;
  std::vector<prompt::Example> examples(data->begin(), data->end());
  for (prompt::Example& example : examples) {
    const auto value = example.fields.find(arguments.segment);
    if (value == example.fields.end())
      return fail(Errc::invalid_argument,
                  fmt::format("example '{}' has no field '{}' to be a segment", example.id, arguments.segment), path);
    example.segment = prompt::to_text(value->second);
  }
  return prompt::Dataset::make(std::move(examples));
}

Result<prompt::MetricPtr> read_metric(const PromptArguments& arguments, const prompt::Program& program) {
  const auto [name, judged] = cut_at_colon(arguments.metric);
  auto [field, references] = cut_at_colon(judged);
  if (field.empty()) field = program.predictors().back().signature.outputs.back().name;
  if (name != "judged") {
    if (!arguments.judge.empty()) throw WrongUsage("--judge goes with --metric judged");
    return prompt::metric_named(name, field, references);
  }
  if (arguments.judge.empty() || arguments.rubric.empty())
    throw WrongUsage("--metric judged needs --judge and --rubric");
  if (!references.empty()) throw WrongUsage("--metric judged takes no references: it judges by the rubric");
  prompt::Judge judge{.rubric = arguments.rubric};
  if (auto added = add_model(arguments.judge, judge.model, judge.model_name); !added)
    return tl::unexpected(added.error());
  return prompt::judged(std::move(judge), field);
}

Result<prompt::SessionOptions> read_session(const PromptArguments& arguments, const std::string& run) {
  prompt::SessionOptions session;
  if (auto added = add_model(arguments.model, session.model, session.model_name); !added)
    return tl::unexpected(added.error());
  if (!arguments.proposer.empty())
    if (auto added = add_model(arguments.proposer, session.proposer, session.proposer_name); !added)
      return tl::unexpected(added.error());
  if (!arguments.money.empty()) session.budget.money = parse_money(arguments.money);
  if (!arguments.time.empty()) session.budget.time = parse_time(arguments.time);
  if (arguments.calls > 0) session.budget.calls = static_cast<std::int64_t>(arguments.calls);
  if (arguments.tokens > 0) session.budget.tokens = static_cast<std::int64_t>(arguments.tokens);
  session.run = arguments.run.empty() ? run : arguments.run;
  session.parallelism = {arguments.threads};
  if (arguments.ledger.empty()) return session;
  const auto place = place_of({arguments.ledger, arguments.schema});
  if (!place) return tl::unexpected(place.error());
  auto ledger = (*place)->runs(true);
  if (!ledger) return tl::unexpected(ledger.error());
  session.ledger = *std::move(ledger);
  return session;
}

}  // namespace persona::cli
