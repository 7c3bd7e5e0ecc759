//! Which law holds for whom.
#include "compiled.hpp"

#include <algorithm>
#include <cmath>

namespace persona {

namespace {

//! Breaks 1, 2, 3 ...: the cell is the code itself.
bool case_cells_are_codes(const std::vector<double>& breaks) {
  for (std::size_t i = 0; i < breaks.size(); ++i)
    if (breaks[i] != static_cast<double>(i + 1)) return false;
  return !breaks.empty();
}

std::uint32_t case_cell(const std::vector<double>& breaks, double x) {
  if (breaks.size() > 16)
    return static_cast<std::uint32_t>(std::upper_bound(breaks.begin(), breaks.end(), x) - breaks.begin());
  std::uint32_t cell = 0;
  for (const double edge : breaks) cell += edge <= x ? 1 : 0;
  return cell;
}

//! index = index * cells + cell, over one block of rows.
void add_case_cells(const CaseMap::Given& given, const double* values, std::span<std::uint32_t> index) {
  const auto cells = static_cast<std::uint32_t>(given.cells);
  const bool codes = case_cells_are_codes(given.breaks);
  const double last = static_cast<double>(given.breaks.size());
  for (std::size_t i = 0; i < index.size(); ++i) {
    const double x = values[i];
    std::uint32_t cell = cells - 1;
    if (!std::isnan(x))
      cell = codes ? static_cast<std::uint32_t>(std::clamp(x, 0.0, last)) : case_cell(given.breaks, x);
    index[i] = index[i] * cells + cell;
  }
}

}  // namespace

// Cells are numbered row by row: the first of `given` varies slowest.
void CaseMap::laws(std::span<const double* const> values, std::span<std::uint16_t> out) const {
  constexpr std::size_t block = 1024;
  std::uint32_t index[block];
  if (given.empty()) return std::fill(out.begin(), out.end(), law_of_cell.empty() ? std::uint16_t{0} : law_of_cell[0]);
  for (std::size_t first = 0; first < out.size(); first += block) {
    const std::span<std::uint32_t> cells(index, std::min(block, out.size() - first));
    std::fill(cells.begin(), cells.end(), 0);
    for (std::size_t k = 0; k < given.size(); ++k) add_case_cells(given[k], values[k] + first, cells);
    for (std::size_t i = 0; i < cells.size(); ++i) out[first + i] = law_of_cell[cells[i]];
  }
}

}  // namespace persona
