//! Where `persona generate` puts people.
#include "output.hpp"

#include "command.hpp"
#include "database.hpp"
#include "terminal.hpp"

#include <persona/population/export.hpp>

#include <filesystem>
#include <iostream>

namespace persona::cli {
namespace {

OutputFormat format_named(const std::string& name) {
  if (name == "csv") return OutputFormat::csv;
  if (name == "ndjson") return OutputFormat::ndjson;
  return name == "arrow" ? OutputFormat::arrow : OutputFormat::database;
}

OutputFormat format_of_extension(const std::string& path) {
  if (is_database(path)) return OutputFormat::database;
  const auto known = format_of(path);
  if (!known)
    throw WrongUsage("--out: '" + path +
                     "' ends in none of .csv .ndjson .jsonl .arrow .feather .db .sqlite: --format says which it is");
  switch (*known) {
    case FileFormat::csv: return OutputFormat::csv;
    case FileFormat::ndjson: return OutputFormat::ndjson;
    case FileFormat::arrow: break;
  }
  return OutputFormat::arrow;
}

FileFormat file_format(OutputFormat format) {
  if (format == OutputFormat::csv) return FileFormat::csv;
  return format == OutputFormat::ndjson ? FileFormat::ndjson : FileFormat::arrow;
}

// To stdout; says so when the reader went away.
class StdoutSink final : public PopulationSink {
 public:
  explicit StdoutSink(FileFormat format) : sink_(make_stream_sink(std::cout, format)) {}
  Status append(const Population& batch) override { return sink_->append(batch); }
  Status finish() override {
    auto status = sink_->finish();
    if (status && !std::cout.flush()) return fail(Errc::io, "cannot write to stdout");
    return status;
  }

 private:
  std::unique_ptr<PopulationSink> sink_;
};

}  // namespace

void add_output_arguments(CLI::App& app, OutputArguments& arguments) {
  app.add_option("-o,--out", arguments.path,
                 "Where to: .csv .ndjson .jsonl .arrow .feather .db .sqlite, postgresql://..., or - for stdout")
      ->required()
      ->type_name("FILE");
  app.add_option("--format", arguments.format, "For stdout (csv if not given), and other extensions")
      ->check(CLI::IsMember({"csv", "ndjson", "arrow", "db"}));
  app.add_option("--name", arguments.name, "Of the population in a .db file; the specification's if not given")
      ->type_name("NAME");
  app.add_flag("--replace", arguments.replace, "Replace the population of that name in a .db file");
  add_schema_argument(app, arguments.schema);
  app.add_flag("--recipe", arguments.recipe, "Keep specification and seed in the .db file: a few kB, drawn on reading");
}

OutputFormat output_format(const OutputArguments& arguments) {
  OutputFormat format = OutputFormat::csv;
  if (!arguments.format.empty())
    format = format_named(arguments.format);
  else if (!arguments.is_stdout())
    format = format_of_extension(arguments.path);
  const bool database = format == OutputFormat::database;
  if (database && arguments.is_stdout()) throw WrongUsage("--out: a database needs a file, not stdout");
  if (!database && arguments.recipe) throw WrongUsage("--recipe: only a .db file can keep a recipe");
  if (!database && arguments.replace) throw WrongUsage("--replace: only for a .db file; others are replaced anyway");
  if (!database && !arguments.name.empty()) throw WrongUsage("--name: only for a .db file");
  if (format == OutputFormat::arrow && arguments.is_stdout() && is_terminal(Stream::out))
    throw WrongUsage("--out: arrow is not for a terminal; send it to a file or a pipe");
  return format;
}

Result<std::unique_ptr<PopulationSink>> open_output(const OutputArguments& arguments, OutputFormat format,
                                                    const PopulationRecord& record) {
  std::error_code ignored;
  if (std::filesystem::is_directory(arguments.path, ignored)) return fail(Errc::io, "is a folder", arguments.path);
  if (format == OutputFormat::database)
    return DatabaseSink::make({arguments.path, arguments.schema}, record, {.replace = arguments.replace});
  if (!arguments.is_stdout()) return open_file_sink(arguments.path, file_format(format));
  return std::make_unique<StdoutSink>(file_format(format));
}

}  // namespace persona::cli
