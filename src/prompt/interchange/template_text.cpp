//! Templates as Python's f-strings and in double braces.
#include "template_text.hpp"

#include <algorithm>
#include <cctype>

namespace persona::prompt {
namespace {

bool is_variable(std::string_view name) {
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

std::string_view stripped(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// "{{" of `{{ "{{" }}`: how a tag is said literally.
std::string_view quoted_literal(std::string_view inside) {
  if (inside.size() < 3 || (inside.front() != '"' && inside.front() != '\'') || inside.back() != inside.front())
    return {};
  const auto literal = inside.substr(1, inside.size() - 2);
  return literal.find_first_of("\"'\\") == std::string_view::npos ? literal : std::string_view();
}

}  // namespace

Result<TemplateText> read_f_string(std::string_view text, const JsonPath& path) {
  TemplateText read;
  while (!text.empty()) {
    const auto brace = text.find_first_of("{}");
    append_piece(read, {std::string(text.substr(0, brace)), false});
    if (brace == std::string_view::npos) break;
    const char kind = text[brace];
    text.remove_prefix(brace + 1);
    if (text.starts_with(kind)) {
      append_piece(read, {std::string(1, kind), false});
      text.remove_prefix(1);
      continue;
    }
    const auto close = text.find('}');
    if (kind == '}' || close == std::string_view::npos)
      return fail(Errc::invalid_argument, "a brace stands alone: a literal one is doubled", path.text());
    const auto name = text.substr(0, close);
    if (!is_variable(name))
      return fail(Errc::unsupported, "'{" + std::string(name) + "}' is more than the name of a slot", path.text());
    append_piece(read, {std::string(name), true});
    text.remove_prefix(close + 1);
  }
  return read;
}

std::string f_string_of(const TemplateText& text) {
  std::string written;
  for (const TemplatePiece& piece : text) {
    if (piece.is_slot) {
      written += "{" + piece.text + "}";
      continue;
    }
    for (const char c : piece.text) written.append(c == '{' || c == '}' ? 2 : 1, c);
  }
  return written;
}

Result<TemplateText> read_double_braces(std::string_view text, const JsonPath& path, std::string_view language) {
  TemplateText read;
  const bool has_blocks = language != "mustache";
  while (!text.empty()) {
    auto open = text.find("{{");
    if (has_blocks) open = std::min({open, text.find("{%"), text.find("{#")});
    append_piece(read, {std::string(text.substr(0, open)), false});
    if (open == std::string_view::npos) break;
    text.remove_prefix(open);
    const auto close = text.find("}}");
    if (text.starts_with("{{") && close == std::string_view::npos)
      return fail(Errc::invalid_argument, "a '{{' has no '}}'", path.text());
    const auto inside = text.starts_with("{{") ? stripped(text.substr(2, close - 2)) : std::string_view();
    const auto literal = has_blocks ? quoted_literal(inside) : std::string_view();
    if (!is_variable(inside) && literal.empty())
      return fail(Errc::unsupported,
                  "'" + std::string(text.substr(0, std::min<std::size_t>(text.find('}'), 40))) + "' is code of " +
                      std::string(language) + ": only slots such as {{question}} are read",
                  path.text());
    append_piece(read, {std::string(literal.empty() ? inside : literal), literal.empty()});
    text.remove_prefix(close + 2);
  }
  return read;
}

std::string nunjucks_of(const TemplateText& text) {
  std::string written;
  for (const TemplatePiece& piece : text) {
    if (piece.is_slot) {
      written += "{{" + piece.text + "}}";
      continue;
    }
    for (std::size_t i = 0; i < piece.text.size(); ++i) {
      const auto two = std::string_view(piece.text).substr(i, 2);
      if (two == "{{" || two == "{%" || two == "{#") {
        written.append("{{ \"").append(two).append("\" }}");
        ++i;
      } else {
        written += piece.text[i];
      }
    }
    // A brace before a slot would open it.
    if (&piece != &text.back() && written.ends_with('{')) written.replace(written.size() - 1, 1, "{{ \"{\" }}");
  }
  return written;
}

}  // namespace persona::prompt
