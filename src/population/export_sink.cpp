//! Sinks by format, and whole populations as text.
#include "arrow_ipc.hpp"
#include "export_output.hpp"
#include "export_rows.hpp"

#include <persona/population/export.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace persona {
namespace {

class RowSink final : public PopulationSink {
 public:
  RowSink(std::unique_ptr<ByteOutput> out, RowSyntax syntax) : out_(std::move(out)), syntax_(syntax) {}

  Status append(const Population& batch) override {
    if (!begun_) {
      begun_ = true;
      for (const Column& column : batch.columns()) fields_.push_back(column.field());
      if (syntax_ == RowSyntax::csv)
        if (Status header = out_->write(csv_header(batch)); !header) return header;
    }
    const bool same = std::ranges::equal(batch.columns(), fields_, [](const Column& column, const Field& field) {
      return column.name() == field.name && column.type() == field.type;
    });
    if (!same) return fail(Errc::invalid_argument, "the batch has other columns than the first one");
    return write_rows(batch, syntax_, *out_);
  }

  Status finish() override { return out_->finish(); }

 private:
  std::unique_ptr<ByteOutput> out_;
  RowSyntax syntax_;
  std::vector<Field> fields_;
  bool begun_ = false;
};

std::unique_ptr<PopulationSink> make_output_sink(std::unique_ptr<ByteOutput> out, FileFormat format, IpcForm arrow) {
  if (format == FileFormat::arrow) return make_ipc_sink(std::move(out), arrow);
  return std::make_unique<RowSink>(std::move(out), format == FileFormat::csv ? RowSyntax::csv : RowSyntax::ndjson);
}

std::string rows_text(const Population& population, RowSyntax syntax) {
  std::string text = syntax == RowSyntax::csv ? csv_header(population) : std::string();
  const Status written = write_rows(population, syntax, *make_string_output(text));
  static_cast<void>(written);  // a string takes everything
  return text;
}

}  // namespace

Result<FileFormat> format_of(std::string_view path) {
  constexpr std::array<std::pair<std::string_view, FileFormat>, 5> known = {{{".csv", FileFormat::csv},
                                                                             {".ndjson", FileFormat::ndjson},
                                                                             {".jsonl", FileFormat::ndjson},
                                                                             {".arrow", FileFormat::arrow},
                                                                             {".feather", FileFormat::arrow}}};
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  for (const auto& [extension, format] : known) {
    if (path.size() < extension.size()) continue;
    if (std::ranges::equal(path.substr(path.size() - extension.size()), extension, {}, lower)) return format;
  }
  return fail(Errc::unsupported,
              fmt::format("cannot tell the format of '{}' from its name; known are .csv, .ndjson, .jsonl, .arrow and "
                          ".feather",
                          path),
              std::string(path));
}

Result<std::unique_ptr<PopulationSink>> open_file_sink(const std::string& path, FileFormat format) {
  Result<std::unique_ptr<ByteOutput>> out = open_file_output(path);
  if (!out) return tl::unexpected(std::move(out.error()));
  return make_output_sink(*std::move(out), format, is_ordinary_file(path) ? IpcForm::file : IpcForm::stream);
}

std::unique_ptr<PopulationSink> make_stream_sink(std::ostream& out, FileFormat format) {
  return make_output_sink(make_stream_output(out), format, IpcForm::stream);
}

std::string to_csv(const Population& population) {
  return rows_text(population, RowSyntax::csv);
}

std::string to_ndjson(const Population& population) {
  return rows_text(population, RowSyntax::ndjson);
}

}  // namespace persona
