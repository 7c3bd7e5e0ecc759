//! A model's words as a value.
#include "fields_json.hpp"

#include <persona/prompt/signature.hpp>

#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "core/text.hpp"

namespace persona::prompt {
namespace {

std::string_view bare(std::string_view text) {
  const auto skips = [](char c) {
    return std::isspace(static_cast<unsigned char>(c)) != 0 || c == '"' || c == '\'' || c == '`' || c == '*';
  };
  while (!text.empty() && skips(text.front())) text.remove_prefix(1);
  while (!text.empty() && (skips(text.back()) || text.back() == '.')) text.remove_suffix(1);
  return text;
}

std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

bool is_digit_at(std::string_view text, std::size_t i) {
  return i < text.size() && std::isdigit(static_cast<unsigned char>(text[i])) != 0;
}

// A comma between digits with exactly three behind it: "1,5" is not fifteen.
bool separates_thousands(std::string_view text, std::size_t i) {
  return text[i] == ',' && i > 0 && is_digit_at(text, i - 1) && is_digit_at(text, i + 1) && is_digit_at(text, i + 2) &&
         is_digit_at(text, i + 3) && !is_digit_at(text, i + 4);
}

// "$1,234.50 " is 1234.5: a currency sign before, separators of thousands within, a percent sign behind.
std::optional<double> number_in(std::string_view text) {
  std::string digits;
  text = bare(text);
  for (const std::string_view sign : {"$", "\xe2\x82\xac", "\xc2\xa3"}) {
    if (text.starts_with(sign)) text.remove_prefix(sign.size());
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!separates_thousands(text, i)) digits += text[i];
  }
  if (digits.starts_with('+')) digits.erase(0, 1);
  if (digits.ends_with('%')) digits.pop_back();
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.empty() || !std::isfinite(value))
    return {};
  return value;
}

tl::unexpected<Error> wrong(const Field& field, std::string_view wanted, std::string_view text) {
  return fail(Errc::invalid_output,
              "field '" + field.name + "' must be " + std::string(wanted) + ", is \"" + shortened(text, 60) + "\"");
}

Result<FieldValue> read_yes_no(const Field& field, std::string_view text) {
  const std::string word = lower_ascii(bare(text));
  if (word == "true" || word == "yes") return true;
  if (word == "false" || word == "no") return false;
  return wrong(field, "true or false", text);
}

Result<FieldValue> read_choice(const Field& field, std::string_view text) {
  const std::string word = lower_ascii(bare(text));
  for (const auto& choice : field.choices) {
    if (lower_ascii(bare(choice)) == word) return choice;
  }
  return wrong(field, "one of " + listing(field.choices, 20), text);
}

Result<FieldValue> read_json(const Field& field, std::string_view text) {
  const auto tree = parse_json_document(text);
  const bool fits = tree && (field.type == FieldType::list ? tree->is_array() : tree->is_object());
  if (!fits) return wrong(field, field.type == FieldType::list ? "a JSON list" : "a JSON object", text);
  return JsonText{print_json_compact(*tree)};
}

}  // namespace

Result<FieldValue> read_value(const Field& field, std::string_view text) {
  switch (field.type) {
    case FieldType::yes_no: return read_yes_no(field, text);
    case FieldType::choice: return read_choice(field, text);
    case FieldType::list:
    case FieldType::object: return read_json(field, text);
    case FieldType::number:
      if (const auto number = number_in(text)) return *number;
      return wrong(field, "a number", text);
    case FieldType::whole_number:
      if (const auto number = number_in(text); number && *number == std::floor(*number) && std::abs(*number) < 9e15) {
        return static_cast<std::int64_t>(*number);
      }
      return wrong(field, "a whole number", text);
    case FieldType::text: break;
  }
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace persona::prompt
