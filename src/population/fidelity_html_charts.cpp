//! One small chart per attribute: what was achieved as bars, what was expected as an outline.
#include "fidelity_format.hpp"
#include "fidelity_html.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace persona {

namespace {

constexpr double chart_width = 260, chart_height = 150;

//! Heights of steps as a path from edge to edge.
std::string step_path(const std::vector<double>& shares, double unit, bool closed) {
  constexpr double floor = chart_height - 18;
  const double width = chart_width / static_cast<double>(shares.size());
  std::string path = closed ? fmt::format("M0 {:.1f}", floor) : std::string();
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double y = floor - shares[i] * unit, x = static_cast<double>(i) * width;
    path += fmt::format("{}{:.1f} {:.1f}H{:.1f}", i == 0 && !closed ? "M" : "L", x, y, x + width);
  }
  if (closed) path += fmt::format("V{:.1f}Z", floor);
  return path;
}

std::string histogram_svg(const MarginalChart& chart) {
  constexpr double floor = chart_height - 18;
  double top = 1e-12;
  for (const double share : chart.achieved) top = std::max(top, share);
  for (const double share : chart.expected) top = std::max(top, share);
  const double unit = (floor - 6) / top;
  std::string svg = fmt::format("<path class=\"a\" d=\"{}\"/>", step_path(chart.achieved, unit, true));
  if (!chart.expected.empty())
    svg += fmt::format("<path class=\"e\" d=\"{}\"/>", step_path(chart.expected, unit, false));
  svg += fmt::format("<path class=\"axis\" d=\"M0 {0:.1f}H{1}\"/>", floor, chart_width);
  const double low = chart.edges.front(), high = chart.edges.back();
  // Bars of whole numbers begin half a number early.
  const double inset = chart.field.type != ColumnType::float64 ? 0.5 : 0;
  const auto label = [&](double x, double value, const char* side) {
    svg += fmt::format("<text class=\"{}\" x=\"{:.0f}\" y=\"{}\">{}</text>", side, x, chart_height - 4,
                       html_escaped(compact(inset > 0 ? std::round(value) : value, chart.field)));
  };
  label(0, low + inset, "start");
  if (chart.field.type != ColumnType::date) label(chart_width / 2, (low + high) / 2, "mid");
  label(chart_width, high - inset, "end");
  return svg;
}

struct LabelBar {
  std::string label;
  double achieved, expected;
};

//! The rows that fit; labels without an order come by size, the rest together.
std::vector<LabelBar> label_bars(const MarginalChart& chart) {
  constexpr std::size_t most = 8;
  std::vector<LabelBar> bars;
  for (std::size_t i = 0; i < chart.labels.size(); ++i)
    bars.push_back({chart.labels[i], chart.achieved[i], chart.expected.empty() ? NAN : chart.expected[i]});
  const bool ordered = chart.field.ordered || chart.field.type == ColumnType::boolean;
  if (!ordered || bars.size() > most)
    std::stable_sort(bars.begin(), bars.end(), [](const auto& a, const auto& b) { return a.achieved > b.achieved; });
  if (bars.size() <= most) return bars;
  LabelBar rest{fmt::format("{} others", bars.size() - most + 1), 0, 0};
  for (std::size_t i = most - 1; i < bars.size(); ++i) {
    rest.achieved += bars[i].achieved;
    rest.expected += bars[i].expected;
  }
  bars.resize(most - 1);
  if (chart.field.type != ColumnType::list) bars.push_back(rest);  // shares of options do not add up
  return bars;
}

std::string label_svg(const MarginalChart& chart) {
  constexpr double left = 116, right = 44;
  const auto bars = label_bars(chart);
  double top = 1e-12;
  for (const LabelBar& bar : bars) top = std::max({top, bar.achieved, std::isnan(bar.expected) ? 0 : bar.expected});
  const double unit = (chart_width - left - right) / top;
  const double pitch = std::min(26.0, chart_height / static_cast<double>(std::max<std::size_t>(bars.size(), 1)));
  std::string svg;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const LabelBar& bar = bars[i];
    const double y = static_cast<double>(i) * pitch, middle = y + pitch / 2 + 4;
    svg += fmt::format("<g><title>{}: {} achieved{}</title>", html_escaped(bar.label), as_percent(bar.achieved, 3),
                       std::isnan(bar.expected) ? "" : ", " + as_percent(bar.expected, 3) + " expected");
    svg += fmt::format("<text class=\"ink end\" x=\"{}\" y=\"{:.1f}\">{}</text>", left - 6, middle,
                       html_escaped(shortened(bar.label, 19)));
    svg += fmt::format("<rect class=\"a\" x=\"{}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>", left, y + 2,
                       bar.achieved * unit, pitch - 4);
    if (!std::isnan(bar.expected))
      svg += fmt::format("<path class=\"e\" d=\"M{0:.1f} {1:.1f}V{2:.1f}\"/>", left + bar.expected * unit, y + 0.5,
                         y + pitch - 0.5);
    svg += fmt::format("<text class=\"end\" x=\"{}\" y=\"{:.1f}\">{}</text></g>", chart_width, middle,
                       as_percent(bar.achieved, 1));
  }
  return svg;
}

//! The worst verdict among the lines about the whole attribute.
Verdict chart_verdict(const MarginalChart& chart, const FidelityReport& report, bool& judged) {
  Verdict worst = Verdict::pass;
  judged = false;
  for (const FidelityLine& line : report.lines) {
    const bool option = chart.field.type == ColumnType::list && line.name.starts_with(chart.field.name + ": ");
    const bool whole = line.kind == FidelityKind::marginal || line.kind == FidelityKind::segment;
    if (!whole || (line.name != chart.field.name && !option)) continue;
    judged = true;
    worst = std::max(worst, line.verdict);
  }
  return worst;
}

}  // namespace

std::string marginal_figure(const MarginalChart& chart, const FidelityReport& report) {
  bool judged = false;
  const Verdict verdict = chart_verdict(chart, report, judged);
  const std::string name = html_escaped(chart.field.name);
  std::string caption = name;
  if (!chart.field.unit.empty()) caption += " <small>" + html_escaped(chart.field.unit) + "</small>";
  std::string facts;
  if (std::isfinite(chart.mean) && chart.field.type != ColumnType::date)
    facts = fmt::format("mean {} · sd {}", compact(chart.mean, chart.field), compact(chart.sd, chart.field));
  if (chart.missing > 0) facts += (facts.empty() ? "" : " · ") + as_percent(chart.missing, 2) + " missing";
  return fmt::format(
      "<figure>\n<figcaption><span>{}</span><span class=\"chip {}\">{}</span></figcaption>\n"
      "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"Distribution of {}, "
      "{}\">{}</svg>\n<p>{}&nbsp;</p>\n</figure>\n",
      caption, judged ? to_string(verdict) : std::string_view("soft"),
      judged ? to_string(verdict) : std::string_view("derived"), chart_width, chart_height, name,
      chart.expected.empty() ? "achieved" : "expected and achieved",
      chart.labels.empty() ? histogram_svg(chart) : label_svg(chart), facts);
}

}  // namespace persona
