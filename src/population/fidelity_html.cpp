//! A fidelity report as one page that needs nothing else: head, figures at a glance, sections, notes.
#include "fidelity_html.hpp"

#include "fidelity_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace persona {

namespace {

constexpr std::size_t most_page_charts = 150;

constexpr const char* table_columns = R"css(
th:nth-child(2){width:90px}th:nth-child(3){width:150px}th:nth-child(4),th:nth-child(5){width:104px}
th:nth-child(6){width:160px}th:nth-child(7){width:70px}th:nth-child(8){width:100px}th:nth-child(9){width:86px}
)css";

std::string page_tile(std::string_view term, const std::string& value) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", term, html_escaped(value));
}

std::string page_header(const FidelityReport& report) {
  const VerdictCount count = count_verdicts(report);
  const char* verdict = count.failed > 0 ? "fail" : "pass";
  const auto last = report.start + static_cast<std::uint64_t>(std::max<std::int64_t>(report.rows, 1)) - 1;
  return fmt::format(
      "<header>\n<h1>{}</h1>\n<div class=\"verdict {}\" role=\"status\">{} {}</div>\n"
      "<p class=\"soft\">Fidelity of {} people (number {} to {}, seed {}) to specification "
      "<code title=\"{}\">{}</code>.</p>\n</header>\n",
      html_escaped(report.title), verdict, count.failed > 0 ? "✗" : "✓", html_escaped(verdict_sentence(report)),
      grouped(report.rows), report.start, last, report.seed, html_escaped(report.spec_hash),
      html_escaped(report.spec_hash.substr(0, 12)));
}

std::string page_tiles(const FidelityReport& report) {
  const VerdictCount count = count_verdicts(report);
  double squares = 0, correlations = 0;
  std::size_t within = 0, banded = 0;
  for (const FidelityLine& line : report.lines) {
    if (line.kind == FidelityKind::constraint) continue;
    ++banded;
    within += std::fabs(in_bands(line)) <= 1 ? 1 : 0;
    if (line.kind != FidelityKind::correlation) continue;
    ++correlations;
    squares += (line.achieved - line.target) * (line.achieved - line.target);
  }
  std::string tiles = page_tile("people", grouped(report.rows)) +
                      page_tile("lines that pass", fmt::format("{} / {}", count.lines - count.failed, count.lines));
  if (banded > 0)
    tiles += page_tile("inside 95 % band", as_percent(static_cast<double>(within) / static_cast<double>(banded), 0));
  if (correlations > 0)
    tiles += page_tile("correlation error, rms", fmt::format("{:.4f}", std::sqrt(squares / correlations)));
  if (report.acceptance < 1) tiles += page_tile("candidates accepted", as_percent(report.acceptance, 1));
  if (report.seconds > 0) tiles += page_tile("generated in", fmt::format("{:.2f} s", report.seconds));
  return "<dl class=\"tiles\">\n" + tiles + "</dl>\n";
}

std::string page_charts(const FidelityReport& report) {
  if (report.charts.empty()) return "";
  std::string section =
      "<section aria-labelledby=\"distributions\">\n<h2 id=\"distributions\">Distributions</h2>\n"
      "<p class=\"how\">Achieved <span class=\"key bar\"></span> against expected"
      "<span class=\"key outline\"></span>. Derived attributes have no expectation of their own.</p>\n"
      "<div class=\"charts\">\n";
  for (std::size_t i = 0; i < std::min(report.charts.size(), most_page_charts); ++i)
    section += marginal_figure(report.charts[i], report);
  section += "</div>\n";
  if (report.charts.size() > most_page_charts)
    section +=
        fmt::format("<p class=\"how\">{} more are in the JSON report.</p>\n", report.charts.size() - most_page_charts);
  return section + "</section>\n";
}

std::string page_notes(const FidelityReport& report) {
  std::string items;
  for (const std::string& note : report.notes) items += "<li>" + html_escaped(note) + "</li>\n";
  if (items.empty()) return "";
  return "<section aria-labelledby=\"notes\">\n<h2 id=\"notes\">Notes</h2>\n<ul>\n" + items + "</ul>\n</section>\n";
}

std::string page_method(const FidelityReport& report) {
  return fmt::format(
      "<section aria-labelledby=\"method\">\n<h2 id=\"method\">How to read this</h2>\n<p class=\"how\"><b>KS</b> is "
      "the "
      "largest distance between the cumulative distributions achieved and asked, <b>TVD</b> half the sum of the "
      "differences of all shares. The <b>band</b> is what chance alone exceeds in one right line of twenty, so some "
      "marks outside it are expected. <b>p</b> is how often a right population deviates this much; by Holm's method a "
      "right population has any failing line at all with a chance of at most {:g} %. <b>Moved</b> lines agree with "
      "what could be had, not with what was asked; their notes say why. {}</p>\n</section>\n",
      100 * report.level,
      report.exact ? "Distances are exact."
                   : "Distances are taken at the 1024 quantiles of each law; an exact one is larger by less than a "
                     "thousandth and a p-value never too small.");
}

}  // namespace

std::string to_html(const FidelityReport& report) {
  return html_page(report.title + " – fidelity", table_columns,
                   page_header(report) + page_tiles(report) + page_charts(report) + correlation_figure(report) +
                       line_tables(report) + page_notes(report) + page_method(report));
}

}  // namespace persona
