//! Lines of cells, collected into large pieces.
#include "export_rows.hpp"

#include "export_cell.hpp"
#include "text_write.hpp"

#include <algorithm>
#include <string_view>

namespace persona {
namespace {

constexpr std::size_t piece_bytes = 256 * 1024;

std::vector<CellWriter> cell_writers(const Population& population, RowSyntax syntax) {
  std::vector<CellWriter> cells;
  const std::span<const Column> columns = population.columns();
  cells.reserve(columns.size());
  for (const Column& column : columns)
    cells.emplace_back(column, syntax, &column == columns.data(), columns.size() == 1);
  return cells;
}

// What the longest line of fixed-size cells takes.
std::size_t line_bound(const std::vector<CellWriter>& cells) {
  std::size_t bytes = 2;
  for (const CellWriter& cell : cells) bytes += cell.bound();
  return bytes;
}

}  // namespace

std::string csv_header(const Population& population) {
  std::string header;
  for (const Column& column : population.columns())
    header.append(&column == population.columns().data() ? "" : ",").append(csv_text(column.name()));
  return header.append("\n");
}

Status write_rows(const Population& population, RowSyntax syntax, ByteOutput& out) {
  const std::vector<CellWriter> cells = cell_writers(population, syntax);
  std::vector<const CellWriter*> variable;
  for (const CellWriter& cell : cells)
    if (cell.has_variable_size()) variable.push_back(&cell);
  const std::size_t bound = line_bound(cells);
  const std::string_view line_end = syntax == RowSyntax::csv ? "\n" : "}\n";

  std::string piece(std::max(piece_bytes, bound), '\0');
  std::size_t used = 0;
  for (std::int64_t row = 0; row < population.size(); ++row) {
    std::size_t needed = bound;
    for (const CellWriter* cell : variable) needed += cell->room(row);
    if (used + needed > piece.size()) {
      if (Status written = out.write({piece.data(), used}); !written) return written;
      used = 0;
      if (needed > piece.size()) piece.resize(needed);
    }
    char* to = piece.data() + used;
    for (const CellWriter& cell : cells) to = cell.write(row, to);
    to = std::copy(line_end.begin(), line_end.end(), to);
    used = static_cast<std::size_t>(to - piece.data());
  }
  return used == 0 ? Status{} : out.write({piece.data(), used});
}

}  // namespace persona
