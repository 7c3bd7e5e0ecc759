//! Where a text stops being JSON, shown as a compiler would.
#include "syntax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace persona::cli {
namespace {

// "[json.exception...] parse error at line 3, column 5: syntax error while parsing value - unexpected
// ']'; expected ..." without what the caller says better.
std::string reason_of(std::string what) {
  if (const auto at = what.find(": "); at != what.npos) what.erase(0, at + 2);
  if (const auto at = what.find(" - "); what.starts_with("syntax error while parsing") && at != what.npos)
    what.erase(0, at + 3);
  return what;
}

// What cannot be shown is left to those who read the document.
bool is_utf8(std::string_view text) {
  try {
    return !nlohmann::json(text).dump().empty();
  } catch (const nlohmann::json::type_error&) {
    return false;
  }
}

std::string caret_under(std::string_view line, std::size_t column) {
  constexpr std::size_t most = 100;  // a document on one line still shows the place
  const std::size_t first = column > most ? column - most / 2 : 0;
  std::string blank;
  for (std::size_t i = first; i < column; ++i) {
    if (line[i] == '\t')
      blank += '\t';
    else if ((line[i] & 0xC0) != 0x80)
      blank += ' ';
  }
  return fmt::format("  {}\n  {}^", line.substr(first, most), blank);
}

}  // namespace

std::string json_syntax_error(std::string_view text, std::string_view file) {
  // A handler that keeps nothing: depth and size of a hostile document cost no memory.
  if (nlohmann::json::accept(text) || !is_utf8(text)) return {};
  try {
    [[maybe_unused]] const auto document = nlohmann::json::parse(text);
    return {};
  } catch (const nlohmann::json::parse_error& error) {
    const auto at = std::min(text.size(), error.byte > 0 ? error.byte - 1 : 0);
    const auto before = text.substr(0, at);
    const auto line_begin = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
    const auto line = text.substr(line_begin, std::min(text.find('\n', at), text.size()) - line_begin);
    return fmt::format("{}:{}:{}: not JSON: {}\n{}", file, std::count(before.begin(), before.end(), '\n') + 1,
                       at - line_begin + 1, reason_of(error.what()), caret_under(line, at - line_begin));
  }
}

}  // namespace persona::cli
