//! Signatures as text.
#include <persona/prompt/signature.hpp>

#include <cctype>
#include <optional>
#include <utility>

namespace persona::prompt {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return text;
}

// Pieces between separators that stand outside quotes and brackets.
std::vector<std::string_view> split_outside(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  int depth = 0;
  char quote = '\0';
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '[') {
      ++depth;
    } else if (c == ']') {
      --depth;
    } else if (c == separator && depth == 0) {
      pieces.push_back(trimmed(text.substr(start, i - start)));
      start = i + 1;
    }
  }
  pieces.push_back(trimmed(text.substr(start)));
  return pieces;
}

std::optional<std::string> unquoted(std::string_view text) {
  if (text.size() < 2 || (text.front() != '\'' && text.front() != '"') || text.back() != text.front()) return {};
  return std::string(text.substr(1, text.size() - 2));
}

Status signature_problem(std::string_view what, std::string_view where) {
  return fail(Errc::invalid_argument, "signature: " + std::string(what) + " '" + std::string(where) + "'");
}

std::optional<FieldType> plain_type(std::string_view name) {
  if (name.empty() || name == "str" || name == "text") return FieldType::text;
  if (name == "int") return FieldType::whole_number;
  if (name == "float") return FieldType::number;
  if (name == "bool") return FieldType::yes_no;
  if (name == "list" || (name.starts_with("list[") && name.ends_with(']'))) return FieldType::list;
  if (name == "dict" || (name.starts_with("dict[") && name.ends_with(']'))) return FieldType::object;
  return {};
}

Status read_type(std::string_view text, Field& field) {
  if (const auto type = plain_type(text)) {
    field.type = *type;
    return {};
  }
  std::string_view choices = text;
  char separator = '|';
  if (choices.starts_with("Literal[") && choices.ends_with(']')) {
    choices = choices.substr(8, choices.size() - 9);
    separator = ',';
  }
  for (const auto piece : split_outside(choices, separator)) {
    auto choice = unquoted(piece);
    if (!choice) return signature_problem("there is no type", text);
    field.choices.push_back(*std::move(choice));
  }
  field.type = FieldType::choice;
  return {};
}

bool is_field_name(std::string_view name) {
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0) return false;
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_') return false;
  }
  return true;
}

Result<std::vector<Field>> read_side(std::string_view text) {
  std::vector<Field> fields;
  for (const auto piece : split_outside(text, ',')) {
    const auto colon = piece.find(':');
    Field field;
    field.name = trimmed(piece.substr(0, colon));
    if (!is_field_name(field.name)) return tl::unexpected(signature_problem("no field name in", piece).error());
    for (const Field& other : fields) {
      if (other.name == field.name) return tl::unexpected(signature_problem("a field twice:", field.name).error());
    }
    const auto type = colon == std::string_view::npos ? std::string_view() : trimmed(piece.substr(colon + 1));
    if (const auto read = read_type(type, field); !read) return tl::unexpected(read.error());
    fields.push_back(std::move(field));
  }
  return fields;
}

std::string type_text(const Field& field) {
  switch (field.type) {
    case FieldType::text: return {};
    case FieldType::whole_number: return ": int";
    case FieldType::number: return ": float";
    case FieldType::yes_no: return ": bool";
    case FieldType::list: return ": list";
    case FieldType::object: return ": dict";
    case FieldType::choice: break;
  }
  std::string text;
  for (const auto& choice : field.choices) text += (text.empty() ? ": '" : "|'") + choice + "'";
  return text;
}

std::string side_text(const std::vector<Field>& fields) {
  std::string text;
  for (const Field& field : fields) text += (text.empty() ? "" : ", ") + field.name + type_text(field);
  return text;
}

}  // namespace

Result<Signature> parse_signature(std::string_view text, std::string instructions) {
  const auto arrow = text.find("->");
  if (arrow == std::string_view::npos) {
    return tl::unexpected(signature_problem("no '->' between inputs and outputs in", text).error());
  }
  auto inputs = read_side(text.substr(0, arrow));
  if (!inputs) return tl::unexpected(inputs.error());
  auto outputs = read_side(text.substr(arrow + 2));
  if (!outputs) return tl::unexpected(outputs.error());
  for (const Field& output : *outputs) {
    for (const Field& input : *inputs) {
      if (input.name == output.name) {
        return tl::unexpected(signature_problem("input and output at once:", output.name).error());
      }
    }
  }
  return Signature{std::move(instructions), *std::move(inputs), *std::move(outputs)};
}

std::string to_string(const Signature& signature) {
  return side_text(signature.inputs) + " -> " + side_text(signature.outputs);
}

}  // namespace persona::prompt
