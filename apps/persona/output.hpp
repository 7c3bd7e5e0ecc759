//! Where `persona generate` puts people.
#pragma once

#include <persona/population/sink.hpp>
#include <persona/storage/storage.hpp>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <string>

namespace persona::cli {

enum class OutputFormat { csv, ndjson, arrow, database };

//! What was asked of the output.
struct OutputArguments {
  std::string path;  //!< "-" is stdout
  std::string format;
  std::string name;  //!< of the population in a database
  std::string schema = "persona";
  bool replace = false, recipe = false;

  bool is_stdout() const { return path == "-"; }
};

void add_output_arguments(CLI::App& app, OutputArguments& arguments);

//! The format asked, or that of the extension. Throws WrongUsage where they do not go together.
OutputFormat output_format(const OutputArguments& arguments);

//! Nothing shows at the path before the sink is finished. @param record  for a database
Result<std::unique_ptr<PopulationSink>> open_output(const OutputArguments& arguments, OutputFormat format,
                                                    const PopulationRecord& record);

}  // namespace persona::cli
