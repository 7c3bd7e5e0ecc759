//! Rows of text in aligned columns.
#include "table.hpp"

#include <algorithm>
#include <cstddef>

namespace persona::cli {
namespace {

// Code points: good enough for labels of most scripts.
std::size_t shown_width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::vector<std::size_t> column_widths(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows)
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], shown_width(row[c]));
  return widths;
}

}  // namespace

Table::Table(std::vector<std::string> header) {
  for (auto& name : header) {
    right_.push_back(!name.empty() && name.front() == '>');
    if (right_.back()) name.erase(0, 1);
  }
  rows_.push_back(std::move(header));
}

std::string Table::text() const {
  const auto widths = column_widths(rows_);
  std::string text;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    std::string line;
    for (std::size_t c = 0; c < rows_[r].size(); ++c) {
      const std::string blank(widths[c] - shown_width(rows_[r][c]), ' ');
      line += "  " + (right_[c] ? blank + rows_[r][c] : rows_[r][c] + blank);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
    if (r == 0) {
      text += " ";
      for (const auto width : widths) text += " " + std::string(width, '-') + " ";
      text.back() = '\n';
    }
  }
  return text;
}

}  // namespace persona::cli
