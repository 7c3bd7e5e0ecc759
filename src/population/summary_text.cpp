//! A summary as a table for a terminal.
#include <persona/population/summary.hpp>

#include "text_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace persona {
namespace {

std::string summary_thousands(std::string digits) {
  const std::size_t first = digits.find_first_of("0123456789");
  for (std::size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

// About four significant digits; whole from a thousand on.
std::string summary_number(double value) {
  if (std::isnan(value)) return "";
  const double size = std::fabs(value);
  if (size >= 1e12) return fmt::format("{:.3e}", value);
  if (size >= 999.5) return summary_thousands(fmt::format("{:.0f}", value));
  return fmt::format("{:.4g}", value);
}

std::string summary_share(double share) {
  const double percent = 100 * share;
  if (share > 0 && percent < 0.05) return "<0.1%";
  return fmt::format("{:.1f}%", percent);
}

// A number of the column: dates as days of the calendar.
std::string summary_value(const ColumnSummary& column, double value) {
  if (column.field.type != ColumnType::date || std::isnan(value)) return summary_number(value);
  return to_string(Date{static_cast<std::int32_t>(std::lround(value))});
}

std::string summary_spread(const ColumnSummary& column) {
  std::string text = summary_number(column.sd);
  if (column.field.type == ColumnType::date && !text.empty()) text.append(" days");
  return text;
}

bool summary_has_numbers(const ColumnSummary& column) {
  return column.field.type != ColumnType::text && column.field.type != ColumnType::list &&
         column.field.type != ColumnType::category && column.field.type != ColumnType::boolean;
}

std::string summary_missing(const ColumnSummary& column) {
  const std::int64_t rows = column.count + column.missing;
  if (column.missing == 0) return "";
  return summary_share(static_cast<double>(column.missing) / static_cast<double>(rows));
}

TextTable summary_number_table(const Summary& summary) {
  TextTable table;
  // The higher the rank, the earlier a column gives way where there is no room.
  table.add_column("numbers", TextAlign::left);
  table.add_column("unit", TextAlign::left, 4);
  table.add_column("missing", TextAlign::right, 3);
  table.add_column("mean", TextAlign::right);
  table.add_column("sd", TextAlign::right, 1);
  table.add_column("min", TextAlign::right, 2);
  for (const auto& [title, rank] : {std::pair("5%", 5), {"25%", 6}, {"median", 0}, {"75%", 6}, {"95%", 5}})
    table.add_column(title, TextAlign::right, rank);
  table.add_column("max", TextAlign::right, 2);
  for (const ColumnSummary& column : summary.columns) {
    if (!summary_has_numbers(column)) continue;
    std::vector<std::string> cells = {column.field.name,       column.field.unit,
                                      summary_missing(column), summary_value(column, column.mean),
                                      summary_spread(column),  summary_value(column, column.min)};
    for (std::size_t q = 0; q < 5; ++q)
      cells.push_back(q < column.quantiles.size() ? summary_value(column, column.quantiles[q].second) : "");
    cells.push_back(summary_value(column, column.max));
    table.add_row(std::move(cells));
  }
  return table;
}

// "female 51.3%  male 48.7%", as many as fit.
std::string summary_top_labels(const ColumnSummary& column, std::size_t width) {
  std::string text;
  for (const auto& [label, share] : column.top) {
    const std::string next =
        fmt::format("{}{} {}", text.empty() ? "" : "   ", label.empty() ? "''" : one_line(label), summary_share(share));
    if (!text.empty() && display_width(text) + display_width(next) > width) break;
    text.append(next);
  }
  return text;
}

TextTable summary_label_table(const Summary& summary, std::size_t width) {
  TextTable table;
  table.add_column("labels", TextAlign::left);
  table.add_column("missing", TextAlign::right, 2);
  table.add_column("most frequent", TextAlign::left);
  std::size_t beside = 12;  // "missing" and the gaps
  for (const ColumnSummary& column : summary.columns)
    if (!summary_has_numbers(column)) beside = std::max(beside, display_width(column.field.name) + 12);
  for (const ColumnSummary& column : summary.columns)
    if (!summary_has_numbers(column))
      table.add_row({column.field.name, summary_missing(column),
                     summary_top_labels(column, width > beside ? width - beside : 0)});
  return table;
}

}  // namespace

std::string to_text(const Summary& summary, int width) {
  const auto columns = static_cast<std::size_t>(std::max(width, 20));
  std::string text =
      fmt::format("{} people, {} attributes", summary_thousands(std::to_string(summary.rows)), summary.columns.size());
  if (summary.weight != static_cast<double>(summary.rows))
    text.append(", weight ").append(summary_number(summary.weight));
  text = fit_width(text, columns).append("\n");
  for (TextTable table : {summary_number_table(summary), summary_label_table(summary, columns)})
    if (table.rows() > 0) text.append("\n").append(std::move(table).to_text(columns));
  return text;
}

}  // namespace persona
