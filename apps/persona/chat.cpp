//! `persona chat`: asks a language model, once or in turns.
#include "arguments.hpp"
#include "command.hpp"
#include "models_here.hpp"
#include "standard_input.hpp"
#include "terminal.hpp"

#include <persona/llm/cassette.hpp>
#include <persona/llm/stack.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace persona::cli {
namespace {

struct ChatArguments {
  std::string prompt, model, system, schema, record, replay, budget;
  std::optional<double> temperature;
  std::optional<std::int64_t> max_tokens;
  bool quiet = false;
};

void add_chat_arguments(CLI::App& app, ChatArguments& arguments) {
  app.add_option("prompt", arguments.prompt, "What to ask; without it standard input is read, or a talk begins")
      ->type_name("PROMPT");
  app.add_option("-m,--model", arguments.model, "Who answers: openai/gpt-4o-mini, ollama/llama3.2, offline/nearest")
      ->required()
      ->type_name("MODEL");
  app.add_option("-s,--system", arguments.system, "What the model is told before the talk")->type_name("TEXT");
  app.add_option("--json-schema", arguments.schema, "The answer is JSON of this schema, checked; - is not allowed")
      ->type_name("FILE");
  app.add_option("--temperature", arguments.temperature, "0 is the same answer each time, as far as the model can")
      ->check(CLI::Range(0.0, 2.0))
      ->type_name("T");
  app.add_option("--max-tokens", arguments.max_tokens, "Of an answer")->transform(whole_number())->type_name("N");
  app.add_option("--budget", arguments.budget, "Dollars that this run cannot pass, '$0.50'")->type_name("AMOUNT");
  auto* record = app.add_option("--record", arguments.record, "Write each exchange to a new cassette, without keys");
  record->type_name("FILE");
  app.add_option("--replay", arguments.replay, "Answer from a cassette: no network, no key")
      ->excludes(record)
      ->type_name("FILE");
  app.add_flag("-q,--quiet", arguments.quiet, "No tokens and cost on stderr");
}

Result<llm::StackOptions> stack_options(const ChatArguments& arguments) {
  llm::StackOptions options;
  if (arguments.budget.empty()) return options;
  const auto most = parse_money(arguments.budget);
  if (!most) throw WrongUsage("--budget: '" + arguments.budget + "' is no amount of dollars such as '$0.50'");
  options.meter.ledger = llm::memory_ledger();
  if (auto set = options.meter.ledger->set_cap("all", {.money = most, .tokens = {}, .calls = {}}); !set)
    return tl::unexpected(set.error());
  return options;
}

Result<llm::Provider> open_provider(const ChatArguments& arguments) {
  if (!arguments.replay.empty()) return llm::replay(arguments.replay);
  return stack_options(arguments)
      .and_then([&](const llm::StackOptions& options) { return open_model(arguments.model, options); })
      .and_then([&](llm::Provider provider) -> Result<llm::Provider> {
        if (arguments.record.empty()) return provider;
        if (std::error_code ignored; std::filesystem::exists(arguments.record, ignored))
          return fail(Errc::already_exists, "there is such a file already: a cassette is a new one", arguments.record);
        return llm::record(std::move(provider), arguments.record);
      });
}

Result<llm::Request> first_request(const ChatArguments& arguments) {
  llm::Request request{.model = arguments.model};
  request.temperature = arguments.temperature;
  request.max_output_tokens = arguments.max_tokens;
  if (!arguments.system.empty()) request.messages.push_back(llm::Message::system(arguments.system));
  if (arguments.schema.empty()) return request;
  std::ifstream file(arguments.schema, std::ios::binary);
  if (!file) return fail(Errc::io, "cannot open the schema", arguments.schema);
  request.json = llm::JsonFormat{.schema = {std::istreambuf_iterator<char>(file), {}}};
  return request;
}

void tell_cost(const llm::Reply& reply) {
  std::string line = fmt::format("{}/{}: {} + {} tokens", reply.provider, reply.model, with_commas(reply.usage.input),
                                 with_commas(reply.usage.output));
  if (reply.usage.input_cached > 0) line += fmt::format(" ({} cached)", with_commas(reply.usage.input_cached));
  line += reply.cost ? ", " + to_string(*reply.cost) : ", cost unknown";
  if (reply.source != llm::Source::provider) line += fmt::format(", from {}", to_string(reply.source));
  for (const auto& warning : reply.warnings) line += "\npersona: " + warning;
  fmt::print(stderr, "{}\n", line);
}

// One turn: asks, shows, and keeps the answer in the talk.
Status take_turn(llm::LLMProvider& provider, llm::Request& request, bool quiet, const Context& context) {
  const auto show = [](const llm::Delta& delta) -> Status {
    if (const auto* piece = std::get_if<llm::TextDelta>(&delta)) {
      fmt::print("{}", piece->text);
      std::fflush(stdout);
    }
    return {};
  };
  const auto reply = request.json ? provider.complete(request, context) : provider.stream(request, show, context);
  if (!reply) return tl::unexpected(reply.error());
  fmt::print("{}\n", request.json ? reply->json : "");
  std::fflush(stdout);
  if (reply->text.empty() && !reply->refusal.empty()) fmt::print(stderr, "persona: refused: {}\n", reply->refusal);
  if (!quiet) tell_cost(*reply);
  request.messages.push_back(reply->message());
  return {};
}

Result<ExitCode> talk(llm::LLMProvider& provider, llm::Request request, bool quiet, const Context& context) {
  StandardInput input;
  fmt::print(stderr, "{}; an empty line or Ctrl-D ends\n", request.model);
  for (;;) {
    fmt::print(stderr, "> ");
    const auto line = input.line(context);
    if (!line) return tl::unexpected(line.error());
    if (!*line || (*line)->empty()) return exit_ok;
    request.messages.push_back(llm::Message::user(**line));
    if (auto done = take_turn(provider, request, quiet, context); !done) {
      if (done.error().code == Errc::cancelled) return tl::unexpected(done.error());
      fmt::print(stderr, "persona: {}\n", done.error().message);
      request.messages.pop_back();  // asked in vain
    }
  }
}

Result<ExitCode> chat(const ChatArguments& arguments, const Context& context) {
  auto request = first_request(arguments);
  if (!request) return tl::unexpected(request.error());
  const auto provider = open_provider(arguments);
  if (!provider) return tl::unexpected(provider.error());
  std::string prompt = arguments.prompt;
  if (prompt.empty()) {
    if (StandardInput::is_terminal()) return talk(**provider, *request, arguments.quiet, context);
    auto text = StandardInput().rest(context);
    if (!text) return tl::unexpected(text.error());
    prompt = std::move(*text);
  }
  if (prompt.find_first_not_of(" \t\r\n") == prompt.npos) throw WrongUsage("chat: there is no PROMPT");
  request->messages.push_back(llm::Message::user(std::move(prompt)));
  const auto done = take_turn(**provider, *request, arguments.quiet, context);
  if (!done) return tl::unexpected(done.error());
  return exit_ok;
}

}  // namespace

