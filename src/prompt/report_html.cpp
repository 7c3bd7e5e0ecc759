//! An optimization report as one page that needs nothing else.
#include "report_html.hpp"

#include "report_format.hpp"

#include <fmt/format.h>

namespace persona::prompt {

std::string report_style() {
  return R"css(
.diff{background:var(--card);border:1px solid var(--rule);border-radius:12px;padding:12px 16px;margin-top:8px;
font:13.5px/1.6 ui-monospace,"SF Mono",Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
ins{background:var(--pass-bg);color:var(--pass);text-decoration:none;border-radius:3px}
del{background:var(--fail-bg);color:var(--fail);border-radius:3px}
.dot{fill:var(--achieved)} .dot.won{fill:var(--pass)} .dot.base{fill:var(--expected)}
.whisker{stroke:var(--achieved);stroke-width:1.5} .whisker.won{stroke:var(--pass)} .whisker.base{stroke:var(--expected)}
.best{fill:none;stroke:var(--ink);stroke-width:1.5;stroke-dasharray:4 3} .edge{fill:none;stroke:var(--rule);stroke-width:1.5}
.edge.line{stroke:var(--pass)} .node{fill:var(--card);stroke:var(--achieved);stroke-width:1.5}
.node.won{stroke:var(--pass);stroke-width:2.5} .node.base{stroke:var(--expected)}
td.text{text-align:left;white-space:normal;overflow-wrap:anywhere}
tr.won th{color:var(--pass)}
)css";
}

namespace {

std::string report_tile(std::string_view term, const std::string& value, const std::string& note = "") {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd>{}</div>\n", html_escaped(term), html_escaped(value),
                     note.empty() ? "" : "<small class=\"soft\">" + html_escaped(note) + "</small>");
}

std::string report_header(const OptimizationReport& report) {
  const bool better = report.certificate.is_better;
  return fmt::format(
      "<header>\n<h1>{}</h1>\n<div class=\"verdict {}\" role=\"status\">{} {}</div>\n"
      "<p>{}</p>\n<p class=\"soft\">Optimizer {}, seed {}{}.</p>\n</header>\n",
      html_escaped("Prompt optimization: " + report.run), better ? "pass" : "moved", better ? "✓" : "=",
      better ? "a better program is returned" : "the program is returned as it was",
      html_escaped(report.certificate.verdict), html_escaped(report.optimizer), report.seed,
      report.stopped_early ? "; stopped before its end, so this is the best so far" : "");
}

std::string report_tiles(const OptimizationReport& report) {
  std::string tiles;
  const Candidate& baseline = report.candidates.front();
  tiles += report_tile("score before", percent_text(baseline.score.value),
                       fmt::format("[{:.1f}, {:.1f}]", 100 * baseline.score.lower, 100 * baseline.score.upper));
  tiles += report_tile(
      "winner, corrected", percent_text(report.corrected_score.value),
      fmt::format("[{:.1f}, {:.1f}]", 100 * report.corrected_score.lower, 100 * report.corrected_score.upper));
  const Interval& difference = report.certificate.comparison.difference;
  if (report.certificate.examples > 0)
    tiles += report_tile("difference, points", points_text(difference.value),
                         fmt::format("[{:+.1f}, {:+.1f}] on {} examples kept back", 100 * difference.lower,
                                     100 * difference.upper, report.certificate.examples));
  tiles += report_tile("calls of models", count_text(report.spent.calls),
                       report.budget.calls ? "of " + count_text(*report.budget.calls) : "");
  tiles += report_tile("tokens", count_text(report.spent.tokens),
                       report.budget.tokens ? "of " + count_text(*report.budget.tokens) : "");
  if (report.spent.money.picodollars > 0 || report.budget.money)
    tiles += report_tile("spent", dollars_text(static_cast<double>(report.spent.money.picodollars) * 1e-12),
                         report.budget.money ? "of " + to_string(*report.budget.money) : "");
  tiles += report_tile("candidates", count_text(static_cast<std::int64_t>(report.candidates.size())));
  return "<dl class=\"tiles\">\n" + tiles + "</dl>\n";
}

std::string report_notes(const OptimizationReport& report) {
  std::string items;
  for (const std::string& note : report.notes) items += "<li>" + html_escaped(note) + "</li>\n";
  return items.empty() ? "" : "<section>\n<h2>Notes</h2>\n<ul>\n" + items + "</ul>\n</section>\n";
}

std::string section(std::string_view title, std::string_view how, const std::string& content) {
  if (content.empty()) return "";
  return fmt::format("<section>\n<h2>{}</h2>\n<p class=\"how\">{}</p>\n{}</section>\n", title, how, content);
}

}  // namespace

std::string to_html(const OptimizationReport& report) {
  if (report.candidates.empty())
    return html_page("Prompt optimization", report_style(), report_header(report) + report_notes(report));
  const std::string body =
      report_header(report) + report_tiles(report) +
      section("Significance",
              "The winner of the search met the baseline on examples that nobody had selected by. p may be looked at "
              "after every example.",
              significance_table(report)) +
      section("Score over cost",
              "Each candidate at what was spent when it was done, with the interval of its score on the examples it "
              "ran on. The broken line is the best so far among those that ran on at least half of the examples.",
              score_chart(report)) +
      section("What changed",
              report.certificate.is_better ? "The returned program against the one that came in."
                                           : "The winner of the search against the one that came in; it is not "
                                             "returned, as it was not proven better.",
              prompt_diffs(report)) +
      section("Segments",
              "Shares of right answers, drawn towards each other as far as their noise demands, with 95 % intervals.",
              segment_table(report)) +
      section("Lineage", "Who was made of whom, from left to right.", lineage_chart(report)) +
      section("Cost, quality, latency",
              "Candidates that no other beats in all three, among those that ran on at least half of the examples.",
              front_table(report)) +
      section("Candidates", "In the order they were made.", candidate_table(report)) +
      section("Forecast and bill", "What was told before anything was spent, and what it came to.",
              spending_table(report)) +
      report_notes(report);
  return html_page("Prompt optimization: " + report.run, report_style(), body);
}

}  // namespace persona::prompt
