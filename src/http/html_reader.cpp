//! A tokenizer that never fails.
#include "html_reader.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace persona::http {
namespace {

constexpr std::array<std::string_view, 6> raw_elements{"script", "style", "textarea", "xmp", "iframe", "noembed"};
constexpr std::array<std::string_view, 14> empty_elements{"area",  "base", "br",   "col",   "embed",  "hr",    "img",
                                                          "input", "link", "meta", "param", "source", "track", "wbr"};

char lower_letter(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}
bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

void skip_past(std::string_view& text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + mark.size());
}

// To the "</name" that ends a raw element, or to the end.
void skip_raw(std::string_view& text, std::string_view name) {
  for (std::size_t at = text.find("</"); at != std::string_view::npos; at = text.find("</", at + 2)) {
    const std::string_view found = text.substr(at + 2, name.size());
    if (std::equal(found.begin(), found.end(), name.begin(), name.end(),
                   [](char a, char b) { return lower_letter(a) == b; })) {
      text.remove_prefix(at);
      return;
    }
  }
  text = {};
}

std::string without_spaces(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_space(c)) out += lower_letter(c);
  }
  return out;
}

bool hides(std::string_view attribute, std::string_view value) {
  if (attribute == "hidden") return true;
  if (attribute == "aria-hidden") return without_spaces(value) == "true";
  if (attribute == "type") return without_spaces(value) == "hidden";
  if (attribute != "style") return false;
  const std::string style = without_spaces(decode_entities(value));
  for (const std::string_view mark :
       {"display:none", "visibility:hidden", "visibility:collapse", "content-visibility:hidden", "opacity:0;",
        "opacity:0.0", "font-size:0;", "font-size:0p", "font-size:0e"}) {
    if (style.find(mark) != std::string::npos) return true;
  }
  return style.ends_with("opacity:0") || style.ends_with("font-size:0");
}

}  // namespace

HtmlPart HtmlReader::next() {
  while (skip_unseen()) {
  }
  if (rest_.empty()) return {};
  if (rest_.front() == '<') return read_tag();
  HtmlPart part{.kind = HtmlPart::Kind::text};
  std::size_t end = 0;
  for (;;) {  // a '<' that begins no tag is a letter
    end = std::min(rest_.find('<', end), rest_.size());
    const char after = end + 1 < rest_.size() ? rest_[end + 1] : ' ';
    if (end == rest_.size() || is_letter(after) || after == '/' || after == '!' || after == '?') break;
    ++end;
  }
  part.text = rest_.substr(0, end);
  rest_.remove_prefix(end);
  return part;
}

// One comment, declaration or the like.
bool HtmlReader::skip_unseen() {
  const bool is_empty_comment = rest_.starts_with("<!-->") || rest_.starts_with("<!--->");
  const bool is_odd_end = rest_.starts_with("</") && (rest_.size() < 3 || !is_letter(rest_[2]));
  if (rest_.starts_with("<!--") && !is_empty_comment) {
    rest_.remove_prefix(4);
    skip_past(rest_, "-->");
  } else if (rest_.starts_with("<!") || rest_.starts_with("<?") || is_odd_end) {
    skip_past(rest_, ">");
  } else {
    return false;
  }
  return true;
}

HtmlPart HtmlReader::read_tag() {
  HtmlPart part;
  if (rest_.size() < 2 || (rest_[1] != '/' && !is_letter(rest_[1]))) {
    part = {.kind = HtmlPart::Kind::text, .text = rest_.substr(0, 1)};
    rest_.remove_prefix(1);
    return part;
  }
  const bool closes = rest_[1] == '/';
  part.kind = closes ? HtmlPart::Kind::closes : HtmlPart::Kind::opens;
  rest_.remove_prefix(closes ? 2 : 1);
  while (!rest_.empty() && !is_space(rest_.front()) && rest_.front() != '/' && rest_.front() != '>') {
    part.name += lower_letter(rest_.front());
    rest_.remove_prefix(1);
  }
  read_attributes(part);
  const auto is_in = [&](const auto& names) { return std::find(names.begin(), names.end(), part.name) != names.end(); };
  const bool is_foreign = part.name == "svg" || part.name == "math";  // others stay open, whatever "/>" says
  part.is_empty = is_in(empty_elements) || (part.is_empty && is_foreign);
  if (!closes && is_in(raw_elements)) skip_raw(rest_, part.name);
  return part;
}

void HtmlReader::read_attributes(HtmlPart& part) {
  while (!rest_.empty() && rest_.front() != '>') {
    if (is_space(rest_.front()) || rest_.front() == '/' || rest_.front() == '=') {
      part.is_empty = rest_.starts_with("/>");
      rest_.remove_prefix(1);
      continue;
    }
    std::string name;
    while (!rest_.empty() && !is_space(rest_.front()) &&
           std::string_view("/>=").find(rest_.front()) == std::string::npos) {
      name += lower_letter(rest_.front());
      rest_.remove_prefix(1);
    }
    if (hides(name, read_value())) part.hidden = true;
  }
  if (!rest_.empty()) rest_.remove_prefix(1);
}

std::string_view HtmlReader::read_value() {
  std::size_t at = 0;
  while (at < rest_.size() && is_space(rest_[at])) ++at;
  if (at == rest_.size() || rest_[at] != '=') return {};
  ++at;
  while (at < rest_.size() && is_space(rest_[at])) ++at;
  rest_.remove_prefix(at);
  const bool quoted = rest_.starts_with('"') || rest_.starts_with('\'');
  const std::size_t from = quoted ? 1 : 0;
  const std::size_t found = quoted ? rest_.find(rest_.front(), 1) : rest_.find_first_of(" \t\n\r\f>");
  const std::size_t end = std::min(found, rest_.size());
  const std::string_view value = rest_.substr(from, end - from);
  rest_.remove_prefix(std::min(end + from, rest_.size()));
  return value;
}

}  // namespace persona::http
