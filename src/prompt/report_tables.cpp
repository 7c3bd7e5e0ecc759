//! The tables of the page of an optimization report.
#include "report_format.hpp"
#include "report_html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

namespace persona::prompt {
namespace {

std::string row_html(std::string_view head, std::initializer_list<std::string> cells, bool marked = false) {
  std::string row = fmt::format("<tr{}><th>{}</th>", marked ? " class=\"won\"" : "", html_escaped(head));
  for (const std::string& cell : cells) row += "<td>" + html_escaped(cell) + "</td>";
  return row + "</tr>\n";
}

std::string table_html(std::initializer_list<std::string_view> heads, const std::string& rows) {
  std::string html = "<div class=\"card\"><table><thead><tr>";
  for (const std::string_view head : heads) html += "<th>" + html_escaped(head) + "</th>";
  return html + "</tr></thead><tbody>\n" + rows + "</tbody></table></div>\n";
}

std::string plain_interval(const Interval& interval, double scale, int digits) {
  return fmt::format("{:.{}f} [{:.{}f}, {:.{}f}]", scale * interval.value, digits, scale * interval.lower, digits,
                     scale * interval.upper, digits);
}

std::string money_interval(const Interval& interval) {
  if (interval.value <= 0) return "not known";
  return fmt::format("{} [{}, {}]", dollars_text(interval.value), dollars_text(interval.lower),
                     dollars_text(interval.upper));
}

}  // namespace

std::string significance_table(const OptimizationReport& report) {
  const Certificate& certificate = report.certificate;
  if (certificate.examples == 0) return "";
  const Comparison& paired = certificate.comparison;
  std::string broken;
  for (const std::string& segment : certificate.broken_segments) broken += (broken.empty() ? "" : ", ") + segment;
  std::string rows = row_html("examples", {count_text(static_cast<std::int64_t>(certificate.examples))});
  rows += row_html("wins, losses, ties", {fmt::format("{}, {}, {}", paired.wins, paired.losses, paired.ties)});
  rows += row_html("difference, points", {plain_interval(paired.difference, 100, 1)});
  rows += row_html(fmt::format("p, anytime-valid; proven below {:g}", certificate.alpha),
                   {fmt::format("{:.2g}", certificate.p_value)});
  rows += row_html("p, paired, two-sided", {fmt::format("{:.2g}", paired.p_value)});
  if (!broken.empty()) rows += row_html("segments made worse", {broken});
  return table_html({"", "winner against baseline"}, rows);
}

std::string segment_table(const OptimizationReport& report) {
  std::string rows;
  for (const SegmentScore& before : report.segments_before) {
    const auto after = std::find_if(report.segments_after.begin(), report.segments_after.end(),
                                    [&](const SegmentScore& one) { return one.segment == before.segment; });
    if (after == report.segments_after.end()) continue;
    rows += row_html(before.segment.empty() ? "no segment" : before.segment,
                     {count_text(static_cast<std::int64_t>(before.examples)), interval_text(before.pooled),
                      interval_text(after->pooled), points_text(after->pooled.value - before.pooled.value)});
  }
  if (rows.empty()) return "";
  return table_html({"segment", "examples", "before", "after", "points"}, rows);
}

std::string front_table(const OptimizationReport& report) {
  std::string rows;
  for (const FrontPoint& point : report.front)
    rows += row_html(point.candidate,
                     {interval_text(point.score), money_interval(point.dollars_a_thousand_runs),
                      plain_interval(point.latency_ms, 1, 1)},
                     point.candidate == report.returned);
  if (rows.empty()) return "";
  return table_html({"candidate", "score", "dollars a thousand runs", "latency, ms"}, rows);
}

std::string candidate_table(const OptimizationReport& report) {
  std::string rows;
  for (const Candidate& candidate : report.candidates) {
    std::string parents;
    for (const std::string& parent : candidate.parents) parents += (parents.empty() ? "" : ", ") + parent;
    rows += row_html(candidate.id,
                     {std::string(origin_of(candidate)), parents,
                      candidate.evaluations == 0 ? "not run" : interval_text(candidate.score),
                      count_text(static_cast<std::int64_t>(candidate.evaluations))},
                     candidate.id == report.returned);
  }
  return table_html({"candidate", "made by", "from", "score", "runs"}, rows);
}

std::string spending_table(const OptimizationReport& report) {
  const auto whole = [](const Interval& interval) {
    return fmt::format("{} [{}, {}]", count_text(static_cast<std::int64_t>(interval.value)),
                       count_text(static_cast<std::int64_t>(interval.lower)),
                       count_text(static_cast<std::int64_t>(interval.upper)));
  };
  const Forecast& forecast = report.forecast;
  std::string rows = row_html("calls", {whole(forecast.calls), count_text(report.spent.calls),
                                        report.budget.calls ? count_text(*report.budget.calls) : "none"});
  rows += row_html("tokens", {whole(forecast.tokens), count_text(report.spent.tokens),
                              report.budget.tokens ? count_text(*report.budget.tokens) : "none"});
  rows += row_html("dollars", {forecast.price_known ? money_interval(forecast.dollars) : "no price is known",
                               forecast.price_known || report.spent.money.picodollars > 0
                                   ? dollars_text(static_cast<double>(report.spent.money.picodollars) * 1e-12)
                                   : "not known",
                               report.budget.money ? to_string(*report.budget.money) : "none"});
  return table_html({"", "forecast, 90 %", "spent", "cap"}, rows);
}

}  // namespace persona::prompt
