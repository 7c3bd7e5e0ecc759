//! `persona price`: what tokens cost.
#include "arguments.hpp"
#include "command.hpp"
#include "price_rows.hpp"
#include "table.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace persona::cli {
namespace {

struct PriceArguments {
  std::string model;
  std::optional<std::uint64_t> input, output, cached;
  bool batch = false, json = false;

  bool has_tokens() const { return input || output || cached; }
};

std::string price_table(const std::vector<llm::Price>& prices) {
  Table table({"model", ">input", ">cached", ">output", ">context", ">answer", "since"});
  const auto limit = [](const std::optional<std::int64_t>& tokens) {
    return tokens ? with_commas(static_cast<std::uint64_t>(*tokens)) : std::string("?");
  };
  for (const auto& price : prices)
    table.row({price.model, per_million(price.standard.input), per_million(price.standard.cached),
               per_million(price.standard.output), limit(price.max_input_tokens), limit(price.max_output_tokens),
               iso_date(price.from)});
  return table.text() + "\nDollars for a million tokens; context and answer in tokens\n";
}

std::vector<llm::Price> current_prices(const llm::PriceTable& table) {
  std::vector<llm::Price> current;
  for (const auto& price : table.prices())
    if (table.find("", price.model, today()) == price) current.push_back(price);
  return current;
}

void print_prices(const std::vector<llm::Price>& prices, bool json) {
  if (!json) return fmt::print("{}", price_table(prices));
  auto all = nlohmann::ordered_json::array();
  for (const auto& price : prices) all.push_back(price_json(price));
  fmt::print("{}\n", all.dump(2));
}

llm::Usage usage_of(const PriceArguments& arguments) {
  llm::Usage usage;
  usage.input = static_cast<std::int64_t>(arguments.input.value_or(0));
  usage.input_cached = static_cast<std::int64_t>(arguments.cached.value_or(0));
  usage.output = static_cast<std::int64_t>(arguments.output.value_or(0));
  if (usage.input_cached > usage.input)
    throw WrongUsage("--cached: these tokens are part of --input-tokens, so there cannot be more of them");
  return usage;
}

void print_cost(const llm::Price& price, const PriceArguments& arguments) {
  const auto usage = usage_of(arguments);
  Money total = cost(price, usage);
  if (arguments.batch) total = {std::llround(static_cast<double>(total.picodollars) * price.batch_factor)};
  if (!arguments.json) return fmt::print("{}\n", to_string(total));
  nlohmann::ordered_json document = price_json(price);
  document["usage"] = {{"input", usage.input}, {"cached", usage.input_cached}, {"output", usage.output}};
  document["cost"] = static_cast<double>(total.picodollars) * 1e-12;
  fmt::print("{}\n", document.dump(2));
}

Result<ExitCode> tell_price(const PriceArguments& arguments) {
  const auto table = llm::PriceTable::built_in();
  if (arguments.model.empty()) {
    if (arguments.has_tokens() || arguments.batch) throw WrongUsage("price: tokens of which MODEL?");
    print_prices(current_prices(*table), arguments.json);
    return exit_ok;
  }
  const auto price = find_price(*table, arguments.model);
  if (!price) {
    fmt::print("unknown\n");
    return fail(Errc::not_found,
                fmt::format("no price of '{}' is known; 'persona price' lists those that are", arguments.model));
  }
  if (arguments.has_tokens())
    print_cost(*price, arguments);
  else
    print_prices({*price}, arguments.json);
  return exit_ok;
}

}  // namespace

Command add_price(CLI::App& app) {
  auto* command = app.add_subcommand("price", "Show what the tokens of a language model cost");
  const auto arguments = std::make_shared<PriceArguments>();
  command->add_option("model", arguments->model, "openai/gpt-4o-mini; without it all prices are listed")
      ->type_name("MODEL");
  command->add_option("-i,--input-tokens", arguments->input, "Tokens that are asked with")
      ->transform(whole_number())
      ->type_name("N");
  command->add_option("-o,--output-tokens", arguments->output, "Tokens that are answered")
      ->transform(whole_number())
      ->type_name("M");
  command->add_option("--cached", arguments->cached, "Of the input, those read from the provider's cache")
      ->transform(whole_number())
      ->type_name("N");
  command->add_flag("--batch", arguments->batch, "As part of a batch, answered within a day");
  command->add_flag("--json", arguments->json, "As JSON, for programs");
  command->footer(
      "Prices are those known when this version was made; each has a day and a source (--json).\n"
      "\n"
      "Examples:\n"
      "  persona price openai/gpt-4o-mini --input-tokens 1e6 --output-tokens 20k\n"
      "  persona price anthropic/claude-haiku-4-5 -i 172000 --cached 155000 -o 3000\n"
      "  persona price --json | jq -r '.[] | select(.output < 1) | .model'\n"
      "\n"
      "Exit code 1 and the word 'unknown' for a model without a price: unknown is never free.");
  return {command, [arguments](const Context&) { return tell_price(*arguments); }};
}

}  // namespace persona::cli
