//! `persona schema`: the JSON Schema of a specification.
#include "command.hpp"

#include <persona/population/spec.hpp>

#include <fmt/format.h>

#include <cstdio>

namespace persona::cli {

Command add_schema(CLI::App& app) {
  auto* schema = app.add_subcommand("schema", "Print the JSON Schema of a specification");
  schema->footer(
      "Editors complete and check a specification by it; in Visual Studio Code, for example:\n"
      "  persona schema > spec.schema.json\n"
      "  \"json.schemas\": [{\"fileMatch\": [\"specs/*.json\"], \"url\": \"./spec.schema.json\"}]");
  const auto run = [](const Context&) -> Result<ExitCode> {
    const auto text = spec_schema();
    fmt::print("{}{}", text, text.empty() || text.back() != '\n' ? "\n" : "");
    return exit_ok;
  };
  return {schema, run};
}

}  // namespace persona::cli
