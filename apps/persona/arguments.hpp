//! Arguments that several subcommands share.
#pragma once

#include <persona/persona_generator.hpp>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace persona::cli {

//! A specification and the names its people get.
struct SpecArguments {
  std::string path;                //!< "-" is stdin
  std::vector<std::string> names;  //!< given names and surnames, or empty
};

//! Which people.
struct DrawArguments {
  std::uint64_t count = 0, seed = 0, start = 0;
  unsigned threads = 0;

  GenerateOptions options() const { return {.count = count, .seed = seed, .start = start, .parallelism = {threads}}; }
};

void add_spec_arguments(CLI::App& app, SpecArguments& arguments);
void add_draw_arguments(CLI::App& app, DrawArguments& arguments);

//! Lets an option take 1_000_000, 1,000,000, 1e6, 2.5M, 10k for a whole number.
CLI::Validator whole_number();

//! Reads and compiles. Errors name the file, then the place in it.
Result<PersonaGenerator> compile(const SpecArguments& arguments, const Context& context);

}  // namespace persona::cli
