//! Examples out of files.
#include <persona/prompt/dataset.hpp>

#include "fields_json.hpp"

#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

namespace persona::prompt {
namespace {

// "id", "weight" and "segment" are taken out where they are of that kind.
Example example_of(Fields fields) {
  Example example;
  if (auto id = fields.extract("id"); !id.empty() && !std::holds_alternative<std::monostate>(id.mapped())) {
    example.id = to_text(id.mapped());
  }
  if (const auto weight = fields.find("weight"); weight != fields.end()) {
    const auto* real = std::get_if<double>(&weight->second);
    const auto* whole = std::get_if<std::int64_t>(&weight->second);
    if (real != nullptr || whole != nullptr) {
      example.weight = real != nullptr ? *real : static_cast<double>(*whole);
      fields.erase(weight);
    }
  }
  if (const auto segment = fields.find("segment"); segment != fields.end()) {
    if (const auto* text = std::get_if<std::string>(&segment->second)) {
      example.segment = *text;
      fields.erase(segment);
    }
  }
  example.fields = std::move(fields);
  return example;
}

Error at_line(Error error, std::size_t line) {
  error.message = "line " + std::to_string(line) + ": " + error.message;
  return error;
}

// One record of RFC 4180; moves `at` behind it. None: a quote stays open.
std::optional<std::vector<std::string>> csv_record(std::string_view text, std::size_t& at, std::size_t& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') {
        cells.back() += c;
      } else if (at + 1 < text.size() && text[at + 1] == '"') {
        cells.back() += text[++at];
      } else {
        quoted = false;
      }
    } else if (c == '"' && cells.back().empty()) {
      quoted = true;
    } else if (c == ',') {
      cells.emplace_back();
    } else if (c == '\n') {
      ++at;
      return cells;
    } else if (c != '\r' || at + 1 >= text.size() || text[at + 1] != '\n') {
      cells.back() += c;
    }
  }
  if (quoted) return {};
  return cells;
}

FieldValue cell_value(std::string text) {
  if (text == "true") return true;
  if (text == "false") return false;
  const bool padded = text.size() > 1 && text[0] == '0' && text[1] != '.';  // "007" is a name, not seven
  std::int64_t whole = 0;
  const char* const end = text.data() + text.size();
  if (const auto read = std::from_chars(text.data(), end, whole);
      !padded && read.ec == std::errc() && read.ptr == end) {
    return whole;
  }
  double number = 0;
  if (const auto read = std::from_chars(text.data(), end, number);
      !padded && read.ec == std::errc() && read.ptr == end && std::isfinite(number)) {
    return number;
  }
  return text;
}

std::string_view without_mark(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return text;
}

}  // namespace

Result<Dataset> parse_jsonl(std::string_view text) {
  text = without_mark(text);
  std::vector<Example> examples;
  std::size_t line = 0;
  while (!text.empty()) {
    ++line;
    const auto end = text.find('\n');
    const std::string_view record = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (record.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    auto fields = parse_fields(record);
    if (!fields) return tl::unexpected(at_line(fields.error(), line));
    examples.push_back(example_of(*std::move(fields)));
  }
  return Dataset::make(std::move(examples));
}

Result<std::string> to_jsonl(const Dataset& data) {
  std::string lines;
  for (const Example& example : data) {
    Json line = {{"id", example.id}};
    if (example.weight != 1) line["weight"] = json_number(example.weight);
    if (!example.segment.empty()) line["segment"] = example.segment;
    for (const auto& [name, value] : example.fields) line[name] = json_of(value);
    const Fields fields = *fields_from(line);
    if (example_of(fields) != example) {
      return fail(Errc::invalid_argument,
                  "example '" + example.id + "': a field called 'id', 'weight' or 'segment' would be read as a mark");
    }
    lines += print_json_compact(line) + "\n";
  }
  return lines;
}

namespace {

Result<Dataset> parse_json_list(std::string_view text) {
  const auto list = parse_json_document(text);
  if (!list) return tl::unexpected(list.error());
  std::vector<Example> examples;
  for (const Json& item : *list) {
    auto fields = fields_from(item, "/" + std::to_string(examples.size()));
    if (!fields) return tl::unexpected(fields.error());
    examples.push_back(example_of(*std::move(fields)));
  }
  return Dataset::make(std::move(examples));
}

}  // namespace

Result<Dataset> parse_csv(std::string_view text) {
  text = without_mark(text);
  std::size_t at = 0;
  std::size_t line = 1;
  const auto names = csv_record(text, at, line);
  if (!names) return fail(Errc::invalid_argument, "line 1: a quoted cell has no end");
  std::vector<Example> examples;
  while (at < text.size()) {
    const std::size_t first_line = line;
    auto cells = csv_record(text, at, line);
    const std::string where = "line " + std::to_string(first_line);
    if (!cells) return fail(Errc::invalid_argument, where + ": a quoted cell has no end");
    if (cells->size() == 1 && cells->front().empty()) continue;
    if (cells->size() != names->size()) {
      return fail(Errc::invalid_argument, where + ": " + std::to_string(cells->size()) + " cells, the header has " +
                                              std::to_string(names->size()));
    }
    Fields fields;
    for (std::size_t i = 0; i < cells->size(); ++i) fields[(*names)[i]] = cell_value(std::move((*cells)[i]));
    examples.push_back(example_of(std::move(fields)));
  }
  return Dataset::make(std::move(examples));
}

Result<Dataset> read_dataset(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(Errc::not_found, "there is no such file, or it may not be read", path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) return fail(Errc::io, "the file cannot be read", path);
  const bool is_list = !path.ends_with(".csv") && without_mark(text).substr(0, 1) == "[";
  auto data = path.ends_with(".csv") ? parse_csv(text)
              : is_list              ? parse_json_list(without_mark(text))
                                     : parse_jsonl(text);
  if (!data) {
    data.error().message = path + ": " + data.error().message;
    return data;
  }
  return data;
}

}  // namespace persona::prompt
