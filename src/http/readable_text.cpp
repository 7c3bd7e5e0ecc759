//! What a person would read of a page.
#include <persona/http/fetch.hpp>

#include "core/utf8.hpp"
#include "html_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace persona::http {
namespace {

using Range = std::pair<char32_t, char32_t>;

// Not seen, yet read by a model: zero-width, bidirectional, tags, variation selectors, controls.
constexpr std::array<Range, 18> unseen{{{0x00, 0x08},
                                        {0x0b, 0x1f},
                                        {0x7f, 0x9f},
                                        {0xad, 0xad},
                                        {0x34f, 0x34f},
                                        {0x61c, 0x61c},
                                        {0x115f, 0x1160},
                                        {0x17b4, 0x17b5},
                                        {0x180b, 0x180f},
                                        {0x200b, 0x200f},
                                        {0x202a, 0x202e},
                                        {0x2060, 0x206f},
                                        {0x3164, 0x3164},
                                        {0xfe00, 0xfe0f},
                                        {0xfeff, 0xfeff},
                                        {0xffa0, 0xffa0},
                                        {0xfff0, 0xfffb},
                                        {0xe0000, 0xe0fff}}};

// Elements that no reader sees, with all that is in them.
constexpr std::array<std::string_view, 12> left_out{"head",   "noscript", "template", "svg",    "math",   "object",
                                                    "canvas", "audio",    "video",    "select", "dialog", "datalist"};
constexpr std::array<std::string_view, 31> breaks_line{
    "address", "article", "aside", "blockquote", "br", "dd",  "div",     "dl",    "dt", "fieldset", "figcaption",
    "figure",  "footer",  "form",  "h1",         "h2", "h3",  "h4",      "h5",    "h6", "header",   "hr",
    "li",      "main",    "nav",   "ol",         "p",  "pre", "section", "table", "tr"};

template <class Names>
bool is_among(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

char32_t letter_at(std::string_view sequence) {
  const auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(sequence[i])); };
  char32_t letter = sequence.size() == 1 ? byte(0) : byte(0) & (0xffu >> (sequence.size() + 1));
  for (std::size_t i = 1; i < sequence.size(); ++i) letter = letter << 6 | (byte(i) & 0x3f);
  return letter;
}

// Well-formed, without what is not seen.
std::string only_seen(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = utf8_sequence(text);
    const std::string_view sequence = text.substr(0, std::max<std::size_t>(length, 1));
    text.remove_prefix(sequence.size());
    const char32_t letter = length == 0 ? 0xfffd : letter_at(sequence);
    const bool is_unseen = std::any_of(unseen.begin(), unseen.end(), [&](const Range& range) {
      return letter >= range.first && letter <= range.second;
    });
    if (!is_unseen) append_utf8(out, letter == 0xa0 ? U' ' : letter);
  }
  return out;
}

// Line breaks in the source are spaces, but in <pre>.
std::string words_of(std::string_view text, bool keeps_lines) {
  std::string words = decode_entities(text);
  if (!keeps_lines)
    std::replace_if(
        words.begin(), words.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return words;
}

// The texts of a page, a line for each block. Whatever is opened hidden hides all up to its end.
std::string html_text(std::string_view html) {
  std::string out, hidden_in;
  int depth = 0;  // of elements of that name
  bool in_pre = false;
  HtmlReader reader(html);
  for (HtmlPart part = reader.next(); part.kind != HtmlPart::Kind::end; part = reader.next()) {
    const bool opens = part.kind == HtmlPart::Kind::opens && !part.is_empty;
    if (depth > 0) {
      if (part.name == hidden_in) depth += opens ? 1 : part.kind == HtmlPart::Kind::closes ? -1 : 0;
    } else if (part.kind == HtmlPart::Kind::text) {
      out += words_of(part.text, in_pre);
    } else if (opens && (part.hidden || is_among(left_out, part.name))) {
      hidden_in = part.name;
      depth = 1;
    } else if (part.name == "td" || part.name == "th") {
      out += ' ';
    } else if (is_among(breaks_line, part.name)) {
      if (part.name == "pre") in_pre = opens;
      out += '\n';
    }
  }
  return out;
}

// One space between words, no empty lines.
std::string collapsed(std::string_view text) {
  std::string out;
  bool space = false, line = false;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\n') {
      space = true;
      line = line || c == '\n';
      continue;
    }
    if (space && !out.empty()) out += line ? '\n' : ' ';
    space = line = false;
    out += c;
  }
  return out;
}

}  // namespace

std::string readable_text(const Page& page, std::size_t max_bytes) {
  const bool is_html = page.media_type == "text/html" || page.media_type == "application/xhtml+xml";
  std::string text = is_html ? collapsed(only_seen(html_text(page.body))) : only_seen(page.body);
  if (text.size() <= max_bytes) return text;
  while (max_bytes > 0 && (static_cast<unsigned char>(text[max_bytes]) & 0xc0) == 0x80) --max_bytes;
  text.resize(max_bytes);
  return text;
}

}  // namespace persona::http