Command add_chat(CLI::App& app) {
  auto* command = app.add_subcommand("chat", "Ask a language model, once or in turns");
  const auto arguments = std::make_shared<ChatArguments>();
  add_chat_arguments(*command, *arguments);
  command->footer(
      "The answer is written to stdout as it comes; tokens and cost go to stderr. Without PROMPT, stdin is the\n"
      "prompt, or a talk where stdin is a terminal. Keys come from the environment: 'persona models' shows which.\n"
      "\n"
      "Examples:\n"
      "  persona chat -m openai/gpt-4o-mini 'A name for a street in Boston?'\n"
      "  persona chat -m anthropic/claude-haiku-4-5 --budget '$0.05' < letter.txt\n"
      "  persona chat -m ollama/llama3.2 --json-schema person.json 'An old woman from Salem' | jq .age\n"
      "  persona chat -m offline/nearest 'Text: a b Topic: x  Text: c d Topic: y  Text: a Topic:'\n"
      "  persona chat -m openai/gpt-4o-mini --record talk.jsonl 'Hello'   # then --replay talk.jsonl\n"
      "\n"
      "Exit code 1 if there is no answer; the reason is on stderr. --budget is never passed: a model whose price is\n"
      "not known is refused with it.");
  return {command, [arguments](const Context& context) { return chat(*arguments, context); }};
}

}  // namespace persona::cli
