//! `persona convert-prompt`: prompt programs and data from other tools, and for them.
#include "command.hpp"
#include "prompt_arguments.hpp"
#include "terminal.hpp"
#include "text_file.hpp"
#include "yaml_text.hpp"

#include <persona/prompt/interchange.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

namespace persona::cli {
namespace {

struct ConvertArguments {
  std::string input, output, from = "persona", to = "persona", sidecar, data, predictor;
  std::vector<std::string> providers, metrics;
};

//! What is converted, whatever it came from.
struct Conversion {
  prompt::PromptfooSuite suite;
  bool is_data = false;
};

std::string beside(const std::string& path) {
  return std::filesystem::path(path).replace_extension(".sidecar.json").string();
}

Error within(Error error, const std::string& path) {
  error.path = error.path.empty() ? path : path + ": " + error.path;
  return error;
}

void check_usage(const ConvertArguments& arguments) {
  const bool foo = arguments.from == "promptfoo" || arguments.to == "promptfoo";
  if (arguments.from == arguments.to)
    throw WrongUsage("--from, --to: one of them is dspy, langchain, promptfoo or evals, and they differ");
  if (arguments.from == "evals" && arguments.to != "persona")
    throw WrongUsage("--from evals: samples become examples of persona, --to persona");
  if (!arguments.sidecar.empty() && arguments.from != "dspy" && arguments.to != "dspy")
    throw WrongUsage("--sidecar: only for dspy");
  if (!arguments.data.empty() && !foo && arguments.to != "evals")
    throw WrongUsage("--data: only for promptfoo and evals");
  if (arguments.to != "promptfoo" && (!arguments.providers.empty() || !arguments.metrics.empty()))
    throw WrongUsage("--provider, --metric: only for --to promptfoo");
  if (arguments.from == "promptfoo" && arguments.to == "dspy" && !arguments.data.empty())
    throw WrongUsage("--data: convert to persona first, then to dspy");
  if (arguments.to == "dspy" && arguments.output == "-")
    throw WrongUsage("--to dspy: a file is needed, a sidecar is written beside it");
}

// "NAME:FIELD" as the other commands take it, or the last output.
std::string metric_name(const std::string& text, const prompt::Predictor& predictor) {
  const auto colon = text.find(':');
  const auto& outputs = predictor.signature.outputs;
  const std::string field = colon != text.npos ? text.substr(colon + 1) : outputs.empty() ? "" : outputs.back().name;
  return fmt::format("{}({})", text.substr(0, colon), field);
}

Result<Conversion> read_dspy(const ConvertArguments& arguments, const std::string& text) {
  std::string path = arguments.sidecar.empty() ? beside(arguments.input) : arguments.sidecar;
  std::string sidecar;
  if (!arguments.sidecar.empty() || std::filesystem::exists(path)) {
    auto read = read_text_file(path);
    if (!read) return tl::unexpected(read.error());
    sidecar = *std::move(read);
  }
  auto imported = prompt::from_dspy(text, sidecar);
  if (!imported) {
    const bool is_sidecar = imported.error().message.starts_with("sidecar: ");
    return tl::unexpected(within(imported.error(), is_sidecar ? path : arguments.input));
  }
  return Conversion{{.predictors = std::move(imported->predictors), .notes = std::move(imported->notes)}, false};
}

Result<Conversion> read_promptfoo(const ConvertArguments& arguments, const std::string& text) {
  auto suite = json_of_yaml(text).and_then([](const std::string& json) { return prompt::from_promptfoo(json); });
  if (!suite) return tl::unexpected(within(suite.error(), arguments.input));
  for (const auto& metric : suite->metrics) suite->notes.push_back("the tests judge by " + metric);
  if (suite->tests.size() > 0 && arguments.data.empty())
    suite->notes.push_back(counted(suite->tests.size(), "test") + " not written: --data names a file for them");
  return Conversion{*std::move(suite), false};
}

Result<Conversion> read_input(const ConvertArguments& arguments) {
  const auto text = read_text_file(arguments.input);
  if (!text) return tl::unexpected(text.error());
  if (arguments.from == "dspy") return read_dspy(arguments, *text);
  if (arguments.from == "promptfoo") return read_promptfoo(arguments, *text);
  if (arguments.from == "evals") {
    auto data = prompt::from_openai_evals(*text);
    if (!data) return tl::unexpected(within(data.error(), arguments.input));
    return Conversion{{.tests = *std::move(data)}, true};
  }
  if (arguments.from == "langchain") {
    auto imported = prompt::from_langchain(*text);
    if (!imported) return tl::unexpected(within(imported.error(), arguments.input));
    return Conversion{{.predictors = std::move(imported->predictors), .notes = std::move(imported->notes)}, false};
  }
  if (arguments.to == "evals" && arguments.data.empty()) {
    auto data = prompt::read_dataset(arguments.input);
    if (!data) return tl::unexpected(data.error());
    return Conversion{{.tests = *std::move(data)}, true};
  }
  auto predictors = prompt::parse_predictors(*text);
  if (!predictors) return tl::unexpected(within(predictors.error(), arguments.input));
  return Conversion{{.predictors = *std::move(predictors)}, false};
}

// Leaves the one predictor that was asked for.
Status choose(const ConvertArguments& arguments, Conversion& conversion) {
  auto& predictors = conversion.suite.predictors;
  const bool alone = arguments.to == "langchain" || arguments.to == "evals" ||
                     (arguments.from == "promptfoo" && arguments.to != "promptfoo");
  std::string names;
  for (const auto& predictor : predictors) names += (names.empty() ? "'" : ", '") + predictor.name + "'";
  if (!arguments.predictor.empty()) {
    std::erase_if(predictors, [&](const auto& each) { return each.name != arguments.predictor; });
    if (predictors.empty())
      return fail(Errc::not_found, fmt::format("there is no '{}'; there are {}", arguments.predictor, names),
                  arguments.input);
  }
  if (!conversion.is_data && alone && predictors.size() > 1)
    return fail(Errc::invalid_argument, fmt::format("which of {}? --predictor says", names), arguments.input);
  return {};
}

Result<std::string> written(const ConvertArguments& arguments, Conversion& conversion) {
  auto& suite = conversion.suite;
  if (conversion.is_data)
    return arguments.to == "evals" ? prompt::to_openai_evals(suite.tests) : prompt::to_jsonl(suite.tests);
  if (arguments.to == "persona")
    return prompt::Program::make(suite.predictors).transform([](const auto& program) { return program.to_json(); });
  if (arguments.to == "langchain") return prompt::to_langchain(suite.predictors.front());
  if (!arguments.data.empty()) {
    auto data = prompt::read_dataset(arguments.data);
    if (!data) return tl::unexpected(data.error());
    suite.tests = *std::move(data);
  }
  if (arguments.to == "evals") return prompt::to_openai_evals(suite.predictors.front(), suite.tests);
  suite.providers = arguments.providers;
  suite.metrics.clear();
  for (const auto& metric : arguments.metrics) suite.metrics.push_back(metric_name(metric, suite.predictors.front()));
  return prompt::to_promptfoo(suite);
}

Status write_output(const std::string& path, std::string text) {
  if (!text.ends_with('\n')) text += '\n';
  if (path != "-") return write_text_file(path, text);
  fmt::print("{}", text);
  return {};
}

Result<ExitCode> convert(const ConvertArguments& arguments) {
  check_usage(arguments);
  auto conversion = read_input(arguments);
  if (!conversion) return tl::unexpected(conversion.error());
  if (const auto chosen = choose(arguments, *conversion); !chosen) return tl::unexpected(chosen.error());
  // All is made before anything is written.
  std::string second_path, second;
  if (arguments.from == "promptfoo" && !arguments.data.empty()) {
    auto data = prompt::to_jsonl(conversion->suite.tests);
    if (!data) return tl::unexpected(data.error());
    second_path = arguments.data;
    second = *std::move(data);
  }
  Result<std::string> text = std::string();
  if (arguments.to == "dspy") {
    auto files = prompt::to_dspy(conversion->suite.predictors);
    if (!files) return tl::unexpected(files.error());
    second_path = arguments.sidecar.empty() ? beside(arguments.output) : arguments.sidecar;
    second = files->sidecar;
    text = std::move(files->state);
  } else {
    text = written(arguments, *conversion);
  }
  if (!text) return tl::unexpected(text.error());
  if (!second_path.empty())
    if (const auto done = write_text_file(second_path, second); !done) return tl::unexpected(done.error());
  if (const auto done = write_output(arguments.output, *std::move(text)); !done) return tl::unexpected(done.error());
  for (const auto& note : conversion->suite.notes) fmt::print(stderr, "persona: note: {}\n", note);
  return exit_ok;
}

}  // namespace

Command add_convert_prompt(CLI::App& app) {
  auto* command = app.add_subcommand("convert-prompt", "Bring prompts and data from other tools, or to them");
  const auto arguments = std::make_shared<ConvertArguments>();
  const CLI::IsMember formats({"persona", "dspy", "langchain", "promptfoo", "evals"});
  command->add_option("input", arguments->input, "What there is")->required()->type_name("IN");
  command->add_option("output", arguments->output, "Where it goes; - is stdout")->required()->type_name("OUT");
  command->add_option("--from", arguments->from, "persona, dspy, langchain, promptfoo, evals")
      ->check(formats)
      ->type_name("FORMAT")
      ->capture_default_str();
  command->add_option("--to", arguments->to, "The same")->check(formats)->type_name("FORMAT")->capture_default_str();
  command->add_option("--sidecar", arguments->sidecar, "Of dspy: names, types and inputs; IN or OUT with .sidecar.json")
      ->type_name("FILE");
  command->add_option("--data", arguments->data, "Examples: for promptfoo and evals read, from promptfoo written")
      ->type_name("FILE");
  command->add_option("--predictor", arguments->predictor, "Which one, where there are several")->type_name("NAME");
  command->add_option("--provider", arguments->providers, "For promptfoo: openai:gpt-4o-mini; may be given again")
      ->type_name("ID");
  command->add_option("--metric", arguments->metrics, "For promptfoo: exact_match, contains, matches_pattern, bleu")
      ->type_name("NAME[:FIELD]");
  command->footer(
      "dspy is what program.save(\"x.json\") writes; langchain what dumps() or save() writes; promptfoo a\n"
      "promptfooconfig.yaml or .json; evals the samples of OpenAI evals. What a file does not tell, and what has no\n"
      "place, is a note on standard error.\n"
      "\n"
      "Examples:\n"
      "  persona convert-prompt program.json better.json --from dspy\n"
      "  persona convert-prompt better.json program.json --to dspy\n"
      "  persona convert-prompt promptfooconfig.yaml prompt.json --from promptfoo --data tests.jsonl\n"
      "  persona convert-prompt better.json promptfooconfig.yaml --to promptfoo --data test.jsonl \\\n"
      "    --provider openai:gpt-4o-mini --metric exact_match\n"
      "  persona convert-prompt samples.jsonl train.jsonl --from evals\n"
      "  persona convert-prompt better.json - --to langchain");
  return {command, [arguments](const Context&) { return convert(*arguments); }};
}

}  // namespace persona::cli
