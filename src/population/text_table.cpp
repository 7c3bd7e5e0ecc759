//! Columns measured, dropped where there is no room, and padded.
#include "text_table.hpp"

#include <algorithm>
#include <utility>

namespace persona {
namespace {

constexpr std::size_t table_gap = 2;

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

std::string fit_width(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::size_t end = 0;
  for (std::size_t left = width; end < text.size(); ++end)
    if (begins_character(text[end]) && left-- <= 1) break;
  return width == 0 ? std::string() : std::string(text.substr(0, end)) + "…";
}

std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return line;
}

void TextTable::add_column(std::string title, TextAlign align, int rank) {
  const std::size_t width = display_width(title);
  heads_.push_back({std::move(title), align, rank, width, false});
}

void TextTable::add_row(std::vector<std::string> cells) {
  for (std::size_t k = 0; k < cells.size(); ++k) {
    cells[k] = one_line(cells[k]);
    heads_[k].width = std::max(heads_[k].width, display_width(cells[k]));
    heads_[k].shown = heads_[k].shown || !cells[k].empty();
  }
  rows_.push_back(std::move(cells));
}

std::size_t TextTable::total_width() const {
  std::size_t sum = 0;
  for (const Head& head : heads_)
    if (head.shown) sum += head.width + (sum > 0 ? table_gap : 0);
  return sum;
}

void TextTable::drop_columns(std::size_t width) {
  const auto weakest = [](const Head& a, const Head& b) { return (a.shown ? a.rank : 0) < (b.shown ? b.rank : 0); };
  while (total_width() > width) {
    const auto last = std::ranges::max_element(heads_, weakest);
    if (last->rank == 0 || !last->shown) return;
    last->shown = false;
  }
}

std::string TextTable::line(const std::vector<std::string>& cells) const {
  std::string text;
  for (std::size_t k = 0; k < heads_.size(); ++k) {
    if (!heads_[k].shown) continue;
    if (!text.empty()) text.append(table_gap, ' ');
    const std::size_t padding = heads_[k].width - display_width(cells[k]);
    if (heads_[k].align == TextAlign::right) text.append(padding, ' ');
    text.append(cells[k]);
    if (heads_[k].align == TextAlign::left) text.append(padding, ' ');
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

std::string TextTable::to_text(std::size_t width) && {
  drop_columns(width);
  std::vector<std::string> titles;
  for (const Head& head : heads_) titles.push_back(head.title);
  std::string rule;
  for (std::size_t i = 0; i < std::min(width, total_width()); ++i) rule += "─";
  std::string text = fit_width(line(titles), width).append("\n").append(rule).append("\n");
  for (const auto& row : rows_) text.append(fit_width(line(row), width)).append("\n");
  return text;
}

}  // namespace persona
