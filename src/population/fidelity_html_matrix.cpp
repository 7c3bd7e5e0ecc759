//! The correlations as a square: achieved below the diagonal, asked above it.
#include "fidelity_format.hpp"
#include "fidelity_html.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace persona {

namespace {

//! The line of each asked pair, by position in the matrix.
std::map<std::pair<std::size_t, std::size_t>, const FidelityLine*> asked_pairs(const FidelityReport& report) {
  std::map<std::pair<std::size_t, std::size_t>, const FidelityLine*> pairs;
  const auto position = [&](std::string_view name) {
    return static_cast<std::size_t>(std::find(report.numeric.begin(), report.numeric.end(), name) -
                                    report.numeric.begin());
  };
  for (const FidelityLine& line : report.lines) {
    if (line.kind != FidelityKind::correlation) continue;
    const std::size_t split = line.name.find(" ~ ");
    const std::size_t a = position(line.name.substr(0, split)), b = position(line.name.substr(split + 3));
    pairs[{std::min(a, b), std::max(a, b)}] = &line;
  }
  return pairs;
}

struct MatrixGrid {
  double cell, left, top;
  bool numbers;
};

//! The sign is the hue, the size its strength, so that both themes and colour-blind readers see it.
std::string matrix_cell(const MatrixGrid& grid, std::size_t row, std::size_t column, double r, const std::string& title,
                        const char* frame) {
  const double x = grid.left + static_cast<double>(column) * grid.cell,
               y = grid.top + static_cast<double>(row) * grid.cell;
  const double size = std::isfinite(r) ? std::min(std::fabs(r), 1.0) : 0;
  std::string svg = fmt::format(
      "<g><title>{}</title><rect class=\"{}\" fill-opacity=\"{:.3f}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
      "height=\"{:.1f}\" rx=\"3\"/>",
      html_escaped(title), r < 0 ? "minus" : "plus", 0.05 + 0.95 * std::pow(size, 0.8), x + 1, y + 1, grid.cell - 2,
      grid.cell - 2);
  if (frame != nullptr)
    svg += fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"3\"/>",
                       frame, x + 2, y + 2, grid.cell - 4, grid.cell - 4);
  if (grid.numbers && std::isfinite(r))
    svg += fmt::format("<text class=\"mid {}\" x=\"{:.1f}\" y=\"{:.1f}\">{:.2f}</text>", size > 0.55 ? "strong" : "ink",
                       x + grid.cell / 2, y + grid.cell / 2 + 4, r);
  return svg + "</g>\n";
}

std::string empty_matrix_cell(const MatrixGrid& grid, std::size_t row, std::size_t column) {
  return fmt::format("<rect class=\"empty\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"3\"/>\n",
                     grid.left + static_cast<double>(column) * grid.cell + 1,
                     grid.top + static_cast<double>(row) * grid.cell + 1, grid.cell - 2, grid.cell - 2);
}

std::string matrix_names(const MatrixGrid& grid, const std::vector<std::string>& names) {
  std::string svg;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const double middle = (static_cast<double>(i) + 0.5) * grid.cell;
    const std::string name = html_escaped(shortened(names[i], 20));
    svg += fmt::format("<text class=\"ink end\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", grid.left - 8,
                       grid.top + middle + 4, name);
    svg += fmt::format("<text class=\"ink\" transform=\"translate({:.1f} {:.1f}) rotate(-50)\">{}</text>\n",
                       grid.left + middle + 2, grid.top - 7, name);
  }
  return svg;
}

std::string pair_title(const FidelityReport& report, std::size_t i, std::size_t j, const FidelityLine* line) {
  if (line == nullptr)
    return fmt::format("{} ~ {}: not asked, achieved {:.4f}", report.numeric[i], report.numeric[j],
                       report.correlation[i * report.numeric.size() + j]);
  return fmt::format("{} ({}): asked {}, achieved {:.4f} ± {:.4f}, {}", line->name, line->measure, asked_text(*line),
                     line->achieved, line->band, to_string(line->verdict));
}

}  // namespace

std::string correlation_figure(const FidelityReport& report) {
  const std::size_t d = report.numeric.size();
  if (d < 2 || report.correlation.size() != d * d) return "";
  const auto pairs = asked_pairs(report);
  const double cell = d <= 12 ? 58 : std::max(20.0, 800 / static_cast<double>(d));
  const MatrixGrid grid{cell, 140, 104, cell >= 34};
  std::string cells;
  for (std::size_t i = 0; i < d; ++i)
    for (std::size_t j = 0; j < d; ++j) {
      if (i == j) continue;
      const auto found = pairs.find({std::min(i, j), std::max(i, j)});
      const FidelityLine* line = found == pairs.end() ? nullptr : found->second;
      if (j > i && line == nullptr) {
        cells += empty_matrix_cell(grid, i, j);
        continue;
      }
      const double r = line == nullptr ? report.correlation[i * d + j] : j > i ? line->asked : line->achieved;
      const char* frame = line == nullptr || line->verdict == Verdict::pass ? nullptr
                          : line->verdict == Verdict::fail                  ? "off"
                                                                            : "moved-cell";
      cells += matrix_cell(grid, i, j, r, pair_title(report, i, j, line), frame);
    }
  const double side = static_cast<double>(d) * cell, width = grid.left + side + 90, height = grid.top + side + 6;
  return fmt::format(
      "<section aria-labelledby=\"matrix\">\n<h2 id=\"matrix\">Correlations, asked and achieved</h2>\n"
      "<p class=\"how\">Above the diagonal what was asked, below it what was achieved, measured in the same way; pairs "
      "that nobody asked for show Pearson's r. Blue goes together, orange against; a frame marks what moved or "
      "fails.</p>\n"
      "<figure class=\"wide\"><svg viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" height=\"{1:.0f}\" role=\"img\" "
      "aria-label=\"Matrix of correlations asked and achieved; the values stand in the table below\">\n{2}{3}</svg>"
      "</figure>\n</section>\n",
      width, height, matrix_names(grid, report.numeric), cells);
}

}  // namespace persona
