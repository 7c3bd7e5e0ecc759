//! `persona models`: which language models this machine is set up for.
#include "command.hpp"
#include "models_here.hpp"
#include "price_rows.hpp"
#include "table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace persona::cli {
namespace {

struct ModelsArguments {
  bool json = false;
};

// A model with a price, of a provider that is set up.
struct ModelHere {
  llm::Price price;
  llm::Capabilities can;
};

bool is_here(const std::vector<std::string>& here, std::string_view provider) {
  return std::find(here.begin(), here.end(), provider) != here.end();
}

Result<std::vector<ModelHere>> models_here(const std::vector<std::string>& here) {
  const auto table = llm::PriceTable::built_in();
  std::vector<ModelHere> models;
  const llm::StackOptions usual;
  llm::Provider provider;  // knows them all, once one of them is asked about
  for (const auto& price : table->prices()) {
    const auto name = price.model.substr(0, price.model.find('/'));
    if (!is_here(here, name) || table->find("", price.model, today()) != price) continue;
    if (provider == nullptr) {
      auto opened = open_model(price.model, usual);
      if (!opened) return tl::unexpected(opened.error());
      provider = std::move(*opened);
    }
    models.push_back({price, provider->capabilities(price.model)});
  }
  return models;
}

std::string words_of(const llm::Capabilities& can) {
  std::string words;
  const auto add = [&](bool has, const char* word) {
    if (has) words += (words.empty() ? "" : " ") + std::string(word);
  };
  add(can.json_schema, "json");
  add(can.tools, "tools");
  add(can.images, "images");
  add(can.streaming, "streaming");
  add(can.seed, "seed");
  add(can.count_tokens, "count");
  return words;
}

std::string as_text(const std::vector<std::string>& here, const std::vector<ModelHere>& models) {
  Table providers({"provider", "set up", "by the environment"});
  for (const auto& known : known_providers())
    providers.row({std::string(known.name), is_here(here, known.name) ? "yes" : "no", std::string(known.variables)});
  std::string text = providers.text();
  if (!models.empty()) {
    Table table({"model", ">input", ">output", "can"});
    for (const auto& model : models)
      table.row({model.price.model, per_million(model.price.standard.input), per_million(model.price.standard.output),
                 words_of(model.can)});
    text += "\n" + table.text() + "\nDollars for a million tokens\n";
  }
  return text + "\nA provider that is set up takes any model of its own, also one without a price here.\n";
}

nlohmann::ordered_json can_json(const llm::Capabilities& can) {
  return {{"json_schema", can.json_schema},  {"tools", can.tools}, {"images", can.images},
          {"streaming", can.streaming},      {"seed", can.seed},   {"embeddings", can.embeddings},
          {"count_tokens", can.count_tokens}};
}

std::string as_json(const std::vector<std::string>& here, const std::vector<ModelHere>& models) {
  nlohmann::ordered_json document = {{"providers", nlohmann::ordered_json::array()},
                                     {"models", nlohmann::ordered_json::array()}};
  for (const auto& known : known_providers())
    document["providers"].push_back(
        {{"name", known.name}, {"set_up", is_here(here, known.name)}, {"needs", known.variables}});
  for (const auto& model : models) {
    auto one = price_json(model.price);
    one["capabilities"] = can_json(model.can);
    document["models"].push_back(std::move(one));
  }
  return document.dump(2) + "\n";
}

}  // namespace

Command add_models(CLI::App& app) {
  auto* command = app.add_subcommand("models", "Show which language models this machine is set up for");
  const auto arguments = std::make_shared<ModelsArguments>();
  command->add_flag("--json", arguments->json, "As JSON, for programs");
  command->footer(
      "Lists the providers, whether the environment names what each needs, and the models with a known price of\n"
      "those that are set up. Nothing is sent, and no key is shown.\n"
      "\n"
      "Examples:\n"
      "  persona models\n"
      "  persona models --json | jq -r '.models[] | select(.capabilities.json_schema) | .model'");
  const auto run = [arguments](const Context&) -> Result<ExitCode> {
    const auto here = providers_here();
    const auto models = models_here(here);
    if (!models) return tl::unexpected(models.error());
    fmt::print("{}", arguments->json ? as_json(here, *models) : as_text(here, *models));
#ifndef PERSONA_CLI_HTTP
    fmt::print(stderr, "persona: this persona was built without HTTP (libcurl): only offline/... answers\n");
#endif
    return exit_ok;
  };
  return {command, run};
}

}  // namespace persona::cli
