//! Reads name tables from CSV files.
#include "names_origin.hpp"

#include <persona/population/names.hpp>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>

#include <fmt/format.h>

namespace persona {
namespace {

// One line of RFC 4180 without line breaks inside quotes.
std::vector<std::string> split_name_line(std::string_view line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"')
      cells.back().push_back(line[++i]);
    else if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      cells.emplace_back();
    else if (c != '\r')
      cells.back().push_back(c);
  }
  return cells;
}

// A file whose first line names its columns.
class NameFile {
 public:
  static Result<NameFile> open(const std::string& path) {
    NameFile file;
    file.path_ = path;
    file.stream_.open(path);
    std::string header;
    if (!file.stream_ || !std::getline(file.stream_, header))
      return fail(Errc::io, fmt::format("cannot read names from '{}'", path), path);
    if (header.starts_with("\xEF\xBB\xBF")) header.erase(0, 3);
    file.columns_ = split_name_line(header);
    return file;
  }

  bool next() {
    for (std::string line; std::getline(stream_, line);) {
      ++line_;
      if (line.empty() || line == "\r") continue;
      cells_ = split_name_line(line);
      return true;
    }
    return false;
  }

  bool has(std::string_view column) const {
    return std::find(columns_.begin(), columns_.end(), column) != columns_.end();
  }

  std::string_view text(std::string_view column) const {
    const auto at = static_cast<std::size_t>(std::find(columns_.begin(), columns_.end(), column) - columns_.begin());
    return at < cells_.size() ? std::string_view(cells_[at]) : std::string_view{};
  }

  std::optional<double> number(std::string_view column) const {
    const std::string_view cell = text(column);
    double value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc{} || end != cell.data() + cell.size()) return std::nullopt;
    return value;
  }

  tl::unexpected<Error> refuse(std::string_view why) const {
    return fail(Errc::invalid_argument, fmt::format("names in '{}', line {}: {}", path_, line_, why), path_);
  }

 private:
  std::string path_;
  std::ifstream stream_;
  std::vector<std::string> columns_, cells_;
  int line_ = 1;
};

std::string sex_of_csv(std::string_view cell) {
  return cell == "F" ? "female" : cell == "M" ? "male" : std::string(cell);
}

Result<std::vector<GivenName>> read_given_csv(const std::string& path) {
  auto file = NameFile::open(path);
  if (!file) return tl::unexpected(file.error());
  for (const char* column : {"decade", "sex", "name", "count"})
    if (!file->has(column)) return file->refuse(fmt::format("there is no column '{}'", column));
  std::vector<GivenName> given;
  while (file->next()) {
    const auto decade = file->number("decade"), count = file->number("count");
    if (!decade || *decade != static_cast<int>(*decade)) return file->refuse("the decade is not a year");
    if (!count) return file->refuse("the count is not a number");
    given.push_back(
        {std::string(file->text("name")), sex_of_csv(file->text("sex")), static_cast<int>(*decade), {}, *count});
  }
  return given;
}

Result<std::vector<Surname>> read_surname_csv(const std::string& path) {
  static constexpr std::pair<const char*, std::string_view> shares[] = {{"pctwhite", "white"},
                                                                        {"pctblack", "black"},
                                                                        {"pctapi", "asian"},
                                                                        {"pctaian", "native"},
                                                                        {"pcthispanic", "hispanic"}};
  auto file = NameFile::open(path);
  if (!file) return tl::unexpected(file.error());
  for (const char* column : {"name", "count"})
    if (!file->has(column)) return file->refuse(fmt::format("there is no column '{}'", column));
  std::vector<Surname> surnames;
  while (file->next()) {
    const auto count = file->number("count");
    if (!count) return file->refuse("the count is not a number");
    std::vector<std::pair<std::string_view, double>> percent;
    for (const auto& [column, origin] : shares)  // the Census writes "(S)" for a suppressed share
      if (file->has(column)) percent.emplace_back(origin, file->number(column).value_or(0));
    if (percent.empty())
      surnames.push_back({std::string(file->text("name")), {}, *count});
    else
      append_by_origin(surnames, file->text("name"), *count, percent);
  }
  return surnames;
}

}  // namespace

Result<std::shared_ptr<const NameTable>> NameTable::read_csv(const std::string& given_path,
                                                             const std::string& surnames_path) {
  auto given = read_given_csv(given_path);
  if (!given) return tl::unexpected(given.error());
  auto surnames = read_surname_csv(surnames_path);
  if (!surnames) return tl::unexpected(surnames.error());
  return make(std::move(*given), std::move(*surnames));
}

}  // namespace persona
