//! Scores of candidates over what was spent.
#include "front.hpp"
#include "report_format.hpp"
#include "report_html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace persona::prompt {
namespace {

constexpr double plot_width = 760, plot_height = 260, plot_left = 46, plot_top = 12, plot_bottom = 30;

struct PlotScale {
  double low = 0, high = 1, most = 1;

  double x(double spent) const { return plot_left + spent / most * (plot_width - plot_left - 14); }
  double y(double score) const {
    return plot_top + (high - score) / (high - low) * (plot_height - plot_top - plot_bottom);
  }
};

// A step of 1, 2 or 5 times a power of ten that makes at most `steps` of a range.
double round_step(double range, double steps) {
  const double raw = range / steps;
  const double power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= raw) return factor * power;
  return 10 * power;
}

PlotScale plot_scale(const OptimizationReport& report, const SpentScale& spent) {
  PlotScale scale{.low = 1, .high = 0, .most = std::max(spent.up_to.back(), 1e-12)};
  for (const Candidate& candidate : report.candidates) {
    if (candidate.evaluations == 0) continue;
    scale.low = std::min(scale.low, candidate.score.lower);
    scale.high = std::max(scale.high, candidate.score.upper);
  }
  if (scale.high <= scale.low) return {0, 1, scale.most};
  const double step = round_step(scale.high - scale.low, 5);
  scale.low = std::max(0.0, std::floor(scale.low / step) * step);
  scale.high = std::min(1.0, std::ceil(scale.high / step) * step);
  return scale;
}

std::string plot_axes(const PlotScale& scale, bool in_dollars) {
  std::string svg;
  const double step = round_step(scale.high - scale.low, 5);
  for (double score = scale.low; score <= scale.high + 1e-9; score += step) {
    svg += fmt::format(
        "<path class=\"axis\" d=\"M{} {:.1f}H{}\"/><text class=\"end\" x=\"{}\" y=\"{:.1f}\">{:.0f} %</text>",
        plot_left, scale.y(score), plot_width - 14, plot_left - 6, scale.y(score) + 4, 100 * score);
  }
  const double spent_step = round_step(scale.most, 6);
  for (double spent = 0; spent <= scale.most + 1e-12; spent += spent_step) {
    const std::string label = in_dollars ? dollars_text(spent) : count_text(static_cast<std::int64_t>(spent));
    svg += fmt::format("<text class=\"mid\" x=\"{:.1f}\" y=\"{}\">{}</text>", scale.x(spent), plot_height - 12, label);
  }
  return svg;
}

std::string_view class_of(const Candidate& candidate, const OptimizationReport& report) {
  if (candidate.id == report.winner && candidate.id != report.candidates.front().id) return " won";
  return candidate.id == report.candidates.front().id ? " base" : "";
}

}  // namespace

std::string score_chart(const OptimizationReport& report) {
  const SpentScale spent = spent_scale(report);
  const PlotScale scale = plot_scale(report, spent);
  std::string marks, best;
  double so_far = -1;
  for (std::size_t i = 0; i < report.candidates.size(); ++i) {
    const Candidate& candidate = report.candidates[i];
    if (candidate.evaluations == 0) continue;
    const double x = scale.x(spent.up_to[i]);
    const auto kind = class_of(candidate, report);
    marks += fmt::format(
        "<g><title>{}: {}</title><path class=\"whisker{}\" d=\"M{:.1f} {:.1f}V{:.1f}\"/>"
        "<circle class=\"dot{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\"/></g>",
        html_escaped(candidate.id), interval_text(candidate.score), kind, x, scale.y(candidate.score.upper),
        scale.y(candidate.score.lower), kind, x, scale.y(candidate.score.value));
    if (candidate.score.value <= so_far || !is_well_known(candidate, report.candidates)) continue;
    best += so_far < 0 ? fmt::format("M{:.1f} {:.1f}", x, scale.y(candidate.score.value))
                       : fmt::format("H{:.1f}V{:.1f}", x, scale.y(candidate.score.value));
    so_far = candidate.score.value;
  }
  if (so_far < 0) return "";
  best += fmt::format("H{:.1f}", plot_width - 14);
  return fmt::format(
      "<figure class=\"wide\"><figcaption>Score <small>over {}; <span class=\"key\" "
      "style=\"background:var(--expected)\">"
      "</span>baseline <span class=\"key\" style=\"background:var(--pass)\"></span>winner</small></figcaption>"
      "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"scores over what was spent\">{}<path class=\"best\" "
      "d=\"{}\"/>{}</svg></figure>\n",
      spent.in_dollars ? "dollars" : "runs of the program", plot_width, plot_height, plot_axes(scale, spent.in_dollars),
      best, marks);
}

}  // namespace persona::prompt
