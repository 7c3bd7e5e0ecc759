//! Arrow's types by the letters of the C Data Interface, and which of them are read.
#include "arrow_input.hpp"
#include "core/utf8.hpp"

#include <array>
#include <charconv>

#include <fmt/format.h>

namespace persona {
namespace {

struct ArrowLetter {
  std::string_view format;
  ArrowKind kind;
  int bytes;
  bool is_signed;
  std::string_view words;
};

using enum ArrowKind;
constexpr std::array<ArrowLetter, 24> arrow_letters = {{
    {"n", nothing, 0, true, "null"},
    {"b", boolean, 0, true, "bool"},
    {"c", integer, 1, true, "int8"},
    {"C", integer, 1, false, "uint8"},
    {"s", integer, 2, true, "int16"},
    {"S", integer, 2, false, "uint16"},
    {"i", integer, 4, true, "int32"},
    {"I", integer, 4, false, "uint32"},
    {"l", integer, 8, true, "int64"},
    {"L", integer, 8, false, "uint64"},
    {"e", floating, 2, true, "float16"},
    {"f", floating, 4, true, "float32"},
    {"g", floating, 8, true, "float64"},
    {"u", text, 4, true, "utf8"},
    {"U", text, 8, true, "large_utf8"},
    {"vu", text_view, 16, true, "utf8_view"},
    {"tdD", date32, 4, true, "date32"},
    {"tdm", date64, 8, true, "date64"},
    {"+l", list, 4, true, "list"},
    {"+L", list, 8, true, "large_list"},
    {"z", unsupported, 0, true, "binary"},
    {"Z", unsupported, 0, true, "large_binary"},
    {"vz", unsupported, 0, true, "binary_view"},
    {"tiM", unsupported, 0, true, "interval[months]"},
}};

struct ArrowFamily {
  std::string_view begin, words;
};
constexpr std::array<ArrowFamily, 14> arrow_families = {{
    {"d:", "decimal"},
    {"w:", "fixed_size_binary"},
    {"tD", "duration"},
    {"ti", "interval"},
    {"tt", "time"},
    {"+s", "struct"},
    {"+m", "map"},
    {"+w", "fixed_size_list"},
    {"+ud", "dense_union"},
    {"+us", "sparse_union"},
    {"+u", "union"},
    {"+r", "run_end_encoded"},
    {"+vl", "list_view"},
    {"+vL", "large_list_view"},
}};

// "timestamp[us, tz=UTC]" of "tsu:UTC"
std::string arrow_timestamp_words(std::string_view format) {
  constexpr std::string_view letters = "smun";
  constexpr std::array<std::string_view, 4> units = {"s", "ms", "us", "ns"};
  const auto unit = format.size() > 2 ? letters.find(format[2]) : std::string_view::npos;
  if (unit == std::string_view::npos) return "timestamp";
  const std::string_view zone = format.size() > 4 ? format.substr(4) : std::string_view();
  return fmt::format("timestamp[{}{}{}]", units[unit], zone.empty() ? "" : ", tz=", zone);
}

tl::unexpected<Error> arrow_unread(const std::string& column, const std::string& type) {
  return fail(
      Errc::unsupported,
      fmt::format("column '{}' is of the Arrow type {}, which is not read: leave it out, or cast it to a number, "
                  "text, labels or date32",
                  column, replace_invalid_utf8(type)));
}

}  // namespace

ArrowType arrow_type(std::string_view format) {
  for (const ArrowLetter& letter : arrow_letters)
    if (letter.format == format) return {letter.kind, letter.bytes, letter.is_signed, std::string(letter.words)};
  if (format.starts_with("ts")) return {.words = arrow_timestamp_words(format)};
  if (format.starts_with("d:")) return {.words = fmt::format("decimal({})", format.substr(2))};
  for (const ArrowFamily& family : arrow_families)
    if (format.starts_with(family.begin)) return {.words = std::string(family.words)};
  return {.words = fmt::format("'{}'", format)};
}

void take_arrow_metadata(ArrowField& field, std::string_view key, std::string_view value) {
  if (key == "unit") field.unit = replace_invalid_utf8(value);
  if (key == "description") field.description = replace_invalid_utf8(value);
  if (key != "decimals") return;
  int decimals = -1;
  const auto read = std::from_chars(value.data(), value.data() + value.size(), decimals);
  if (read.ec == std::errc() && decimals >= 0 && decimals <= 17) field.decimals = decimals;
}

Status check_arrow_field(const ArrowField& field) {
  if (!is_utf8(field.name))
    return fail(Errc::invalid_argument,
                fmt::format("the name of column '{}' is not UTF-8", replace_invalid_utf8(field.name)));
  const auto is_text = [](const ArrowType& type) { return type.kind == text || type.kind == text_view; };
  if (field.dictionary && (!is_text(*field.dictionary) || field.type.kind != integer))
    return arrow_unread(field.name, fmt::format("dictionary of {}", field.dictionary->words));
  if (field.type.kind == unsupported) return arrow_unread(field.name, field.type.words);
  if (field.type.kind != list) return {};
  if (!field.item) return fail(Errc::invalid_argument, fmt::format("column '{}': a list of no type", field.name));
  const bool labels = field.item->dictionary ? is_text(*field.item->dictionary) && field.item->type.kind == integer
                                             : is_text(field.item->type);
  if (labels) return {};
  const std::string of =
      field.item->dictionary ? "dictionary of " + field.item->dictionary->words : field.item->type.words;
  return arrow_unread(field.name, fmt::format("{} of {}", field.type.words, of));
}

}  // namespace persona
