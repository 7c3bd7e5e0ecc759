//! Letters that HTML writes by name or number.
#include "html_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace persona::http {
namespace {

// Those that pages use; any other stays as it is written.
constexpr std::array<std::pair<std::string_view, char32_t>, 52> named_entities{
    {{"amp", '&'},      {"lt", '<'},       {"gt", '>'},        {"quot", '"'},     {"apos", '\''},    {"nbsp", 0xa0},
     {"iexcl", 0xa1},   {"cent", 0xa2},    {"pound", 0xa3},    {"yen", 0xa5},     {"sect", 0xa7},    {"copy", 0xa9},
     {"laquo", 0xab},   {"shy", 0xad},     {"reg", 0xae},      {"deg", 0xb0},     {"plusmn", 0xb1},  {"sup2", 0xb2},
     {"sup3", 0xb3},    {"micro", 0xb5},   {"para", 0xb6},     {"middot", 0xb7},  {"raquo", 0xbb},   {"frac12", 0xbd},
     {"iquest", 0xbf},  {"Auml", 0xc4},    {"Ouml", 0xd6},     {"times", 0xd7},   {"Uuml", 0xdc},    {"szlig", 0xdf},
     {"agrave", 0xe0},  {"aacute", 0xe1},  {"auml", 0xe4},     {"ccedil", 0xe7},  {"egrave", 0xe8},  {"eacute", 0xe9},
     {"ntilde", 0xf1},  {"ouml", 0xf6},    {"divide", 0xf7},   {"uuml", 0xfc},    {"ensp", 0x2002},  {"emsp", 0x2003},
     {"zwnj", 0x200c},  {"ndash", 0x2013}, {"mdash", 0x2014},  {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"ldquo", 0x201c},
     {"rdquo", 0x201d}, {"bull", 0x2022},  {"hellip", 0x2026}, {"euro", 0x20ac}}};

// "#65" or "#x41".
char32_t numbered(std::string_view digits) {
  digits.remove_prefix(1);
  const bool hex = digits.starts_with('x') || digits.starts_with('X');
  if (hex) digits.remove_prefix(1);
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, hex ? 16 : 10);
  const bool good = error == std::errc() && end == digits.data() + digits.size();
  const bool is_letter = number > 0 && number < 0x110000 && (number < 0xd800 || number > 0xdfff);
  return good && is_letter ? number : 0xfffd;
}

}  // namespace

void append_utf8(std::string& text, char32_t letter) {
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | ((letter >> shift) & 0x3f)); };
  if (letter < 0x80) {
    text += static_cast<char>(letter);
  } else if (letter < 0x800) {
    text += static_cast<char>(0xc0 | (letter >> 6));
    tail(0);
  } else if (letter < 0x10000) {
    text += static_cast<char>(0xe0 | (letter >> 12));
    tail(6), tail(0);
  } else {
    text += static_cast<char>(0xf0 | (letter >> 18));
    tail(12), tail(6), tail(0);
  }
}

std::string decode_entities(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t mark = std::min(text.find('&', at), text.size());
    out.append(text.substr(at, mark - at));
    if (mark == text.size()) break;
    const std::size_t end = text.find_first_of("; &<\n", mark + 1);
    const bool closed = end != std::string_view::npos && text[end] == ';';
    const std::string_view name = closed ? text.substr(mark + 1, end - mark - 1) : std::string_view();
    const auto known = std::find_if(named_entities.begin(), named_entities.end(),
                                    [&](const auto& entity) { return entity.first == name; });
    at = closed ? end + 1 : mark + 1;
    if (name.size() > 1 && name.front() == '#') {
      append_utf8(out, numbered(name));
    } else if (known != named_entities.end()) {
      append_utf8(out, known->second);
    } else {
      out.append(text.substr(mark, at - mark));
    }
  }
  return out;
}

}  // namespace persona::http
