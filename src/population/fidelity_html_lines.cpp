//! The lines of a report as tables, each deviation drawn against its band.
#include "fidelity_format.hpp"
#include "fidelity_html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace persona {

namespace {

constexpr std::size_t most_case_rows = 1500;

//! The band shaded, the deviation as a mark; distances start at the left, the others in the middle.
std::string deviation_bar(const FidelityLine& line) {
  constexpr double width = 132, height = 18, shown = 2;  // bands to each side
  if (line.kind == FidelityKind::constraint || !(line.band > 0)) return "";
  const double bands = in_bands(line), clipped = std::clamp(bands, -shown, shown);
  const bool one_sided = is_distance(line);
  const double unit = one_sided ? (width - 4) / shown : (width - 4) / (2 * shown);
  const double zero = one_sided ? 2 : width / 2, left = one_sided ? zero : zero - unit;
  return fmt::format(
      "<svg width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"img\" aria-label=\"{2:.2f} of the band\">"
      "<rect class=\"inside\" x=\"{3:.1f}\" y=\"4\" width=\"{4:.1f}\" height=\"10\" rx=\"2\"/>"
      "<path class=\"zero\" d=\"M{5:.1f} 2V16\"/><circle class=\"mark{6}\" cx=\"{7:.1f}\" cy=\"9\" r=\"3.6\"/></svg>",
      width, height, bands, left, one_sided ? unit : 2 * unit, zero, std::fabs(bands) > 1 ? " out" : "",
      std::clamp(zero + clipped * unit, 4.0, width - 4));
}

std::string line_row(const FidelityLine& line, std::string_view name) {
  const std::string_view verdict = to_string(line.verdict);
  const std::string note = line.note.empty() ? "" : "<small>" + html_escaped(line.note) + "</small>";
  return fmt::format(
      "<tr><th scope=\"row\">{}{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"bar\">{}</td><td>{}</td>"
      "<td>{}</td><td><span class=\"chip {}\">{}</span></td></tr>\n",
      html_escaped(name), note, line.measure, asked_text(line), line_number(line, line.achieved), band_text(line),
      deviation_bar(line), p_value_text(line.p_value), grouped(line.rows), verdict, verdict);
}

std::string line_table(const std::string& rows) {
  return "<div class=\"card\"><table>\n<thead><tr><th scope=\"col\">line</th><th scope=\"col\">measure</th>"
         "<th scope=\"col\">asked</th><th scope=\"col\">achieved</th><th scope=\"col\">95 % band</th>"
         "<th scope=\"col\">deviation in its band</th><th scope=\"col\">p</th><th scope=\"col\">people</th>"
         "<th scope=\"col\">verdict</th></tr></thead>\n<tbody>\n" +
         rows + "</tbody></table></div>\n";
}

using CaseLines = std::vector<const FidelityLine*>;

//! The cases of one attribute, folded away unless one fails.
std::string case_details(const CaseLines& lines, std::size_t& room) {
  std::size_t failed = 0, left_out = 0;
  double worst = 0;
  std::string rows;
  for (const FidelityLine* line : lines) {
    const bool fails = line->verdict == Verdict::fail;
    failed += fails ? 1 : 0;
    worst = std::max(worst, std::fabs(in_bands(*line)));
    if (room == 0 && !fails) {
      ++left_out;
      continue;
    }
    room -= room > 0 ? 1 : 0;
    const std::size_t split = line->name.find(" | ");
    rows += line_row(*line, std::string_view(line->name).substr(split == std::string::npos ? 0 : split + 3));
  }
  const std::string verdict = failed == 0 ? "<span class=\"chip pass\">all pass</span>"
                                          : fmt::format("<span class=\"chip fail\">{} fail</span>", failed);
  const std::string rest =
      left_out == 0 ? "" : fmt::format("<p class=\"how\">{} more that pass are in the JSON report.</p>\n", left_out);
  return fmt::format(
      "<details{}><summary>{} <span class=\"soft\">{} cases, the farthest at {:.2f} of its band</span> {}"
      "</summary>\n{}{}</details>\n",
      failed > 0 ? " open" : "", html_escaped(attribute_of_case(*lines.front())), lines.size(), worst, verdict,
      line_table(rows), rest);
}

std::string case_section(const CaseLines& lines) {
  std::string section =
      "<h3>Case by case</h3>\n<p class=\"how\">Distributions that depend on other attributes, among the "
      "people each case is about.</p>\n";
  std::size_t room = most_case_rows;
  for (std::size_t first = 0; first < lines.size();) {
    std::size_t last = first;
    while (last < lines.size() && attribute_of_case(*lines[last]) == attribute_of_case(*lines[first])) ++last;
    section += case_details(CaseLines(lines.begin() + static_cast<std::ptrdiff_t>(first),
                                      lines.begin() + static_cast<std::ptrdiff_t>(last)),
                            room);
    first = last;
  }
  return section;
}

}  // namespace

std::string line_tables(const FidelityReport& report) {
  std::string section = "<section aria-labelledby=\"lines\">\n<h2 id=\"lines\">Line by line</h2>\n";
  for (const FidelityKind kind : reading_order) {
    CaseLines lines;
    std::string rows;
    for (const FidelityLine& line : report.lines) {
      if (line.kind != kind) continue;
      lines.push_back(&line);
      if (kind != FidelityKind::conditional) rows += line_row(line, line.name);
    }
    if (lines.empty()) continue;
    section += kind == FidelityKind::conditional ? case_section(lines)
                                                 : fmt::format("<h3>{}</h3>\n{}", group_title(kind), line_table(rows));
  }
  return section + "</section>\n";
}

}  // namespace persona
